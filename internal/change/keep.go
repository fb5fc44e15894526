package change

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// What is deleted takes things with it that the server does not give back. Review notes them in the step, so that the
// journal has them and undo can make the thing anew.

// keep notes what the deletions of a plan take with them.
func (r *Runner) keep(ctx context.Context, v *view) error {
	for _, step := range v.steps {
		switch s := step.(type) {
		case *DeleteGroup:
			own, err := r.grantsWith(ctx, v, braintrust.ACLFilter{GroupID: s.Group.ID}, func(a braintrust.ACL) bool {
				return a.GroupID == s.Group.ID || access.NodeOf(a.ACLItem) == access.Node{Type: braintrust.ObjectGroup, ID: s.Group.ID}
			})
			on, onErr := r.grantsWith(ctx, v, braintrust.ACLFilter{ObjectType: braintrust.ObjectGroup, ObjectID: s.Group.ID}, nil)
			s.GrantsUnread = refused(err) || refused(onErr)
			if err = firstOther(err, onErr); err != nil {
				return err
			}
			s.Grants = eachOnce(own, on)
			s.Inside = v.before.ListedIn(s.Group.ID)
		case *DeleteRole:
			acls, err := r.grantsWith(ctx, v, braintrust.ACLFilter{RoleID: s.Role.ID}, func(a braintrust.ACL) bool { return a.RoleID == s.Role.ID })
			s.GrantsUnread = refused(err)
			if err = firstOther(err); err != nil {
				return err
			}
			s.Grants, s.Inside = eachOnce(acls), nil
			for _, id := range v.before.Roles() {
				if role, _ := v.before.Role(id); slices.Contains(role.MemberRoles, s.Role.ID) {
					s.Inside = append(s.Inside, id)
				}
			}
		case *RemoveMembers:
			s.Leaving = v.leaving(s.Users)
		}
	}
	return nil
}

// firstOther is the first error that is no refusal.
func firstOther(errs ...error) error {
	for _, err := range errs {
		if err != nil && !refused(err) {
			return fmt.Errorf("read what goes with a deletion: %w", err)
		}
	}
	return nil
}

// grantsWith are grants of the whole organization that fit, from what was read already or with a request of their own.
func (r *Runner) grantsWith(ctx context.Context, v *view, filter braintrust.ACLFilter, fits func(braintrust.ACL) bool) ([]braintrust.ACL, error) {
	if !v.known.AllACLs {
		return braintrust.Collect(r.Client.OrgACLs(ctx, filter))
	}
	if fits == nil {
		return nil, nil
	}
	return v.before.ACLsThat(fits), nil
}

// eachOnce are ACLs, each once, in the order of their ids.
func eachOnce(lists ...[]braintrust.ACL) []braintrust.ACL {
	have := map[string]bool{}
	var out []braintrust.ACL
	for _, acl := range slices.Concat(lists...) {
		if !have[acl.ID] {
			have[acl.ID] = true
			out = append(out, acl)
		}
	}
	slices.SortFunc(out, func(a, b braintrust.ACL) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// leaving is what members had who are removed.
func (v *view) leaving(users []braintrust.User) []Leaving {
	out := make([]Leaving, len(users))
	for i, u := range users {
		out[i] = Leaving{UserID: u.ID, Groups: v.before.MemberOf(u.ID)}
		if m, known := v.members.ByID(u.ID); known && m.Kind == orgstate.ServiceAccount {
			out[i].Account = v.memberName(u)
		}
	}
	return out
}

// manyDeletions is from how many on the grants of the whole organization are read at once.
const manyDeletions = 16

// keepNeed is what keep would like to have read: for many deletions one list is less than one for each.
func keepNeed(steps []Step) orgstate.Need {
	count := 0
	for _, step := range steps {
		switch step.(type) {
		case *DeleteGroup, *DeleteRole:
			count++
		}
	}
	return orgstate.Need{AllACLs: count > manyDeletions}
}
