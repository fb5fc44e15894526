package servicetokens

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/text"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete TOKEN...",
		Aliases: []string{"rm"},
		Short:   "delete service tokens",
		Long: `Delete service tokens. What uses one is refused from then on, and a deleted token cannot be given back. The
account and what it may do stay.

Names of tokens need not be unique: a token is its name, ACCOUNT/NAME, or its id. "-" reads ids, or JSON
objects with an id, from standard input. The token that btadmin itself uses is kept, unless --override G3
says otherwise.`,
		Example: `  btadmin service-tokens delete ci
  btadmin service-tokens delete reporter/2024 --yes
  btadmin service-tokens list --jq '.[] | select(.created < "2025-01-01")' | btadmin service-tokens delete - --yes`,
		Args: tree.Args("TOKEN..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, args []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	typed, piped, err := batch.Targets(args, a.IO.In)
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	if _, err := tokensOf(ctx, r); err != nil {
		return err
	}
	var steps []change.Step
	var rows []row
	seen := map[string]bool{}
	for _, name := range typed {
		token, err := r.ServiceToken(ctx, name)
		if err != nil {
			return err
		}
		if !seen[token.ID] {
			seen[token.ID] = true
			steps = append(steps, &change.DeleteToken{Token: token})
			rows = append(rows, rowOf(token))
		}
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: steps, Bulk: piped, Title: "Deleting service tokens",
		Question: fmt.Sprintf("Delete %s? What uses them stops working.", text.Count(len(steps), "service token")),
	})
	if err != nil || result == nil {
		return err
	}
	for _, t := range rows {
		a.Status.Done("Deleted service token %s of %s (%s)", t.Name, t.ServiceAccountName, t.ID)
	}
	if p.Human() {
		return nil
	}
	return output.List(p, columns(a.Now()), rows)
}
