package policy

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/sink"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

type planOptions struct {
	out       string
	overwrite bool
	exitCode  bool
}

func newPlan(a *app.App) *cobra.Command {
	var opts planOptions
	cmd := &cobra.Command{
		Use:   "plan " + fileArgs,
		Short: "what a policy would change, and who would gain and lose access",
		Long: `Compare a policy with the organization as it is, and change nothing: what would be added and taken away, group by
group; who would gain and lose which effective rights, and through what; which projects patterns stand for, and which
of them are new; what guards say; how the tests of the document come out on the planned state.

The organization is read as a whole, in some 20 requests however many grants there are. --out keeps the plan in a file
that only you can read: the exact steps, what they rest on, no secrets. btadmin policy apply --plan takes it for a day,
unless what it rests on changes.

-o markdown is a comment for a pull request; its first line is the same every time, so that it can be edited in place.
-o github prints annotations that GitHub Actions shows beside the lines of the document; -o csv and -o tsv print a row
for each difference. With --exit-code the exit
code is 6 when there is something to do or a test fails.`,
		Example: `  btadmin policy plan
  btadmin policy plan access/ --out access.plan --exit-code
  btadmin policy plan -o markdown > comment.md
  btadmin policy plan --json --jq '.access.changes[] | select(.change == "gained") | .summary'`,
		Args: tree.Args(fileArgs),
		RunE: func(cmd *cobra.Command, args []string) error { return runPlan(cmd.Context(), a, args, opts) },
	}
	cmd.Flags().StringVar(&opts.out, "out", "", "keep the plan in this new `FILE`, for policy apply --plan")
	cmd.Flags().BoolVar(&opts.overwrite, "overwrite", false, "replace the file of --out when it exists")
	cmd.Flags().BoolVar(&opts.exitCode, "exit-code", false, "exit code 6 when there is something to do, or a test fails")
	return cmd
}

func runPlan(ctx context.Context, a *app.App, paths []string, opts planOptions) error {
	rows, err := asRows(a)
	if err != nil {
		return err
	}
	format := a.Special("text", "markdown", "github")
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.overwrite && opts.out == "" {
		return exit.BadInputf("--overwrite needs --out")
	}
	if opts.out != "" { // before a long reading, not after it
		if err := mayWrite(opts.out, opts.overwrite); err != nil {
			return err
		}
	}
	c, err := compare(ctx, a, paths)
	if err != nil {
		return annotated(p, format, err)
	}
	made, err := propose(ctx, a, c, opts)
	if err != nil {
		return err
	}
	switch {
	case format == "markdown":
		err = output.Document(p, made.Markdown())
	case format == "github":
		err = output.Annotations(p, made.Annotations())
	case rows:
		err = printRows(a, p, made)
		tellMore(a, made, paths)
	case p.Human():
		err = output.Changes(p, made.Text())
		tellMore(a, made, paths)
	default:
		err = output.Value(p, made.Document())
	}
	if err == nil && opts.exitCode && (c.result.Changes() || len(made.Failed()) > 0) {
		return exit.Silent(exit.No)
	}
	return err
}

// propose runs the guards and the tests on what a comparison asks for, and saves the plan where that is wanted.
func propose(ctx context.Context, a *app.App, c *compared, opts planOptions) (*proposal.Proposal, error) {
	checkSinks(a, c)
	made := proposal.New(ctx, c.policy, c.view, c.result)
	if c.result.Changes() || opts.out != "" {
		review, runner, err := a.Review(ctx, changeOf(c))
		if err != nil {
			return nil, err
		}
		if c.result.Changes() {
			made.Review = review
		}
		if opts.out != "" {
			notes, err := proposal.Notes(c.result)
			if err != nil {
				return nil, err
			}
			if err := runner.SavePlan(opts.out, review, notes, opts.overwrite); err != nil {
				return nil, err
			}
			made.Saved = opts.out
		}
	}
	made.Requests = a.Requests()
	return made, nil
}

// changeOf is what the app is asked to do.
func changeOf(c *compared) app.Change {
	return app.Change{
		Steps: c.result.Steps, Bulk: true, Limits: c.result.Limits, Title: "Applying", Org: c.view.Snapshot.Organization,
		Names: c.view.Names(), Read: func(context.Context) (*access.Snapshot, error) { return c.view.Snapshot, nil },
	}
}

// checkSinks warns early of tokens that have nowhere to go; an apply refuses them (G15).
func checkSinks(a *app.App, c *compared) {
	for _, step := range c.result.Steps {
		if mint, is := step.(*change.MintToken); is {
			if s, is := mint.Sink.(*sink.Sink); is {
				if err := s.Check(); err != nil {
					a.Status.Warn("the token %s of %s would have nowhere to go: %v", mint.Name, mint.Account, err)
				}
			}
		}
	}
}

// tellMore says on stderr what is not part of the plan itself: how to apply it.
func tellMore(a *app.App, made *proposal.Proposal, paths []string) {
	for _, w := range made.Remarks() {
		a.Status.Warn("%s: %s", w.At.String(), w.Message)
	}
	a.Status.Note("%d requests; nothing was changed", made.Requests)
	if !made.Result.Changes() {
		return
	}
	if len(made.Failed()) > 0 {
		a.Status.Hint("policy apply would refuse this: a test of the document fails on the planned state")
		return
	}
	apply := "btadmin policy apply"
	if made.Saved != "" {
		apply += " --plan " + text.ShellWord(made.Saved)
	}
	for _, path := range paths { // with --plan they are for their tests
		apply += " " + text.ShellWord(path)
	}
	if made.Review != nil {
		refusal := &change.GuardError{Findings: made.Review.Findings, Hash: made.Review.Hash}
		flags := refusal.Flags()
		if flags == "" && len(refusal.Findings) > 0 { // one that nothing passes, or several that need an override each
			a.Status.Hint("policy apply would refuse this: change the document, see Guards")
			return
		}
		if flags != "" {
			apply += " " + flags
		}
	}
	a.Status.Hint("to apply it: %s", apply)
}
