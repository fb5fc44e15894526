package groups

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

func newAccessList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list GROUP",
		Aliases: []string{"ls"},
		Short:   "list who may administer a group",
		Example: `  btadmin groups access list QA
  btadmin groups access list QA --jq '.[] | select(.allowed | index("manage-access")) | .principal'`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runAccess(cmd.Context(), a, args[0]) },
	}
}
