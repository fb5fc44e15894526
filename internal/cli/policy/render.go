package policy

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/source"
)

type renderOptions struct {
	snapshot string
	sources  bool
}

func newRender(a *app.App) *cobra.Command {
	var opts renderOptions
	cmd := &cobra.Command{
		Use:   "render " + fileArgs,
		Short: "print a policy with everything expanded",
		Long: `Print a policy with everything expanded: one document out of all files, variables and profiles replaced by what
they stand for, and every default written down. The result is a policy itself, which asks for the same, as YAML or
with --json as JSON.

Patterns over projects stay as they are. With --snapshot they are replaced by the projects that match in that
organization. With --sources identity sources are read, which may run commands of the document, and teams are
replaced by the people in them.`,
		Example: `  btadmin policy render
  btadmin policy render access/ --snapshot acme.snapshot --json --jq '.groups | keys'
  btadmin policy render access.yaml --sources`,
		Args: tree.Args(fileArgs),
		RunE: func(cmd *cobra.Command, args []string) error { return runRender(cmd.Context(), a, args, opts) },
	}
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "replace patterns by the projects in this snapshot `FILE`")
	cmd.Flags().BoolVar(&opts.sources, "sources", false, "read identity sources, and list people instead of teams")
	return cmd
}

func runRender(ctx context.Context, a *app.App, paths []string, opts renderOptions) error {
	if a.Flags.Output == "" && a.Flags.JQ == "" {
		a.Flags.Output = string(output.FormatYAML)
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	checked, err := load(a, paths)
	if err != nil {
		return err
	}
	for _, w := range checked.Warnings {
		a.Status.Warn("%s: %s", w.At.String(), w.Message)
	}
	if opts.sources {
		if err := source.Resolve(ctx, checked.Desired); err != nil {
			return err
		}
	}
	if opts.snapshot != "" {
		if err := match(ctx, a, checked.Desired, opts.snapshot); err != nil {
			return err
		}
	}
	return output.Value(p, policy.Plain(checked.Desired))
}

// match puts the projects of a snapshot in the place of patterns.
func match(ctx context.Context, a *app.App, d *policy.Desired, file string) error {
	view, err := a.View(ctx, file, orgview.Options{SkipNamed: true, SkipTokens: true})
	if err != nil {
		return err
	}
	names := make([]string, len(view.Snapshot.Projects))
	for i, project := range view.Snapshot.Projects {
		names[i] = project.Name
	}
	for _, target := range policy.MatchProjects(d, names) {
		a.Status.Warn("%s: the pattern %s matches no project", target.At.String(), target.Projects.String())
	}
	return nil
}
