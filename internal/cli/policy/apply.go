package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func newApply(a *app.App) *cobra.Command {
	var plan string
	cmd := &cobra.Command{
		Use:   "apply " + fileArgs,
		Short: "make an organization what a policy asks for",
		Long: `Make an organization what a policy asks for. Without --plan the policy is compared with the organization now, the
difference is shown as by policy plan, and a question is asked. With --plan exactly the steps of that plan are carried
out: it is refused when it was edited, is for another organization, is older than a day, or when what it rests on has
changed. The documents are then only needed for their tests.

Guards and the tests of the document judge the end state, and guards every state on the way, before anything is sent;
what is refused ends with exit code 7. Then everything is added before anything is removed, what somebody else has
changed in the meantime is left alone and listed, and all is read back. Tests run again at the end. A second apply has
nothing to do and sends nothing.

Ctrl-C lets what is under way finish and begins nothing more. An apply that could not do everything ends with exit code
5 and the id of its run: the same command goes on from there, btadmin undo RUN takes back what was done. New tokens go
to the file or command that the document names, and nowhere else.`,
		Example: `  btadmin policy apply
  btadmin policy apply access/ --yes
  btadmin policy apply --plan access.plan --yes
  btadmin policy apply --dry-run`,
		Args: tree.Args(fileArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if plan != "" {
				return runSaved(cmd.Context(), a, args, plan)
			}
			return runApply(cmd.Context(), a, args)
		},
	}
	cmd.Flags().StringVar(&plan, "plan", "", "carry out exactly the plan in this `FILE` of policy plan --out")
	return cmd
}

// applied is what an apply did. Fields are added, never renamed.
type applied struct {
	Organization string                `json:"organization"`
	Run          string                `json:"run"`     // "" when there was nothing to do
	Changes      int                   `json:"changes"` // confirmed
	Already      int                   `json:"already"` // of these were as wanted before
	Differences  []proposal.Difference `json:"differences"`
	Tests        []assert.TestDocument `json:"tests"` // on the organization afterwards
	Requests     int                   `json:"requests"`
}

func runApply(ctx context.Context, a *app.App, paths []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	c, err := compare(ctx, a, paths)
	if err != nil {
		return err
	}
	made := proposal.New(ctx, c.policy, c.view, c.result)
	warn(a, made)
	if !c.result.Changes() {
		if err := refuseFailed(made.Failed(), paths, false); err != nil {
			return err
		}
		a.Status.Done("%s is as the document asks: nothing was sent", c.view.Snapshot.Organization.Name)
		return finish(p, a, c, &change.Result{}, made.Tests)
	}
	wanted := changeOf(c)
	wanted.Question = fmt.Sprintf("Apply this to %s?", c.view.Snapshot.Organization.Name)
	wanted.Read = c.reader(a)
	wanted.Show = func(review *change.Review) error {
		made.Review, made.Requests = review, a.Requests()
		if err := present(p, a, made, made.Text()); err != nil {
			return err
		}
		return refuseFailed(made.Failed(), paths, false)
	}
	wanted.Confirm = true
	result, err := a.Mutate(ctx, wanted)
	if err != nil || result == nil {
		return c.unknownObject(err)
	}
	tests, err := after(ctx, a, c)
	if err != nil {
		return err
	}
	a.Status.Done("Applied to %s and confirmed: %s (run %s, %d requests)", c.view.Snapshot.Organization.Name, made.Done(), result.RunID, a.Requests())
	if err := finish(p, a, c, result, tests); err != nil {
		return err
	}
	return refuseFailed(proposal.Failed(tests), paths, true)
}

// unknownObject says where the document names an object by an id that the server does not know: such an object could not
// be looked for before, because the API does not list its kind.
func (c *compared) unknownObject(err error) error {
	if !braintrust.IsNotFound(err) {
		return err
	}
	for _, d := range c.result.Differences {
		if d.Grant != nil && d.At.Known() && strings.Contains(err.Error(), d.Grant.ObjectID) {
			return exit.New(exit.BadInput, fmt.Errorf("%s: %w", d.At, err)).WithHint("the server does not know this object, or hides it from this key")
		}
	}
	return err
}

// reader answers with the organization as it was compared once, and reads it anew after that.
func (c *compared) reader(a *app.App) func(context.Context) (*access.Snapshot, error) {
	first := true
	return func(ctx context.Context) (*access.Snapshot, error) {
		if first {
			first = false
			return c.view.Snapshot, nil
		}
		view, err := wholeView(ctx, a)
		if err != nil {
			return nil, err
		}
		return view.Snapshot, nil
	}
}

// present tells what would change: a dry run as data, else on stderr, because stdout is for the result.
func present(p *output.Printer, a *app.App, made *proposal.Proposal, lines string) error {
	rows, err := asRows(a)
	switch {
	case err != nil:
		return err
	case a.Flags.DryRun && rows:
		return printRows(a, p, made)
	case a.Flags.DryRun && p.Human():
		return output.Changes(p, lines)
	case a.Flags.DryRun:
		return output.Value(p, made.Document())
	case a.IO.Quiet:
		return nil
	}
	a.Status.Changes(lines)
	return nil
}

// warn tells what is doubtful about the document.
func warn(a *app.App, made *proposal.Proposal) {
	for _, w := range made.Remarks() {
		a.Status.Warn("%s: %s", w.At.String(), w.Message)
	}
}

// refuseFailed is the error for tests that fail: before an apply nothing is sent, afterwards it has been.
func refuseFailed(failed []*assert.Result, paths []string, sent bool) error {
	if len(failed) == 0 {
		return nil
	}
	names := make([]string, len(failed))
	for i, r := range failed {
		names[i] = r.Test.Name.Value
	}
	if sent {
		return exit.Newf(exit.Partial, "the changes were made, but %s now: %s", fails(len(failed)), strings.Join(names, "; ")).
			WithHint("%s explains each; btadmin undo latest takes the changes back", policyLine("test", paths))
	}
	return exit.Newf(exit.Refused, "%s on the planned state, so nothing was sent: %s", fails(len(failed)), strings.Join(names, "; ")).
		WithHint("%s explains each", policyLine("plan", paths))
}

func fails(n int) string {
	if n == 1 {
		return "1 test of the document fails"
	}
	return fmt.Sprintf("%d tests of the document fail", n)
}

// policyLine is a verb of policy with the documents of this run, to be pasted.
func policyLine(verb string, paths []string) string {
	return text.ShellLine(slices.Concat([]string{"btadmin", "policy", verb}, paths)...)
}

func finish(p *output.Printer, a *app.App, c *compared, result *change.Result, tests *assert.Report) error {
	switch rows, err := asRows(a); {
	case err != nil:
		return err
	case rows:
		return output.List(p, differenceColumns(), proposal.Differences(c.result.Differences))
	case p.Human():
		return nil
	}
	done := applied{
		Organization: c.view.Snapshot.Organization.Name, Run: result.RunID, Changes: result.Rows, Already: result.Already,
		Differences: proposal.Differences(c.result.Differences), Tests: assert.Documents(tests).Tests, Requests: a.Requests(),
	}
	return output.Value(p, done)
}
