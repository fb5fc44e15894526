// Package serviceaccounts holds the commands about service accounts: members that are no people.
package serviceaccounts

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin service-accounts`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "service-accounts", "service-account", "service accounts: members that are no people",
		newList,
		newView,
		newCreate,
		newDelete,
	)
}
