// Package snapshot holds the commands that keep an organization's access state in a file.
package snapshot

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin snapshot`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "snapshot", "snapshots", "the organization's access state in one file",
		newSave,
		newView,
	)
}
