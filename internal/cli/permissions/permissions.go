// Package permissions holds the commands about the words for permissions.
package permissions

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin permissions`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "permissions", "permission", "what the words for permissions stand for", newList)
}
