// Package permissions holds the commands about the words for permissions.
package permissions

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin permissions`. It was a help topic with the name words before.
func New(a *app.App) *cobra.Command {
	cmd := tree.Noun(a, "permissions", "permission words", "what the words for permissions stand for", newList, newLearn)
	cmd.Long = page
	return cmd
}

// page is `btadmin help permissions`.
const page = `Permissions have the words of the web application's pages. What each word writes is one table, the label table.

Words
  create read update delete    on projects, objects and groups
  manage-access                the four permissions create_acls read_acls update_acls delete_acls
  all                          every word of a row except manage-access
  none                         nothing; only where something is set (acl set)
  create_acls ...              each raw permission by itself

On the organization
  manage-settings manage-members remove-members manage-access read-audit-logs

Kinds of object (--objects, and NAME/KIND=WORDS)
  experiments datasets logs prompts playgrounds functions scorers classifiers
  Prompts, functions, scorers and classifiers share one permission: granting one grants all four.

btadmin permissions list shows which ACLs each word writes, and how sure that is. btadmin permissions learn checks the
table against a group that was set up in the web application.`
