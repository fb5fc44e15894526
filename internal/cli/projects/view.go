package projects

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view PROJECT",
		Aliases: []string{"get", "show"},
		Short:   "show one project",
		Example: `  btadmin projects view Chatbot
  btadmin projects view Chatbot --jq .id`,
		Args: tree.Args("PROJECT"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	found, err := r.Project(ctx, typed)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.Object(p, columns(a.Now()), describe(found))
}
