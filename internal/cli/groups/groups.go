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
	return tree.Noun("groups", "group", "permission groups: who is in them and what they allow",
		newList(a),
		newView(a),
		newCreate(a),
		newEdit(a),
		newDelete(a),
		newPermissions(a),
		newGrant(a),
		newRevoke(a),
		newMembers(a),
		newAccess(a),
	)
}
