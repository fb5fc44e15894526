package access

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
)

type pathsOptions struct {
	to       string
	snapshot string
}

func newPaths(a *app.App) *cobra.Command {
	var opts pathsOptions
	cmd := &cobra.Command{
		Use:   "paths",
		Short: "show who could become super-user, and how",
		Long: `Show who could become an owner of the organization, or could come to manage access on something, although
nobody has given it to him: by putting himself into a group that he may update, by adding permissions to a
role that he may update and that a grant of his carries, or by giving himself whatever he likes where he may
manage access. Steps are combined: what one gives enables the next. For everybody a shortest chain is shown,
with the grant that makes each step possible, and then the few grants and nestings whose removal stops most.

--to is owner, or manage-access:OBJECT. The exit code is 0 whatever is found; btadmin access lint judges.

A key that may not list every grant sees fewer chains than there are. What counts as a step is written down
in docs/access-review.md.`,
		Example: `  btadmin access paths
  btadmin access paths --to manage-access:project:Chatbot
  btadmin access paths --jq '.climbers[] | select(.steps == 1) | .principal'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runPaths(cmd.Context(), a, opts) },
	}
	cmd.Flags().StringVar(&opts.to, "to", "owner", "the power: owner, or manage-access:OBJECT")
	addSnapshotFlag(cmd, &opts.snapshot)
	return cmd
}

func runPaths(ctx context.Context, a *app.App, opts pathsOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	ref, manage := strings.CutPrefix(opts.to, access.ManageAccess+":")
	if !manage && opts.to != "owner" {
		return exit.BadInputf("--to is %q: use owner or manage-access:OBJECT", opts.to).
			WithHint("for example --to manage-access:project:NAME")
	}
	view, err := a.View(ctx, opts.snapshot, orgview.Options{SkipNamed: true})
	if err != nil {
		return err
	}
	goal, name := access.Node{}, "owner"
	if manage {
		target, err := view.Target(ctx, ref)
		if err != nil {
			return err
		}
		goal, name = target.Node, target.Ref
		if !view.Placed(goal) {
			a.Status.Warn("it is not known what contains %s: only grants on it are looked at", name)
		}
	}
	state := view.State()
	to := paths.ToOwner(state)
	if manage {
		to = paths.ToManage(goal)
	}
	doc := pathsDocumentOf(paths.Find(state, to), name, view)
	switch p.Format() {
	case output.FormatTable:
		return output.Document(p, renderPaths(doc))
	case output.FormatTSV, output.FormatCSV, output.FormatJSONL:
		return output.List(p, pathsColumns(), doc.Climbers)
	}
	return output.Value(p, doc)
}

func pathsColumns() []output.Column[climber] {
	return []output.Column[climber]{
		{Field: "principal", Text: func(c climber) string { return c.Principal }},
		{Field: "steps", Text: func(c climber) string { return strconv.Itoa(c.Steps) }},
		{Field: "chain", Text: func(c climber) string { return strings.Join(c.sentences(), "; ") }},
	}
}
