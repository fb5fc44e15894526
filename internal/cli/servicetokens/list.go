package servicetokens

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list service tokens, without their secrets",
		Long: `List the service tokens of the organization, which only owners may. A token is shown by its last characters;
its secret was shown once, when it was made.`,
		Example: `  btadmin service-tokens list
  btadmin service-tokens list --jq '.[] | select(.created < "2025-01-01") | "\(.service_account_name)/\(.name)"'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	tokens, err := tokensOf(ctx, r)
	if err != nil {
		return err
	}
	rows := make([]row, len(tokens))
	for i, t := range tokens {
		rows[i] = rowOf(t)
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rows)
}

// tokensOf lists the tokens, and says who may when the caller may not.
func tokensOf(ctx context.Context, r *resolve.Resolver) ([]braintrust.ServiceToken, error) {
	tokens, err := r.ServiceTokens(ctx)
	if braintrust.IsForbidden(err) {
		return nil, exit.New(exit.Auth, err).WithHint("seeing and deleting service tokens needs organization-owner permissions; btadmin auth status says who this key is")
	}
	return tokens, err
}
