// Package groups holds the commands about permission groups: the groups themselves, what they grant, who
// is in them, and who may administer them.
package groups

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin groups`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "groups", "group", "permission groups: who is in them and what they allow",
		newList,
		newView,
		newCreate,
		newEdit,
		newDelete,
		newPermissions,
		newGrant,
		newRevoke,
		newMembers,
		newAccess,
	)
}
