// Package projects holds the commands about projects: which there are, and who may do what in one.
package projects

import (
	"context"
	"sort"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// New makes `btadmin projects`.
func New(a *app.App) *cobra.Command {
	return tree.Noun("projects", "project", "projects, and who may do what in them",
		newList(a), newView(a), newPermissions(a))
}

// project is a project as JSON shows it.
type project struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	OrgID       string    `json:"org_id"`
	UserID      string    `json:"user_id"`
	Created     time.Time `json:"created"`
}

func describe(p braintrust.Project) project {
	return project{ID: p.ID, Name: p.Name, Description: p.Description, OrgID: p.OrgID, UserID: p.UserID, Created: p.Created}
}

func columns(now time.Time) []output.Column[project] {
	return []output.Column[project]{
		{Field: "name", Text: func(p project) string { return p.Name }},
		{Field: "description", Text: func(p project) string { return p.Description }},
		{
			Field: "created", Text: func(p project) string { return output.RelTime(now, p.Created) },
			Raw: func(p project) string { return output.Time(p.Created) },
		},
		{Field: "id", Wide: true, Text: func(p project) string { return p.ID }},
	}
}

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the projects that you may read",
		Example: `  btadmin projects list
  btadmin projects list --jq '.[].name'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	listed, err := r.Projects(ctx)
	if err != nil {
		return err
	}
	rows := make([]project, len(listed))
	for i, p := range listed {
		rows[i] = describe(p)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rows)
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view PROJECT",
		Aliases: []string{"get", "show"},
		Short:   "show one project",
		Example: `  btadmin projects view Chatbot
  btadmin projects view Chatbot --jq .id`,
		Args: tree.Args("PROJECT"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	found, err := r.Project(ctx, typed)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.Object(p, columns(a.Now()), describe(found))
}
