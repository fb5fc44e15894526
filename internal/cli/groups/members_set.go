package groups

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/pkg/braintrust"
)

func newMembersSet(a *app.App) *cobra.Command {
	return newMembersVerb(a, membersVerb{
		use: "set GROUP [MEMBER...]", short: "make the members of a group exactly these",
		long: `Make the members of a group exactly those that are given: others are removed, missing ones added, in one
request.`,
		example: `  btadmin groups members set QA ana@example.com ben@example.com --yes
  btadmin groups members set QA --file members.csv --dry-run`,
		patch: func(group braintrust.Group, who people) braintrust.GroupPatch {
			return braintrust.GroupPatch{
				AddMemberUsers:     without(who.users, group.MemberUsers),
				AddMemberGroups:    without(who.groups, group.MemberGroups),
				RemoveMemberUsers:  without(group.MemberUsers, who.users),
				RemoveMemberGroups: without(group.MemberGroups, who.groups),
			}
		},
		question: removalQuestion,
		rest:     true,
		offer:    func(everybody []ask.Choice) []ask.Choice { return everybody },
	})
}
