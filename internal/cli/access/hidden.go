package access

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"btadmin/internal/exit"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// gone makes sure that something that is not listed does not exist, rather than being hidden from this key. What can be
// asked for by its id was: it is about the few types that only lists show.
func (v *view) gone(ctx context.Context, n access.Node) error {
	var above braintrust.ObjectType
	switch n.Type {
	case braintrust.ObjectProjectGroup:
		above = braintrust.ObjectOrganization
	case braintrust.ObjectProjectLog:
		above = braintrust.ObjectOrgProject
	default:
		return nil
	}
	kind := n.Type
	if kind == braintrust.ObjectProjectLog {
		kind = braintrust.ObjectProject
	}
	all, err := v.callerReads(ctx, kind, above)
	if err != nil || all || v.deleted[n.ID] || v.sets.listed[n.ID] {
		return err
	}
	return exit.Newf(exit.Auth, "cannot say no: %s is deleted, or hidden from this key", v.node(n)).
		WithHint("ask with a key that may read it, such as an owner's")
}

// placed makes sure that every project group that contains something in a project was seen: one that is hidden
// from this key could give what nothing else gives.
func (v *view) placed(ctx context.Context, chain []access.Node) error {
	inProject := func(n access.Node) bool { return n.Type == braintrust.ObjectProject }
	if !slices.ContainsFunc(chain, inProject) {
		return nil
	}
	hidden, err := v.setsHidden(ctx)
	if err != nil || !hidden {
		return err
	}
	return exit.Newf(exit.Auth, "cannot say no: nothing that was seen gives it, but there may be project groups that are hidden from this key").
		WithHint("ask with a key that may read every project group, such as an owner's")
}

// sets is what is known of project groups.
type sets struct {
	granted setsOfGrants
	listed  map[string]bool // deleted ones, too
	asked   bool
	hidden  bool
}

// setsOfGrants lists the project groups on which something is granted; false when that cannot be told.
type setsOfGrants func(context.Context) (ids []string, known bool, err error)

// setsHidden reports whether grants may be on project groups that this key does not see.
func (v *view) setsHidden(ctx context.Context) (bool, error) {
	if v.sets.asked {
		return v.sets.hidden, nil
	}
	readsAll := func() (bool, error) {
		return v.callerReads(ctx, braintrust.ObjectProjectGroup, braintrust.ObjectOrganization)
	}
	decide := func() (bool, error) {
		if v.stored { // that costs nothing, and the grants much
			if all, err := readsAll(); err != nil || all {
				return false, err
			}
		}
		ids, known, err := v.sets.granted(ctx)
		if err != nil {
			return false, err
		}
		unlisted := func(id string) bool { return !v.sets.listed[id] }
		if known && !slices.ContainsFunc(ids, unlisted) {
			return false, nil
		}
		all, err := readsAll()
		return !all, err
	}
	hidden, err := decide()
	if err == nil {
		v.sets.asked, v.sets.hidden = true, hidden
	}
	return hidden, err
}

// callerReads reports whether the caller is known to read everything of a kind in one of the organization's nodes.
func (v *view) callerReads(ctx context.Context, kind, in braintrust.ObjectType) (bool, error) {
	caller, err := v.caller(ctx)
	if err != nil || !caller.Known() {
		return false, err
	}
	me := access.Principal{Kind: access.PrincipalUser, ID: caller.UserID}
	node := access.Node{Type: in, ID: v.state.Organization().ID}
	return v.state.AllowedChild(me, braintrust.PermissionRead, kind, node), nil
}

// grantedSets asks the server on which project groups something is granted. One that does not know project groups
// has no grants on them.
func grantedSets(client *braintrust.Client) setsOfGrants {
	return func(ctx context.Context) ([]string, bool, error) {
		var answer *braintrust.APIError
		acls, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{ObjectType: braintrust.ObjectProjectGroup}))
		switch {
		case refused(err):
			return nil, false, nil
		case errors.As(err, &answer) && answer.Status == http.StatusBadRequest:
			return nil, true, nil
		case err != nil:
			return nil, false, err
		}
		return setIDs(acls), true, nil
	}
}

func setIDs(acls []braintrust.ACL) []string {
	var ids []string
	for i := range acls {
		if acls[i].ObjectType == braintrust.ObjectProjectGroup {
			ids = append(ids, acls[i].ObjectID)
		}
	}
	return ids
}
