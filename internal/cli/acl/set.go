package acl

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/pkg/braintrust"
)

func newSet(a *app.App) *cobra.Command {
	return verb{
		name: "set", short: "make a principal's permissions on an object exactly these", exclusive: true, adds: true,
		long: `Make the permissions of a principal on an object exactly those that are named, within one row of the permission
page: without --objects the unrestricted ones, with it those on that kind of object only. The row of the organization
includes members and audit logs. Grants of roles are not touched; --role grants one. Additions are sent first, then
removals, so that nobody is locked out in between. On a terminal without --allow the permissions are asked for, with
those that are granted ticked.

--file reads thousands of rows: object, principal, allow, objects, role as CSV, JSON or JSON lines. Every row is
resolved before the first request that writes; all of them go out in batches. Rows that are not confirmed are
reported and written into a file in the same format, for another run.`,
		example: `  btadmin acl set experiment:Chatbot/baseline group:QA --allow read,update
  btadmin acl set project:Chatbot user:ana@example.com --allow none --yes
  btadmin acl set project:Chatbot group:QA --objects datasets --allow create,read
  btadmin acl set --file grants.csv --dry-run`,
		question: "Take %s away from %s on %s?",
		want: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) {
			return w.missing(have), w.surplus(have)
		},
	}.command(a)
}
