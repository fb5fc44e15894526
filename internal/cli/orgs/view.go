package orgs

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view [ORG]",
		Aliases: []string{"get", "show"},
		Short:   "show an organization and its settings",
		Long:    `Show an organization and its settings: the one that commands act in, or another one of the key by name or id.`,
		Example: `  btadmin orgs view
  btadmin orgs view Acme --jq .api_url`,
		Args: tree.Args("[ORG]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args) },
	}
}

func runView(ctx context.Context, a *app.App, args []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	org, err := find(ctx, a, args)
	if err != nil {
		return err
	}
	return output.Object(p, detailColumns(a.Now()), describe(org))
}
