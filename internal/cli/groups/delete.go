package groups

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
	"btadmin/pkg/braintrust"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete GROUP...",
		Aliases: []string{"rm"},
		Short:   "delete custom groups",
		Long: `Delete custom permission groups. Their members lose what the groups allowed. On a terminal each name is
typed; in a script it is repeated with --yes --confirm NAME, or counted with --confirm-count when the ids
come from standard input.

Built-in groups cannot be deleted. "-" reads ids, or JSON objects with an id, from standard input.`,
		Example: `  btadmin groups delete QA
  btadmin groups delete QA --yes --confirm QA
  btadmin groups list --jq '.[] | select(.name | startswith("tmp-"))' | btadmin groups delete - --yes --confirm-count 3`,
		Args: tree.Args("GROUP..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, args []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	args, piped, err := batch.Targets(args, a.IO.In)
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	var steps []change.Step
	var groups []braintrust.Group
	seen := map[string]bool{}
	for _, typed := range args {
		group, err := r.Group(ctx, typed)
		if err != nil {
			return err
		}
		if !seen[group.ID] {
			seen[group.ID] = true
			groups = append(groups, group)
		}
	}
	losses, err := losses(ctx, a, groups)
	if err != nil {
		return err
	}
	for _, group := range groups {
		steps = append(steps, &change.DeleteGroup{Group: group, Loss: losses[group.ID]})
	}
	change := app.Change{Steps: steps, Bulk: piped, Title: "Deleting groups", Question: fmt.Sprintf("Delete %s?", text.Count(len(groups), "group"))}
	result, err := a.Mutate(ctx, change)
	if err != nil || result == nil {
		return err
	}
	rows := summaries(groups)
	for _, group := range groups {
		a.Status.Done("Deleted group %s", group.Name)
	}
	if p.Human() {
		return nil
	}
	return output.List(p, summaryColumns(a.Now()), rows)
}
