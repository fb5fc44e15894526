package groups

import (
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/pkg/braintrust"
)

func newMembersAdd(a *app.App) *cobra.Command {
	return newMembersVerb(a, membersVerb{
		use: "add GROUP [MEMBER...]", short: "add members to a group",
		long: `Add people, service accounts (sa:NAME) and groups (group:NAME) to a group, one or thousands, in one
request. Who is in it already stays. --file reads CSV, JSON, JSON lines or one member a line; "-" is
standard input.`,
		example: `  btadmin groups members add QA ana@example.com sa:ci
  btadmin groups members add QA --file new-members.csv
  btadmin members list --jq '.[] | select(.kind == "person") | .email' | btadmin groups members add QA --file -`,
		patch: func(group braintrust.Group, who people) braintrust.GroupPatch {
			return braintrust.GroupPatch{
				AddMemberUsers:  without(who.users, group.MemberUsers),
				AddMemberGroups: without(who.groups, group.MemberGroups),
			}
		},
		offer: func(everybody []ask.Choice) []ask.Choice {
			return slices.DeleteFunc(everybody, func(c ask.Choice) bool { return c.Ticked })
		},
	})
}
