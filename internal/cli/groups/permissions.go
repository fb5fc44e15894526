package groups

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/matrix"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

func newPermissions(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "permissions GROUP",
		Short: "show everything a group allows",
		Long: `Show the matrix of what a group allows: the organization, all projects, each project, each kind of object in
it, single objects. A label of which only a part is granted is shown as partial with what is there; grants
that no label stands for are shown as they are.

These are the group's own grants. btadmin access explain says what a person may do and why.`,
		Example: `  btadmin groups permissions QA
  btadmin groups permissions QA --jq '.[] | select(.scope == "project") | {object_name, allowed}'`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPermissions(cmd.Context(), a, args[0]) },
	}
}

func runPermissions(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, typed)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	acls, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{GroupID: group.ID}))
	if err != nil {
		return hideACLs(err, "what "+group.Name+" allows",
			`"manage access" on the organization; what it allows on one project: btadmin projects permissions PROJECT`)
	}
	rows, err := matrixOf(ctx, r, acls)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if p.Human() && len(rows) == 0 {
		a.Status.Note("group %s grants nothing", group.Name)
	}
	return output.List(p, matrix.Columns(), rows)
}

// matrixOf describes the grants of one principal, by name.
func matrixOf(ctx context.Context, r *resolve.Resolver, acls []braintrust.ACL) ([]matrix.Row, error) {
	items := make([]braintrust.ACLItem, len(acls))
	for i, acl := range acls {
		items[i] = acl.ACLItem
	}
	names, err := r.Names(ctx, items)
	if err != nil {
		return nil, err
	}
	rows := matrix.Rows(r.Labels().Describe(items), names)
	return rows, nil
}
