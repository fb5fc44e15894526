package app

import (
	"context"
	"errors"
	"slices"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Change is what a command wants to do.
type Change struct {
	Steps []change.Step
	// Question is asked before something is taken away, such as "Remove 3 members from QA?".
	Question string
	// Show says what the change is, once the guards have looked at it and before a question. Nil: the steps are listed
	// where there is a question or a dry run.
	Show func(*change.Review) error
	// Title names the work in the progress bar.
	Title string
	// Bulk says that the targets came from a file or standard input.
	Bulk bool
	// Confirm asks also when nothing is taken away.
	Confirm bool
	// Asked says that the person has seen and confirmed the change already.
	Asked bool
	// Org is where it happens; the zero value is the organization in use.
	Org braintrust.Organization
	// Limits are the rules of a document, and what a command says it empties.
	Limits change.Limits
	// Read reads the whole organization, where the plan rests on all of it; nil for commands. It is called again
	// after a question, and must not answer from memory then.
	Read func(context.Context) (*access.Snapshot, error)
	// Saved is the plan that Steps are from, when it was saved: it is refused when what it rests on has changed.
	Saved *change.SavedPlan
	// Names names things in messages; nil: by what the run has looked up so far.
	Names change.Namer
	// UndoOf is the run that is taken back.
	UndoOf string
}

// Mutate takes a change down the one road: guards, --dry-run, confirmation, run. The result is nil when
// nothing was to be sent: after a dry run, or without steps. What the server answered is in the steps.
func (a *App) Mutate(ctx context.Context, c Change) (*change.Result, error) {
	if _, err := a.Printer(); err != nil {
		return nil, err
	}
	if len(c.Steps) == 0 {
		return nil, nil
	}
	review, runner, err := a.Review(ctx, c)
	if err != nil {
		return nil, err
	}
	left, err := review.Settle(a.approval())
	if err != nil {
		return nil, err
	}
	if c.Show != nil {
		if err := c.Show(review); err != nil {
			return nil, err
		}
	}
	if a.Flags.DryRun {
		return nil, a.showPlan(ctx, c, review, left)
	}
	asked, err := a.consent(ctx, c, review, left)
	if err != nil {
		return nil, err
	}
	if asked {
		if err := c.stillTrue(ctx, runner, review); err != nil {
			return nil, err
		}
	}
	ctx = withInterrupt(ctx)
	bar := output.Progress(a.IO, c.title(), review.Rows())
	defer bar.Done()
	runner.Progress, runner.Failed = bar.Add, bar.Fail
	defer context.AfterFunc(ctx, func() { a.stopping(ctx, bar) })()
	result, err := runner.Run(ctx, review)
	bar.Done()
	if result != nil {
		for _, warning := range result.Warnings {
			a.Status.Warn("%s", a.Redact(warning))
		}
		if result.Head != "" && (err == nil || !a.WantsJSON()) { // an error in JSON stands alone
			a.Status.Note("run %s; head of the journal %s", result.RunID, result.Head)
		}
	}
	if err != nil {
		return nil, err
	}
	a.lastRun = result.RunID
	return result, nil
}

// stopping says that an interrupt has been noted, because what is under way may take a while.
func (a *App) stopping(ctx context.Context, bar *output.Bar) {
	if a.IO.ErrTTY && !a.WantsJSON() && errors.Is(context.Cause(ctx), context.Canceled) {
		bar.Above(func() { a.Status.Note("stopping when what is under way is finished; Ctrl-C again ends at once") })
	}
}

func (c Change) title() string {
	if c.Title == "" {
		return "Changing"
	}
	return c.Title
}

func (a *App) plan(ctx context.Context, c Change) (change.Plan, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return change.Plan{}, err
	}
	org := c.Org
	if org.ID == "" {
		r, err := a.Resolver(ctx)
		if err != nil {
			return change.Plan{}, err
		}
		if org, err = r.Organization(ctx); err != nil {
			return change.Plan{}, err
		}
	}
	caps, err := change.ParseMaxRemovals(a.Flags.MaxRemovals)
	if err != nil {
		return change.Plan{}, exit.BadInputf("--max-removals: %w", err)
	}
	return change.Plan{
		Host: host(client), Org: org, Steps: c.Steps, Bulk: c.Bulk, Limits: c.Limits.WithMaxRemovals(caps), UndoOf: c.UndoOf,
	}, nil
}

