package apikeys

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
		Short:   "list API keys, without their secrets",
		Long: `List the API keys that the caller may see: everybody's for an owner, one's own otherwise. A key is shown by
its last characters; its secret was shown once, when it was made in the web application.`,
		Example: `  btadmin api-keys list
  btadmin api-keys list --jq '.[] | select(.created < "2025-01-01") | {name, user_email}'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	keys, err := r.APIKeys(ctx)
	if err != nil {
		return err
	}
	rows := make([]row, len(keys))
	for i, k := range keys {
		rows[i] = rowOf(k)
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rows)
}
