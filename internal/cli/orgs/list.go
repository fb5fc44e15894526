package orgs

import (
	"context"
	"sort"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the organizations of the key",
		Example: `  btadmin orgs list
  btadmin orgs list --fields name,api_url`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	all, err := list(ctx, a)
	if err != nil {
		return err
	}
	rows := make([]detail, len(all))
	for i, org := range all {
		rows[i] = describe(org)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return output.List(p, columns(a.Now()), rows)
}
