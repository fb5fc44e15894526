// Package runs holds the commands about the journal: what this tool changed in the organization.
package runs

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin runs`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "runs", "run", "the journal: what this tool changed in the organization",
		newList,
		newView,
		newVerify,
	)
}
