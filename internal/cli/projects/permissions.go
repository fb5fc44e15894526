package projects

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/matrix"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

func newPermissions(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "permissions PROJECT",
		Short: "show who is granted what on a project and on the objects in it",
		Long: `Show the "Project permissions" page: every group and principal with a grant on the project, for the project itself
and for each kind of object in it. Partial labels and grants that no label stands for are shown as they are.

Who reaches the project through all projects or the organization is not on that page: btadmin access explain.`,
		Example: `  btadmin projects permissions Chatbot
  btadmin projects permissions Chatbot --jq '.[] | select(.allowed | index("delete")) | .principal'`,
		Args: tree.Args("PROJECT"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPermissions(cmd.Context(), a, args[0]) },
	}
}

func runPermissions(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	found, err := r.Project(ctx, typed)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	acls, err := braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: braintrust.ObjectProject, ObjectID: found.ID}))
	if err != nil {
		return err
	}
	items := make([]braintrust.ACLItem, len(acls))
	for i, acl := range acls {
		items[i] = acl.ACLItem
	}
	names, err := r.Names(ctx, items)
	if err != nil {
		return err
	}
	rows := matrix.ByPrincipal(items, names)
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if p.Human() && len(rows) == 0 {
		a.Status.Note("nobody has a grant on project %s itself", found.Name)
	}
	return output.List(p, []output.Column[matrix.PrincipalRow]{
		{Field: "principal", Text: func(x matrix.PrincipalRow) string { return x.Principal }},
		{Field: "kinds", Header: "ON", Text: func(x matrix.PrincipalRow) string { return cmp.Or(x.Kinds, "Project") }},
		{Field: "allowed", Text: func(x matrix.PrincipalRow) string { return matrix.Words(x.Row) }},
	}, rows)
}
