// Package auth is the noun auth: the key that this program uses, where it is kept, and whether it works.
package auth

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes the noun with its verbs.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "auth", "", "log in and out, and see which key is used",
		newLogin, newLogout, newStatus, newToken)
}
