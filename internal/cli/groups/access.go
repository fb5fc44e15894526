package groups

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/grants"
	"btadmin/internal/matrix"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func newAccess(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "access GROUP",
		Short: "show or change who may administer the group itself",
		Long: `Show who may administer a group itself: the "Manage access" dialog of the group. read sees it, update changes
its name, description and members, delete deletes it, manage-access hands these permissions on.

What the members of the group may do is something else: btadmin groups permissions.`,
		Example: `  btadmin groups access QA
  btadmin groups access grant QA --to ana@example.com --allow read,update
  btadmin groups access revoke QA --to group:Leads --allow manage-access --yes`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runAccess(cmd.Context(), a, args[0]) },
	}
	cmd.AddCommand(newAccessList(a), newAccessChange(a, "grant", "let somebody administer a group", runAccessGrant),
		newAccessChange(a, "revoke", "stop somebody from administering a group", runAccessRevoke))
	return cmd
}

func runAccess(ctx context.Context, a *app.App, name string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	rows, err := accessRows(ctx, a, r, group)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, []output.Column[matrix.PrincipalRow]{
		{Field: "principal", Text: func(x matrix.PrincipalRow) string { return x.Principal }},
		{Field: "allowed", Text: func(x matrix.PrincipalRow) string { return matrix.Words(x.Row) }},
	}, rows)
}

// accessRows is who is granted what on a group, by name.
func accessRows(ctx context.Context, a *app.App, r *resolve.Resolver, group braintrust.Group) ([]matrix.PrincipalRow, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	acls, err := braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: braintrust.ObjectGroup, ObjectID: group.ID}))
	if err != nil {
		return nil, hideACLs(err, "who may administer "+group.Name, "manage access on the group")
	}
	names, err := r.Names(ctx, aclview.Items(acls))
	if err != nil {
		return nil, err
	}
	return matrix.ByPrincipal(r.Labels(), aclview.Items(acls), names), nil
}

type accessOptions struct {
	to    []string
	allow string
}

func newAccessChange(a *app.App, verb, short string, run func(context.Context, *app.App, string, accessOptions) error) *cobra.Command {
	var opts accessOptions
	cmd := &cobra.Command{
		Use:   verb + " GROUP",
		Short: short,
		Example: fmt.Sprintf(`  btadmin groups access %[1]s QA --to ana@example.com --allow read,update
  btadmin groups access %[1]s QA --to group:Leads --to sa:ci --allow manage-access`, verb),
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), a, args[0], opts) },
	}
	cmd.Flags().StringArrayVar(&opts.to, "to", nil, "who: user:EMAIL, group:NAME or sa:NAME (repeatable)")
	cmd.Flags().StringVar(&opts.allow, "allow", "", "read, update, delete, manage-access, or all")
	return cmd
}

// set resolves everything that the flags name.
func (o accessOptions) set(ctx context.Context, r *resolve.Resolver, group braintrust.Group) (grants.Set, error) {
	var set grants.Set
	for _, ref := range o.to {
		who, err := r.Principal(ctx, ref)
		if err != nil {
			return grants.Set{}, err
		}
		more, err := grants.On(r.Labels(), who.Principal, access.Node{Type: braintrust.ObjectGroup, ID: group.ID}, o.allow, "")
		if err != nil {
			return grants.Set{}, err
		}
		set = set.Add(more)
	}
	return set, nil
}
