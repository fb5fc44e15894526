package change

import (
	"context"
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

	Now         func() time.Time                           // nil: time.Now
	Sleep       func(context.Context, time.Duration) error // nil: waits
	NewID       func() string                              // of runs
	Chunk       int                                        // 0: 500
	Parallelism int                                        // steps in flight; 0: 8. Requests are bounded by the client
	Progress    func(rows int)                             // done; nil: nobody watches
	Failed      func(rows int)                             // failed; nil: nobody watches
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

// Run sends a reviewed plan and verifies it: what is made before what is added, what is added before what is
// removed, what is removed before what is deleted; within these phases several at once, up to Parallelism, unless
// one depends on the other. The caller has settled the findings. Errors: what the first step said when nothing was
// changed, else *PartialError. A plan stops at its first error, but a long one (Plan.Base) at the first that
// concerns all the rest.
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
	defer book.close()
	run := &running{Runner: r, review: review, book: book, ids: map[string]string{}, all: newWork(review.Steps), result: &Result{RunID: book.run}}
	run.total = review.Rows()
	if run.long() {
		unlock, err := lockRun(book.journal.Dir(), r.now(), book.run)
		if err != nil {
			return nil, err
		}
		defer unlock()
		if err := run.reread(ctx); err != nil {
			return run.result, err
		}
		if nothingLeft(run.all) {
			return run.result, run.verdict(ctx)
		}
	}
	if err := book.begin(review); err != nil {
		return nil, err
	}
	err = run.steps(ctx)
	head, endErr := book.end(err, run.changed)
	run.result.Head = head
	if endErr != nil && err == nil {
		run.warn(fmt.Sprintf(
			"all is done, but the journal could not be told, so btadmin runs list calls run %s interrupted: %v", book.run, endErr))
	}
	return run.result, err
}

// Rows is what the progress of a run is counted in: one for each thing that is changed, as far as the server is
// asked for it by itself.
func (r *Review) Rows() int {
	rows := 0
	for _, step := range r.Steps {
		rows += step.size()
	}
	return rows
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func nothingLeft(all []*work) bool {
	for _, w := range all {
		if w.rest != nil {
			return false
		}
	}
	return true
}
