package groups

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/pkg/braintrust"
)

func newMembersRemove(a *app.App) *cobra.Command {
	return newMembersVerb(a, membersVerb{
		use: "remove GROUP [MEMBER...]", short: "remove members from a group", aliases: []string{"rm"},
		long: `Remove members from a group. They lose what the group allows, unless another grant gives it. Who is not in
it is no error.`,
		example: `  btadmin groups members remove QA ana@example.com
  btadmin groups members remove QA --file leavers.txt --yes`,
		patch: func(group braintrust.Group, who people) braintrust.GroupPatch {
			return braintrust.GroupPatch{
				RemoveMemberUsers:  both(who.users, group.MemberUsers),
				RemoveMemberGroups: both(who.groups, group.MemberGroups),
			}
		},
		question: removalQuestion,
		offer: func(everybody []ask.Choice) []ask.Choice {
			var in []ask.Choice
			for _, c := range everybody {
				if c.Ticked {
					in = append(in, ask.Choice{Ref: c.Ref, Label: c.Label})
				}
			}
			return in
		},
	})
}
