// Package acl holds the commands about ACLs: single grants on any object, by name.
package acl

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin acl`.
func New(a *app.App) *cobra.Command {
	return tree.Noun("acl", "acls", "single grants: who may do what on which object",
		newList(a), newView(a), newSet(a), newGrant(a), newRevoke(a), newDelete(a))
}
