package apikeys

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
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete KEY...",
		Aliases: []string{"rm"},
		Short:   "delete API keys",
		Long: `Delete people's API keys. What uses one is refused from then on, and a deleted key cannot be given back.

A key is its name, EMAIL/NAME where several people have one of that name, or its id. "-" reads ids, or JSON
objects with an id, from standard input.`,
		Example: `  btadmin api-keys delete ana@example.com/notebook
  btadmin api-keys delete 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10 --yes
  btadmin api-keys list --jq '.[] | select(.user_email == "leaver@example.com")' | btadmin api-keys delete - --yes`,
		Args: tree.Args("KEY..."),
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
	if _, err := r.APIKeys(ctx); err != nil { // one list instead of a request for each
		return err
	}
	var steps []change.Step
	var rows []row
	seen := map[string]bool{}
	for _, name := range typed {
		key, err := r.APIKey(ctx, name)
		if err != nil {
			return err
		}
		if !seen[key.ID] {
			seen[key.ID] = true
			steps = append(steps, &change.DeleteAPIKey{Key: key})
			rows = append(rows, rowOf(key))
		}
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: steps, Bulk: piped, Title: "Deleting API keys",
		Question: fmt.Sprintf("Delete %d API keys? What uses them stops working.", len(steps)),
	})
	if err != nil || result == nil {
		return err
	}
	for _, k := range rows {
		a.Status.Done("Deleted API key %s of %s (%s)", k.Name, k.UserEmail, k.ID)
	}
	if p.Human() {
		return nil
	}
	return output.List(p, columns(a.Now()), rows)
}
