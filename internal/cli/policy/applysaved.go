package policy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/policy"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/sink"
	"btadmin/internal/policy/source"
	"btadmin/internal/text"
)

// runSaved carries out a saved plan. The documents have their say through tests only: the steps are those of the plan.
func runSaved(ctx context.Context, a *app.App, paths []string, file string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	document, err := testsOf(ctx, a, paths)
	if err != nil {
		return err
	}
	wanted, err := a.LoadPlan(ctx, file)
	if err != nil {
		return err
	}
	if err := openSinks(a, wanted.Steps); err != nil {
		return err
	}
	if len(wanted.Steps) == 0 {
		a.Status.Done("The plan %s has nothing to do: nothing was sent", file)
		return nil
	}
	view, err := wholeView(ctx, a)
	if err != nil {
		return err
	}
	c := &compared{policy: document, view: view, result: &reconcile.Result{Steps: wanted.Steps, Limits: wanted.Limits}}
	explained, err := proposal.Recall(wanted.Saved.Notes, c.result)
	if err != nil {
		return err
	}
	assert.Prepare(ctx, document.Desired, view)
	made := proposal.New(ctx, document, view, c.result)
	warn(a, made)
	wanted.Title, wanted.Read, wanted.Confirm, wanted.Names = "Applying", c.reader(a), true, view.Names()
	wanted.Question = fmt.Sprintf("Carry out the plan %s on %s?", file, view.Snapshot.Organization.Name)
	wanted.Show = func(review *change.Review) error {
		made.Review, made.Requests = review, a.Requests()
		lines := steps(made) + "\n" + made.AccessText()
		if explained { // the steps all the same: they are what is carried out, whatever the file says they are for
			lines = made.Text() + "\nSteps:\n" + steps(made)
		}
		if err := present(p, a, made, lines); err != nil {
			return err
		}
		return refuseFailed(made.Failed(), paths, false)
	}
	result, err := a.Mutate(ctx, wanted)
	if err != nil || result == nil {
		return err
	}
	tests, err := after(ctx, a, c)
	if err != nil {
		return err
	}
	done := text.Count(result.Rows, "change")
	if explained {
		done = made.Done()
	}
	a.Status.Done("Carried out the plan %s and confirmed: %s (run %s, %d requests)", file, done, result.RunID, a.Requests())
	if err := finish(p, a, c, result, tests); err != nil {
		return err
	}
	return refuseFailed(proposal.Failed(tests), paths, true)
}

// testsOf reads the documents for their tests. Without an argument access.yaml is read where it is; where it is not,
// there are no tests, which is said.
func testsOf(ctx context.Context, a *app.App, paths []string) (*policy.Policy, error) {
	if len(paths) == 0 {
		if _, err := os.Lstat(policy.DefaultFile); errors.Is(err, os.ErrNotExist) {
			a.Status.Note("there is no %s here and none was given: no tests are run", policy.DefaultFile)
			return &policy.Policy{Desired: &policy.Desired{}}, nil
		}
	}
	p, err := load(a, paths)
	if err != nil {
		return nil, err
	}
	return p, source.Resolve(ctx, p.Desired)
}

// openSinks opens the places where the tokens of a saved plan go.
func openSinks(a *app.App, steps []change.Step) error {
	for _, step := range steps {
		mint, is := step.(*change.MintToken)
		if !is {
			continue
		}
		where, err := sink.Decode(mint.Destination)
		if err != nil {
			return exit.New(exit.Refused, fmt.Errorf("the token %s of %s: %w", mint.Name, mint.Account, err)).
				WithHint("make the plan anew, review it, and apply that one")
		}
		mint.Sink = newSink(a, where)
	}
	return nil
}

// steps are those of a plan, line by line.
func steps(made *proposal.Proposal) string {
	var b strings.Builder
	for _, line := range made.Lines() {
		b.WriteString("  " + text.Visible(line.String()) + "\n")
	}
	return b.String()
}

// after runs the tests of the document on the organization as it is after an apply.
func after(ctx context.Context, a *app.App, c *compared) (*assert.Report, error) {
	if len(c.policy.Desired.Tests) == 0 {
		return &assert.Report{}, nil
	}
	view, err := wholeView(ctx, a)
	if err != nil {
		return nil, exit.New(exit.Partial, fmt.Errorf("the changes were made, but the tests of the document could not be run: %w", err))
	}
	return assert.Run(ctx, c.policy.Desired, view, nil), nil
}
