package roles

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
	"btadmin/pkg/braintrust"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete ROLE...",
		Aliases: []string{"rm"},
		Short:   "delete roles",
		Long: `Delete roles. Grants that carry them stay and give nothing any more. System roles cannot be deleted.

"-" reads ids, or JSON objects with an id, from standard input.`,
		Example: `  btadmin roles delete "Dataset curator"
  btadmin roles list --jq '.[] | select(.name | startswith("tmp-"))' | btadmin roles delete - --yes`,
		Args: tree.Args("ROLE..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, args []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	piped := len(args) == 1 && args[0] == "-"
	if piped {
		if args, err = batch.IDs(a.IO.In); err != nil {
			return exit.New(exit.BadInput, err)
		}
		if len(args) == 0 {
			return exit.BadInputf("standard input has no ids")
		}
	}
	roles, all, err := find(ctx, a, args)
	if err != nil {
		return err
	}
	steps := make([]change.Step, len(roles))
	for i, role := range roles {
		steps[i] = &change.DeleteRole{Role: role}
	}
	question := fmt.Sprintf("Delete %d roles?", len(roles))
	if len(roles) == 1 {
		question = "Delete role " + roles[0].Name + "?"
	}
	result, err := a.Mutate(ctx, app.Change{Steps: steps, Bulk: piped, Title: "Deleting roles", Question: question})
	if err != nil || result == nil {
		return err
	}
	rows := make([]summary, len(roles))
	for i, role := range roles {
		a.Status.Done("Deleted role %s", role.Name)
		rows[i] = summarize(role, all)
	}
	if p.Human() {
		return nil
	}
	return output.List(p, summaryColumns(a.Now()), rows)
}

// find resolves all of the roles, each once, before anything is sent.
func find(ctx context.Context, a *app.App, args []string) (roles, all []braintrust.Role, err error) {
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, nil, err
	}
	if all, err = r.Roles(ctx); err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, typed := range args {
		role, err := r.Role(ctx, typed)
		if err != nil {
			return nil, nil, err
		}
		if err := refuseSystem(role, "deleted"); err != nil {
			return nil, nil, err
		}
		if !seen[role.ID] {
			seen[role.ID] = true
			roles = append(roles, role)
		}
	}
	return roles, all, nil
}
