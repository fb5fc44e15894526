package acl

import (
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/grants"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// index finds grants by their contents and by principal.
type index struct {
	byItem      map[braintrust.ACLItem]braintrust.ACL
	byPrincipal map[access.Principal][]braintrust.ACL
}

func newIndex(acls []braintrust.ACL) *index {
	x := &index{byItem: make(map[braintrust.ACLItem]braintrust.ACL, len(acls)), byPrincipal: map[access.Principal][]braintrust.ACL{}}
	for _, acl := range acls {
		x.byItem[acl.ACLItem] = acl
		p := access.PrincipalOf(acl.ACLItem)
		x.byPrincipal[p] = append(x.byPrincipal[p], acl)
	}
	return x
}

// missing are the wished grants that are not there.
func missing(w *wish, have *index) []braintrust.ACLItem {
	return slices.DeleteFunc(slices.Clone(w.set.Items), func(item braintrust.ACLItem) bool {
		_, there := have.byItem[item]
		return there
	})
}

// surplus are the grants in the wished rows that were not wished for.
func surplus(w *wish, have *index) []braintrust.ACL {
	var out []braintrust.ACL
	for _, acl := range have.byPrincipal[w.who] {
		inRow := slices.ContainsFunc(w.set.Rows, func(r grants.Row) bool { return r.Holds(acl.ACLItem) })
		if inRow && !slices.Contains(w.set.Items, acl.ACLItem) {
			out = append(out, acl)
		}
	}
	return out
}

// present are the wished grants that are there.
func present(w *wish, have *index) []braintrust.ACL {
	var out []braintrust.ACL
	for _, item := range w.set.Items {
		if acl, there := have.byItem[item]; there {
			out = append(out, acl)
		}
	}
	return out
}

func newSet(a *app.App) *cobra.Command {
	return verb{
		name: "set", short: "make a principal's permissions on an object exactly these", exclusive: true,
		long: `Make the permissions of a principal on an object exactly those that are named, within one row of the permission
page: without --objects the unrestricted ones, with it those on that kind of object only. Grants of roles are not
touched; --role grants one. Additions are sent first, then removals, so that nobody is locked out in between.

--file reads thousands of rows: object, principal, allow, objects, role as CSV, JSON or JSON lines. Every row is
resolved before the first request that writes; all of them go out in batches.`,
		example: `  btadmin acl set experiment:Chatbot/baseline group:QA --allow read,update
  btadmin acl set project:Chatbot user:ana@example.com --allow none --yes
  btadmin acl set project:Chatbot group:QA --objects datasets --allow create,read
  btadmin acl set --file grants.csv --dry-run`,
		plan: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) {
			return missing(w, have), surplus(w, have)
		},
	}.command(a)
}

func newGrant(a *app.App) *cobra.Command {
	return verb{
		name: "grant", short: "give a principal permissions on an object",
		long: `Give a principal permissions on an object; what is granted already stays.

--file reads thousands of rows: object, principal, allow, objects, role.`,
		example: `  btadmin acl grant project:Chatbot sa:ci --allow read
  btadmin acl grant all-projects group:QA --role Viewer
  btadmin acl grant --file grants.jsonl`,
		plan: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) { return missing(w, have), nil },
	}.command(a)
}

func newRevoke(a *app.App) *cobra.Command {
	return verb{
		name: "revoke", short: "take permissions on an object from a principal",
		long: `Take permissions on an object from a principal; what is not named stays. What is not granted is no error.

--file reads thousands of rows: object, principal, allow, objects, role.`,
		example: `  btadmin acl revoke project:Chatbot group:QA --allow delete --yes
  btadmin acl revoke all-projects group:QA --role Viewer --yes
  btadmin acl revoke --file leavers.csv --yes`,
		plan: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) { return nil, present(w, have) },
	}.command(a)
}
