// Package roles holds the commands about roles: named sets of permissions that a grant can carry.
package roles

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin roles`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "roles", "role", "named sets of permissions that a grant can carry",
		newList,
		newView,
		newCreate,
		newEdit,
		newDelete,
	)
}
