package roles

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// detail is one role with everything that it gives.
type detail struct {
	summary
	// AllPermissions are its own and those of the roles it includes, at any depth.
	AllPermissions []permission `json:"all_permissions"`
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view ROLE",
		Aliases: []string{"get", "show"},
		Short:   "show one role with everything that it gives",
		Example: `  btadmin roles view Engineer
  btadmin roles view "Prompt editor" --jq '.all_permissions[].permission'`,
		Args: tree.Args("ROLE"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	role, err := r.Role(ctx, typed)
	if err != nil {
		return err
	}
	all := []braintrust.Role{role}
	if len(role.MemberRoles) > 0 {
		if all, err = r.Roles(ctx); err != nil {
			return err
		}
	}
	return output.Object(p, detailColumns(a), detail{summary: summarize(role, all), AllPermissions: allPermissions(role, all)})
}

func allPermissions(role braintrust.Role, all []braintrust.Role) []permission {
	state := access.NewState(&access.Snapshot{Roles: all})
	state.PutRole(role)
	held := []permission{}
	for _, t := range state.RoleTuples(role.ID) {
		held = append(held, permission{string(t.Permission), string(t.Restrict)})
	}
	return held
}

func detailColumns(a *app.App) []output.Column[detail] {
	return []output.Column[detail]{
		{Field: "name", Header: "NAME", Text: func(d detail) string { return d.Name }},
		{Field: "id", Header: "ID", Text: func(d detail) string { return d.ID }},
		{Field: "system", Header: "KIND", Text: func(d detail) string { return kindOf(d.summary) }},
		{Field: "description", Header: "DESCRIPTION", Text: func(d detail) string { return d.Description }},
		{Field: "member_permissions", Header: "PERMISSIONS", Text: func(d detail) string { return words(d.MemberPermissions) }},
		{Field: "member_role_names", Header: "INCLUDES", Text: func(d detail) string { return strings.Join(d.MemberRoleNames, ", ") }},
		{Field: "all_permissions", Header: "GIVES", Text: func(d detail) string { return words(d.AllPermissions) }},
		{
			Field: "created", Header: "CREATED",
			Text: func(d detail) string { return output.RelTime(a.Now(), d.Created) },
			Raw:  func(d detail) string { return output.Time(d.Created) },
		},
	}
}
