package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/pkg/braintrust"
)

// defaultChunk is how many grants go into one batch_update; its limit is not published.
const defaultChunk = 500

// Runner reviews and runs plans. All fields but the last group are required.
type Runner struct {
	Client *braintrust.Client
	Names  Namer
	Caller func(context.Context) (orgstate.Caller, error)
	// Journal opens the journal of an organization. It is called once the guards have passed.
	Journal func(host, orgID string) (*journal.Journal, error)
	Args    []string // the command line, without secrets
	Version string

	Now        func() time.Time                           // nil: time.Now
	Sleep      func(context.Context, time.Duration) error // nil: waits
	NewID      func() string                              // of runs
	Chunk      int                                        // 0: 500
	Progress   func(rows int)                             // nil: nobody watches
	RequestIDs func() []string                            // of the requests since the last call; nil: not kept
}

// Result is what a run did. What the server answered is in the steps.
type Result struct {
	RunID    string
	Head     string // of the journal
	Rows     int    // confirmed
	Already  int    // were as wanted before: nothing was sent for them
	Warnings []string
	// Of a long run (Plan.Base): see PartialError.
	Failed, Skipped []Unfinished
	Left            int
}

// Run sends a reviewed plan, step by step, and verifies each. The caller has settled the findings. Errors:
// what the first step said when nothing was changed, else *PartialError.
func (r *Runner) Run(ctx context.Context, review *Review) (*Result, error) {
	if err := prepareSinks(review.Steps); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if !review.caller.Known() { // no guard asked, but the journal says who it was
		if caller, err := r.Caller(ctx); err == nil {
			review.caller = caller
		}
	}
	book, err := r.open(review)
	if err != nil {
		return nil, err
	}
	run := &running{Runner: r, review: review, book: book, ids: map[string]string{}, result: &Result{RunID: book.run}}
	for _, step := range review.Steps {
		run.total += step.size()
	}
	err = run.steps(ctx)
	head, endErr := book.end(err, run.changed)
	run.result.Head = head
	if endErr != nil && err == nil {
		run.result.Warnings = append(run.result.Warnings, fmt.Sprintf(
			"all is done, but the journal could not be told, so btadmin runs list calls run %s interrupted: %v", book.run, endErr))
	}
	return run.result, err
}

// running is one run under way.
type running struct {
	*Runner
	review  *Review
	book    *book
	ids     map[string]string
	result  *Result
	total   int
	changed bool // something was changed, or may have been
}

func (r *running) steps(ctx context.Context) error {
	for i, step := range r.review.Steps {
		if ctx.Err() != nil {
			return r.stopped(context.Cause(ctx), "")
		}
		step.bind(r.ids)
		if err := r.step(ctx, i, step); err != nil {
			return err
		}
	}
	return nil
}

func (r *running) step(ctx context.Context, number int, step Step) error {
	rows := 0
	e := &execution{
		ctx: context.WithoutCancel(ctx), stopping: ctx, client: r.Client, ids: r.ids, sleep: r.Sleep, chunk: r.Chunk,
		warnings: &r.result.Warnings, names: r.Names,
		progress: func(n int) {
			rows += n
			r.result.Rows += n
			r.tell(n)
		},
		before: func(change any, lines []Line) error { return r.book.intent(number, step, change, lines) },
		after:  func(err error) error { return r.book.outcome(number, step, err) },
	}
	if e.sleep == nil {
		e.sleep = wait
	}
	if e.chunk == 0 {
		e.chunk = defaultChunk
	}
	err := e.do(step)
	r.changed = r.changed || e.changed || err == nil
	if err != nil {
		if !e.intact && !untouched(err) {
			r.changed = true
		}
		return r.stopped(err, adviceOf(err))
	}
	r.result.Rows += step.size() - rows
	r.tell(step.size() - rows)
	return nil
}

func (r *running) tell(rows int) {
	if r.Progress != nil && rows > 0 {
		r.Progress(rows)
	}
}

// stopped turns the error of a step into that of the run.
func (r *running) stopped(err error, advice string) error {
	if !r.changed {
		return err
	}
	if advice == "" && (braintrust.IsForbidden(err) || braintrust.IsUnauthorized(err)) {
		advice = "your own access may have changed in between: btadmin auth status; btadmin runs view " + r.book.run
	}
	return &PartialError{RunID: r.book.run, Done: r.result.Rows, Total: r.total, Err: err, Advice: advice}
}

// untouched reports whether an error of a request proves that it changed nothing. Other errors prove
// nothing by themselves.
func untouched(err error) bool {
	if errors.Is(err, braintrust.ErrReadOnly) {
		return true
	}
	var (
		api     *braintrust.APIError
		network *braintrust.NetworkError
	)
	fromServer := errors.As(err, &api) || errors.As(err, &network)
	return fromServer && !braintrust.MaybeCarriedOut(err)
}

func adviceOf(err error) string {
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) {
		return hinter.Hint()
	}
	return ""
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
