// Package orgs holds the commands about organizations and their settings.
package orgs

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin orgs`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "orgs", "org", "organizations and their settings",
		newList,
		newView,
		newEdit,
	)
}
