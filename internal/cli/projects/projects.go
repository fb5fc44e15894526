// Package projects holds the commands about projects: which there are, and who may do what in one.
package projects

import (
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// New makes `btadmin projects`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "projects", "project", "projects, and who may do what in them",
		newList, newView, newPermissions)
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
