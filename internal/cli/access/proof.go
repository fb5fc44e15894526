package access

import (
	"context"
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// proven makes sure that a "no" is one. Grants only add, so a yes that was found stays one; a no needs to
// have seen every grant on the way up, and every group.
func (v *view) proven(ctx context.Context, e access.Explanation) error {
	if e.Allowed {
		return nil
	}
	if !e.Exists {
		return v.gone(ctx, e.Node)
	}
	var missing []string
	chain := v.state.Chain(e.Node)
	for _, n := range chain {
		if slices.Contains(v.unread, n) {
			missing = append(missing, v.node(n))
		}
	}
	if len(missing) > 0 {
		err := exit.Newf(exit.Auth, "cannot say no: nothing that was seen gives it, but the grants on %s are hidden from this key", strings.Join(missing, ", "))
		if e.Node.Type == braintrust.ObjectPromptSession {
			return err.WithHint("the API does not tell which project a playground is in; ask about the project: project:NAME --objects playgrounds")
		}
		if v.stored {
			return err.WithHint("the key that made the snapshot could not read them; one made with an owner's key has all, and with --objects every object")
		}
		return err.WithHint("ask with a key that may read them: an owner's, or one with manage-access there")
	}
	if err := v.placed(ctx, chain); err != nil {
		return err
	}
	if !v.ghosts {
		return nil
	}
	caller, err := v.caller(ctx)
	if err != nil {
		return err
	}
	if caller.Known() && v.readsAll(caller.UserID) {
		return nil // the others are deleted
	}
	return exit.Newf(exit.Auth, "cannot say no: nothing that was seen gives it, but some groups or roles are deleted or hidden from this key").
		WithHint("ask with a key that may read every group and role, such as an owner's")
}

// readsAll reports whether a user may read every group and role of the organization.
func (v *view) readsAll(userID string) bool {
	me := access.Principal{Kind: access.PrincipalUser, ID: userID}
	organization := access.Node{Type: braintrust.ObjectOrganization, ID: v.state.Organization().ID}
	for _, kind := range []braintrust.ObjectType{braintrust.ObjectGroup, braintrust.ObjectRole} {
		if !v.state.AllowedChild(me, braintrust.PermissionRead, kind, organization) {
			return false
		}
	}
	return true
}
