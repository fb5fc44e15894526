package projects

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/matrix"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// permissionRow is what one principal is granted in one row of the page, with the ACLs behind it.
type permissionRow struct {
	matrix.PrincipalRow
	ACLs []rawACL `json:"acls"`
}

// rawACL is a stored grant on the project: a permission, or a role.
type rawACL struct {
	ID                 string `json:"id"`
	Permission         string `json:"permission"`
	RestrictObjectType string `json:"restrict_object_type"`
	RoleID             string `json:"role_id"`
}

func newPermissions(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "permissions PROJECT",
		Short: "show who is granted what on a project and on the objects in it",
		Long: `Show the "Project permissions" page: every group and principal with a grant on the project, for the project itself
and for each kind of object in it. Partial labels and grants that no label stands for are shown as they are; --json has
the ACLs behind each row.

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
	names, err := r.Names(ctx, aclview.Items(acls))
	if err != nil {
		return err
	}
	rows := permissionRows(r.Labels(), acls, names)
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if p.Human() && len(rows) == 0 {
		a.Status.Note("nobody has a grant on project %s itself", found.Name)
	}
	return output.List(p, permissionColumns(), rows)
}

func permissionColumns() []output.Column[permissionRow] {
	return []output.Column[permissionRow]{
		{Field: "principal", Text: func(x permissionRow) string { return x.Principal }},
		{Field: "kinds", Header: "ON", Text: permissionRow.on},
		{Field: "allowed", Text: func(x permissionRow) string { return matrix.Words(x.Row) }},
	}
}

// on says what a row reaches: the project with everything in it, a kind of object, or the project alone.
func (x permissionRow) on() string {
	switch x.Restrict {
	case "":
		return "Project"
	case string(braintrust.ObjectProject):
		return "Only the project itself"
	}
	return x.Kinds
}

// permissionRows puts the ACLs on a project into the rows of the page.
func permissionRows(table access.Table, acls []braintrust.ACL, names *resolve.Names) []permissionRow {
	type key struct{ userID, groupID, restrict string }
	raw := map[key][]rawACL{}
	for _, acl := range acls {
		k := key{acl.UserID, acl.GroupID, string(acl.RestrictObjectType)}
		raw[k] = append(raw[k], rawACL{
			ID: acl.ID, Permission: string(acl.Permission), RestrictObjectType: string(acl.RestrictObjectType), RoleID: acl.RoleID,
		})
	}
	rows := []permissionRow{}
	for _, row := range matrix.ByPrincipal(table, aclview.Items(acls), names) {
		rows = append(rows, permissionRow{PrincipalRow: row, ACLs: raw[key{row.UserID, row.GroupID, row.Restrict}]})
	}
	return rows
}
