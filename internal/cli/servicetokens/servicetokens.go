// Package servicetokens holds the commands about the credentials of service accounts.
package servicetokens

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin service-tokens`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "service-tokens", "service-token", "service tokens: the credentials of service accounts",
		newList,
		newCreate,
		newDelete,
		newRotate,
	)
}
