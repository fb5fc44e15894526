// Package auth is the noun auth: the key that this program uses, where it is kept, and whether it works.
package auth

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes the noun with its verbs.
func New(a *app.App) *cobra.Command {
	cmd := tree.Noun(a, "auth", "", "log in and out, and see which key is used",
		newLogin, newLogout, newStatus, newToken)
	cmd.Long = page
	return cmd
}

// page is `btadmin help auth`.
const page = `Every command acts with one key: what the key may do, btadmin may do.

Kinds of key
  API key (sk-...)          belongs to a person and has that person's rights; it cannot mint tokens
  service token (bt-st-...) belongs to a service account; with organization-owner permissions it can mint tokens
  Both are made in the web application: btadmin open api-keys, btadmin open service-tokens.

Which key is used: the first of these that is there
  1  --profile NAME         the key of that profile (--sandbox is --profile sandbox)
  2  BRAINTRUST_API_KEY     the key itself, for scripts and CI; the keyring is not touched
  3  BRAINTRUST_PROFILE     the key of that profile
  4  the default profile    made by the first btadmin auth login, changed by btadmin profiles use

Where a key is kept
  In the keyring of the operating system; with --insecure-storage in a file that only you can read. Nothing is read
  from the working directory, no flag takes a key, and a key is shown with its middle hidden. A key goes to the
  server that its profile names and to no other.

Several organizations or servers
  btadmin auth login --profile eu --api-url https://api-eu.braintrust.dev    a further profile
  btadmin groups list --profile eu                                          for one command
  btadmin profiles use eu                                                   from now on
  --org NAME chooses among the organizations of a key that belongs to several.

When it does not work
  btadmin auth status says which key is used, where it comes from, and what the server says to it.

Without any account: add --sandbox to any command, or start with btadmin sandbox tour.`