// approval is what the command line says to guards.
func (a *App) approval() change.Approval {
	return change.Approval{
		Confirm: a.Flags.Confirm, ConfirmCount: a.Flags.ConfirmCount, Superuser: a.Flags.ApproveSuperuser,
		Exposure: a.Flags.ApproveExposure, Override: a.Flags.Override, Reason: a.Flags.Reason,
	}
}

func (a *App) runner(ctx context.Context) (*change.Runner, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	return &change.Runner{
		Client: client, Names: r.Seen(), Caller: a.Caller, Journal: a.journal, Args: a.journaledArgs(), Version: a.Info.Version,
		Now: a.Now, Parallelism: settings.Parallelism(),
	}, nil
}

// consent asks what must be asked: names to be typed for what guards want named, yes or no for what takes
// something away. Without a terminal, flags must have said it. It reports whether somebody was asked.
func (a *App) consent(ctx context.Context, c Change, review *change.Review, left []change.Finding) (bool, error) {
	refusal := &change.GuardError{Findings: left, Hash: review.Hash}
	if slices.ContainsFunc(left, func(f change.Finding) bool { return f.Bypass != "confirm" && f.Bypass != "approve" }) {
		return false, refusal
	}
	canAsk := a.Prompt.CanPrompt() && !a.Flags.Yes
	approved := func(f change.Finding) bool { return f.Bypass == "approve" }
	switch {
	case len(left) > 0 && !canAsk && !a.Flags.Yes && !slices.ContainsFunc(left, approved):
		return false, exit.BadInputf("this deletes something and needs a confirmation: %s", left[0].Message).WithHint("%s", refusal.Hint())
	case len(left) > 0 && !canAsk:
		return false, refusal
	case len(left) > 0:
		return true, a.typeNames(ctx, c, review, left)
	case a.Flags.Yes || c.Asked:
		return false, nil
	case !c.Confirm && !review.Destructive() && !slices.ContainsFunc(review.Findings, approved):
		return false, nil
	case !canAsk:
		return false, exit.BadInputf("%s: refusing to do that without a confirmation", c.question()).
			WithHint("--dry-run shows the change; --yes does it")
	}
	a.printLines(ctx, c, review)
	yes, err := a.Prompt.WithContext(ctx).Confirm(c.question(), false)
	return true, consented(yes, err)
}

// stillTrue runs the guards again after a question, which may have been open for long.
func (c Change) stillTrue(ctx context.Context, runner *change.Runner, review *change.Review) error {
	now, err := c.review(ctx, runner, review.Plan)
	if err != nil {
		return err
	}
	if now.Hash != review.Hash || len(now.Findings) != len(review.Findings) {
		return exit.Newf(exit.Refused, "the organization has changed while the question was open: nothing was sent").
			WithHint("repeat the command and look at the change again")
	}
	return nil
}

func (c Change) question() string {
	if c.Question == "" {
		return "Do this?"
	}
	return c.Question
}

func consented(yes bool, err error) error {
	if err != nil {
		return err
	}
	if !yes {
		return ErrDeclined
	}
	return nil
}

// ErrDeclined says that a person answered no. Exit code 130.
var ErrDeclined = exit.New(exit.Interrupted, errors.New("declined: nothing was sent"))

func (a *App) typeNames(ctx context.Context, c Change, review *change.Review, left []change.Finding) error {
	a.printLines(ctx, c, review)
	asked := map[string]bool{}
	for _, finding := range left {
		a.Status.Warn("%s (%s)", finding.Message, finding.Guard)
		for _, name := range finding.Names {
			if asked[name] {
				continue
			}
			asked[name] = true
			yes, err := a.Prompt.WithContext(ctx).TypeName("Type the name to go on", name)
			if err := consented(yes, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// mostLines is how much of a plan is shown before a question.
const mostLines = 20

func (a *App) printLines(ctx context.Context, c Change, review *change.Review) {
	if c.Show != nil {
		return
	}
	lines := review.Lines(a.names(ctx))
	for i, line := range lines {
		if i == mostLines {
			a.Status.Print("  and %d more; --dry-run shows all", len(lines)-mostLines)
			return
		}
		a.Status.Print("  %s", line.String())
	}
}

// names are the best names there are without failing: messages do not stop a change.
func (a *App) names(ctx context.Context) change.Namer {
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil
	}
	return r.Seen()
}

// Declined reports whether a person said no.
func Declined(err error) bool {
	return errors.Is(err, ErrDeclined) || errors.Is(err, prompt.ErrInterrupted)
}
