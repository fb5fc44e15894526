package groups

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

// detail is one group with its members by name.
type detail struct {
	summary
	Members []memberRow `json:"members"`
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view GROUP",
		Aliases: []string{"get", "show"},
		Short:   "show one group with its members",
		Example: `  btadmin groups view QA
  btadmin groups view QA --jq '.members[].user_email'`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, name string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	rows, err := memberRows(ctx, r, group)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	columns := []output.Column[detail]{
		{Field: "name", Text: func(d detail) string { return d.Name }},
		{Field: "id", Text: func(d detail) string { return d.ID }},
		{Field: "description", Text: func(d detail) string { return d.Description }},
		{Field: "builtin", Header: "BUILT-IN", Text: func(d detail) string { return strconv.FormatBool(d.BuiltIn) }},
		{
			Field: "created", Text: func(d detail) string { return output.RelTime(a.Now(), d.Created) },
			Raw: func(d detail) string { return output.Time(d.Created) },
		},
		{Field: "members", Text: func(d detail) string {
			names := make([]string, len(d.Members))
			for i, m := range d.Members {
				names[i] = m.label()
			}
			return strings.Join(names, ", ")
		}},
	}
	return output.Object(p, columns, detail{summary: summarize(group), Members: rows})
}
