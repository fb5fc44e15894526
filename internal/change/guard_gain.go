package change

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// newSuperusers is G7: nobody newly gains manage-access on the organization or on all projects, a place in
// Owners, update or manage-access on Owners, or an unknown permission on everything, without being named.
func newSuperusers(v *view, after *access.State) []Finding {
	var findings []Finding
	for _, power := range v.powers(after) {
		had := power.holders(v.before)
		for p := range power.holders(after) {
			if had[p] {
				continue
			}
			name := v.principal(p)
			findings = append(findings, Finding{
				Bypass: "approve", Names: []string{name}, Message: name + " would newly " + power.what, subject: p.String(),
			})
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Message, b.Message), strings.Compare(a.subject, b.subject))
	})
	return findings
}

// approvedSuperusers is G7 for documents that deny new super-users: those whose grants lack approved_by are refused
// for good.
func approvedSuperusers(v *view) []Finding {
	if len(v.limits.Unapproved) == 0 || len(v.gains) == 0 {
		return nil
	}
	return []Finding{{Names: v.limits.Unapproved, Message: "the document denies new super-users without approved_by, which is missing on " +
		strings.Join(v.limits.Unapproved, ", ")}}
}

// power is a way to be a super-user.
type power struct {
	what    string
	holders func(*access.State) map[access.Principal]bool
}

func (v *view) powers(after *access.State) []power {
	top := topNodes(v.org)
	holders := (*access.State).Holders
	powers := []power{
		{"manage access on the organization", func(s *access.State) map[access.Principal]bool {
			return holders(s, braintrust.PermissionCreateACLs, top[0])
		}},
		{"manage access on all projects", func(s *access.State) map[access.Principal]bool {
			// A grant that is restricted to projects is none on the node, but reaches every one of them.
			each := s.HoldersOfChild(braintrust.PermissionCreateACLs, braintrust.ObjectProject, top[1])
			maps.Copy(each, holders(s, braintrust.PermissionCreateACLs, top[1]))
			return each
		}},
	}
	for _, permission := range after.NamedPermissions()[len(braintrust.Permissions()):] {
		for _, node := range top {
			powers = append(powers, power{
				fmt.Sprintf("have the unknown permission %q on %s", permission, v.names.Node(node)),
				func(s *access.State) map[access.Principal]bool { return holders(s, permission, node) },
			})
		}
	}
	owners, found := v.before.GroupNamed(access.OwnersGroup)
	if !found {
		return powers
	}
	// Who changes a group inside Owners changes who is in Owners.
	inside := func(permission braintrust.Permission) func(*access.State) map[access.Principal]bool {
		return func(s *access.State) map[access.Principal]bool {
			all := map[access.Principal]bool{}
			for _, id := range s.GroupsIn(owners.ID) {
				maps.Copy(all, holders(s, permission, access.Node{Type: braintrust.ObjectGroup, ID: id}))
			}
			return all
		}
	}
	return append(powers,
		power{"be an owner, as a member of Owners", func(s *access.State) map[access.Principal]bool {
			members := map[access.Principal]bool{}
			for _, id := range s.UsersOf(owners.ID) {
				members[access.Principal{Kind: access.PrincipalUser, ID: id}] = true
			}
			for _, id := range s.GroupsIn(owners.ID) {
				members[access.Principal{Kind: access.PrincipalGroup, ID: id}] = true
			}
			return members
		}},
		power{"be able to change who is in Owners", inside(braintrust.PermissionUpdate)},
		power{"manage access on Owners", inside(braintrust.PermissionCreateACLs)},
	)
}

// principal is what people call a principal: as the command knows it, else as the guards have read it.
func (v *view) principal(p access.Principal) string {
	name := principalName(v.names, p)
	if name != p.String() {
		return name
	}
	if group, found := v.before.Group(p.ID); found && p.Kind == access.PrincipalGroup {
		return "group:" + group.Name
	}
	if m, found := v.members.ByID(p.ID); found && p.Kind == access.PrincipalUser {
		kind := string(p.Kind)
		if m.Kind == orgstate.ServiceAccount && m.Name != "" {
			kind = "service-account"
		}
		return kind + ":" + v.memberName(m.User)
	}
	return name
}

// unknownPermission is G7 for permissions that this version does not know: they could allow anything.
func unknownPermission(v *view, step Step) []Finding {
	var added []braintrust.Permission
	carry := func(permissions []braintrust.RolePermission) {
		for _, m := range permissions {
			added = append(added, m.Permission)
		}
	}
	switch s := step.(type) {
	case *AddACLs:
		for _, item := range s.Items {
			added = append(added, item.Permission)
			for _, t := range v.before.RoleTuples(item.RoleID) {
				added = append(added, t.Permission)
			}
		}
	case *CreateRole:
		carry(s.MemberPermissions)
	case *PatchRole:
		carry(s.Patch.AddMemberPermissions)
	}
	var findings []Finding
	for _, permission := range added {
		if permission != "" && !slices.Contains(braintrust.Permissions(), permission) {
			findings = append(findings, Finding{
				Bypass: "approve", Names: []string{string(permission)},
				Message: fmt.Sprintf("the permission %q is unknown to this version of btadmin and counts as privileged", permission),
			})
		}
	}
	return findings
}
