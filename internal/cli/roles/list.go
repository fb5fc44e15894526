package roles

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the roles, the server's own included",
		Example: `  btadmin roles list
  btadmin roles list --jq '.[] | select(.system | not) | .name'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	all, err := r.Roles(ctx)
	if err != nil {
		return err
	}
	return output.List(p, summaryColumns(a.Now()), summaries(all))
}
