package projects

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
		Short:   "list the projects that you may read",
		Example: `  btadmin projects list
  btadmin projects list --jq '.[].name'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	listed, err := r.Projects(ctx)
	if err != nil {
		return err
	}
	rows := make([]project, len(listed))
	for i, p := range listed {
		rows[i] = describe(p)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rows)
}
