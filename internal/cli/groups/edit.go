package groups

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

func newEdit(a *app.App) *cobra.Command {
	var name, description string
	cmd := &cobra.Command{
		Use:   "edit GROUP",
		Short: "change the name or the description of a group",
		Long: `Change the name or the description of a group. Built-in groups keep their names; an empty description
is set with --description "".`,
		Example: `  btadmin groups edit QA --name "Quality assurance"
  btadmin groups edit QA --description ""`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var patch braintrust.GroupPatch
			if cmd.Flags().Changed("name") {
				patch.Name = &name
			}
			if cmd.Flags().Changed("description") {
				patch.Description = &description
			}
			return runEdit(cmd.Context(), a, args[0], patch)
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "the new name")
	cmd.Flags().StringVarP(&description, "description", "d", "", "the new description")
	return cmd
}

func runEdit(ctx context.Context, a *app.App, typed string, patch braintrust.GroupPatch) error {
	if patch.Name != nil && *patch.Name == "" {
		return exit.BadInputf("--name is empty")
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, typed)
	if err != nil {
		return err
	}
	if patch.Name == nil && patch.Description == nil {
		if !a.Prompt.CanPrompt() {
			return exit.BadInputf("nothing to change: give --name or --description")
		}
		if patch, err = askEdit(ctx, a, group); err != nil {
			return err
		}
	}
	if patch.Name != nil && *patch.Name == group.Name {
		patch.Name = nil
	}
	if patch.Description != nil && *patch.Description == group.Description {
		patch.Description = nil
	}
	if patch.Name == nil && patch.Description == nil {
		a.Status.Done("Group %s is that way already", group.Name)
		return printGroup(a, p, group)
	}
	step := &change.PatchGroup{Group: group, Patch: patch}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{step}})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Changed group %s", step.Out.Name)
	return printGroup(a, p, step.Out)
}

func askEdit(ctx context.Context, a *app.App, group braintrust.Group) (braintrust.GroupPatch, error) {
	ask := a.Prompt.WithContext(ctx)
	name, err := ask.Input("Name", group.Name, notEmpty)
	if err != nil {
		return braintrust.GroupPatch{}, err
	}
	description, err := ask.Input("Description", group.Description, nil)
	return braintrust.GroupPatch{Name: &name, Description: &description}, err
}

// printGroup prints a changed group where the output is data.
func printGroup(a *app.App, p *output.Printer, group braintrust.Group) error {
	if p.Human() {
		return nil
	}
	return output.Object(p, summaryColumns(a.Now()), summarize(group))
}
