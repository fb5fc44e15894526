package groups

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

func newMembersList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list GROUP",
		Aliases: []string{"ls"},
		Short:   "list the members of a group",
		Example: `  btadmin groups members list QA
  btadmin groups members list QA --json`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runMembers(cmd.Context(), a, args[0]) },
	}
}
