// Package acl holds the commands about ACLs: single grants, and rows of permissions of one principal on one
// object, one at a time or thousands from a file.
package acl

import (
	"cmp"
	"context"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// New makes `btadmin acl`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "acl", "acls", "who is granted what on which object",
		newList, newView, newSet, newGrant, newRevoke, newDelete)
}

// named are ACLs with names, sorted for reading: by object, principal, what they are restricted to.
func named(ctx context.Context, r *resolve.Resolver, acls []braintrust.ACL) ([]aclview.Row, error) {
	names, err := r.Names(ctx, aclview.Items(acls))
	if err != nil {
		return nil, err
	}
	rows := aclview.Rows(acls, names)
	slices.SortStableFunc(rows, func(a, b aclview.Row) int {
		return cmp.Or(cmp.Compare(a.ObjectName, b.ObjectName), cmp.Compare(a.Principal, b.Principal),
			cmp.Compare(a.RestrictObjectType, b.RestrictObjectType), cmp.Compare(order(a.Permission), order(b.Permission)))
	})
	return rows, nil
}

// order is the place of a permission among all, unknown ones last.
func order(permission string) int {
	all := braintrust.Permissions()
	if i := slices.Index(all, braintrust.Permission(permission)); i >= 0 {
		return i
	}
	return len(all)
}

// printACLs prints the ACLs that a change left or took, where the output is data.
func printACLs(ctx context.Context, a *app.App, r *resolve.Resolver, acls []braintrust.ACL) error {
	p, err := a.Printer()
	if err != nil || p.Human() {
		return err
	}
	rows, err := named(ctx, r, acls)
	if err != nil {
		return err
	}
	return output.List(p, aclview.Columns(), rows)
}
