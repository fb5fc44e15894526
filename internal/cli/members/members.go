// Package members holds the commands about who is in the organization: people and service accounts alike.
package members

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin members`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "members", "member", "the people and service accounts of the organization",
		newList,
		newView,
		newInvite,
		newRemove,
	)
}
