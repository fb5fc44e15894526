package acl

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/pkg/braintrust"
)

func newGrant(a *app.App) *cobra.Command {
	return verb{
		name: "grant", short: "give a principal permissions on an object", adds: true,
		long: `Give a principal permissions on an object; what is granted already stays. On a terminal without --allow the
permissions are asked for, with those that are granted ticked.

--file reads thousands of rows: object, principal, allow, objects, role.`,
		example: `  btadmin acl grant project:Chatbot sa:ci --allow read
  btadmin acl grant all-projects group:QA --role Viewer
  btadmin acl grant --file grants.jsonl`,
		want: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) { return w.missing(have), nil },
	}.command(a)
}
