// Package sandbox holds the commands about the embedded organization: serving it over HTTP, filling it anew,
// and what is in it.
package sandbox

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin sandbox`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "sandbox", "", "the embedded organization: try everything without an account",
		newServe,
		newSeed,
		newReset,
		newStatus,
	)
}
