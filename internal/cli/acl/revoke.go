package acl

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/pkg/braintrust"
)

func newRevoke(a *app.App) *cobra.Command {
	return verb{
		name: "revoke", short: "take permissions on an object from a principal",
		long: `Take permissions on an object from a principal; what is not named stays. What is not granted is no error. On a
terminal without --allow the permissions are asked for, with those that are granted ticked: untick what goes.

--file reads thousands of rows: object, principal, allow, objects, role.`,
		example: `  btadmin acl revoke project:Chatbot group:QA --allow delete --yes
  btadmin acl revoke all-projects group:QA --role Viewer --yes
  btadmin acl revoke --file leavers.csv --yes`,
		question: "Take %s away from %s on %s?",
		want:     func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) { return nil, w.present(have) },
	}.command(a)
}
