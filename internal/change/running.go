package change

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"btadmin/internal/change/journal"
	"btadmin/pkg/braintrust"
)

// mostRounds is how often the tasks of a phase are tried that fail in a way which may go away. Each of them has
// been repeated by the client before.
const mostRounds = 5

// running is one run under way. Only the goroutine of Run touches it, but for warnings.
type running struct {
	*Runner
	review  *Review
	book    *book
	ids     map[string]string // placeholders -> what they became
	all     []*work           // a step each, in their order
	result  *Result
	total   int
	changed bool         // something was changed, or may have been
	stop    error        // why nothing new is begun
	sent    []*task      // not read back yet
	halves  int          // how often a refused part was cut in two
	rest    []Unfinished // of what was not begun
	blind   bool         // the run has ended, and what became of it cannot be read

	mu sync.Mutex // of result.Warnings
}

// long reports whether the run is one of Plan.Base: see there.
func (r *running) long() bool { return r.review.Plan.Base != nil }

// steps runs all phases, each when the one before it is done.
func (r *running) steps(ctx context.Context) error {
	for p := phaseCreate; p <= phaseDelete; p++ {
		tasks := r.phaseTasks(p)
		if len(tasks) == 0 && len(r.sent) == 0 {
			continue
		}
		if p >= phaseRemove && r.keepAll() { // nobody loses access before somebody else has it
			break
		}
		r.phase(ctx, tasks, lastOf(r.all, p) || p == phaseAdd)
	}
	for _, w := range r.all {
		r.finish(w)
	}
	return r.verdict(ctx)
}

// phaseTasks cuts the steps of one phase into tasks. What they refer to has been made by now, or is made in this
// phase.
func (r *running) phaseTasks(p phase) []*task {
	var tasks []*task
	for _, w := range r.all {
		if w.step.phase() != p || w.rest == nil {
			continue
		}
		w.rest.bind(r.ids)
		if g, ok := w.rest.(gradual); ok && len(openUses(w.rest)) > 0 {
			rest, left := g.ready()
			w.rest = rest
			r.result.Left += left
			if rest == nil {
				continue
			}
		}
		w.tasks = cut(w.number, w.rest, r.chunk())
		tasks = append(tasks, w.tasks...)
	}
	return tasks
}

// gradual is a step whose rows can be sent although other rows refer to what could not be made.
type gradual interface {
	// ready returns the rows that can be sent, nil for none, and how many cannot.
	ready() (Step, int)
}

// lastOf reports whether no step of a later phase is to be sent.
func lastOf(all []*work, p phase) bool {
	for _, w := range all {
		if w.step.phase() > p && w.rest != nil {
			return false
		}
	}
	return true
}

// keepAll reports whether something that should give has not given, so that nothing may be taken.
func (r *running) keepAll() bool {
	return r.stop != nil || len(r.result.Failed) > 0 || r.result.Left > 0 || r.withheld()
}

// withheld reports whether something that gives was left alone because of somebody else's change.
func (r *running) withheld() bool {
	for _, s := range r.result.Skipped {
		if r.review.Steps[s.Step-1].phase() < phaseRemove {
			return true
		}
	}
	return false
}

// phase sends tasks until each is done or will never be, and reads back at its end what is not certain; with
// prove, all that has not been read back.
func (r *running) phase(ctx context.Context, tasks []*task, prove bool) {
	chain(tasks, r.long())
	for round := 1; ; round++ {
		tasks = r.dispatch(ctx, tasks)
		if !r.long() {
			break
		}
		r.readBack(ctx, prove)
		again := false
		for _, t := range tasks {
			if t.state == taskUnknown && !goneAlready(t) && round < mostRounds && r.goOn(ctx) {
				t.state, again = taskOpen, true
			}
		}
		if !again {
			break
		}
	}
	for _, t := range tasks {
		r.close(t)
	}
}

// goOn reports whether something new may be begun.
func (r *running) goOn(ctx context.Context) bool { return r.stop == nil && ctx.Err() == nil }

// halt keeps everything new from being begun. What did not get into the journal is kept together, whoever was
// first.
func (r *running) halt(err error) {
	switch {
	case r.stop == nil:
		r.stop = err
	case is[*journal.WriteError](err):
		if all, several := r.stop.(unwritten); several { //nolint:errorlint // the one that is made below
			r.stop = append(all, err)
			return
		}
		r.stop = unwritten{r.stop, err}
	}
}

// unwritten are errors of which the first says why: when a disk is full, all that is in flight says the same.
type unwritten []error

// Error is the first.
func (u unwritten) Error() string { return u[0].Error() }

// Unwrap returns all.
func (u unwritten) Unwrap() []error { return u }

// close counts a task whose phase has ended.
func (r *running) close(t *task) {
	r.changed = r.changed || t.maybe
	switch t.state {
	case taskSent, taskSeen:
		r.changed = true
	case taskUnknown, taskFailed:
		r.result.Failed = append(r.result.Failed, r.unfinished(t.number, t.step, t.err))
		r.tell(0, t.step.size())
	case taskOpen, taskLeft:
		r.result.Left += t.step.size()
		r.rest = append(r.rest, Unfinished{Step: t.number + 1, Lines: t.step.Lines(r.Names), Rows: t.step.size()})
	}
}

func (r *running) unfinished(number int, step Step, err error) Unfinished {
	return Unfinished{Step: number + 1, Lines: step.Lines(r.Names), Rows: step.size(), Err: err}
}

func (r *running) tell(done, failed int) {
	if r.Progress != nil && done > 0 {
		r.Progress(done)
	}
	if r.Failed != nil && failed > 0 {
		r.Failed(failed)
	}
}

func (r *running) warn(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Warnings = append(r.result.Warnings, message)
}

// verdict is the error of the run.
func (r *running) verdict(ctx context.Context) error {
	failed := r.result.Failed
	var err error
	switch {
	case r.stop != nil:
		err = r.stop
	case ctx.Err() != nil && r.result.Left > 0:
		err = stopped(ctx)
	case len(failed) == 1:
		err = failed[0].Err
	case len(failed) > 1:
		err = &FailuresError{Failed: failed}
	case len(r.result.Skipped) > 0:
		err = &ForeignEditError{Skipped: r.result.Skipped}
	case r.result.Left > 0:
		err = errors.New("some changes were not begun, because what they depend on is not there")
	default:
		return nil
	}
	return r.partial(err)
}

// stopped is why a run was told to stop.
func stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return errInterrupted
}

// errInterrupted says that somebody has stopped a run.
var errInterrupted error = interruptedError{}

type interruptedError struct{}

// Error says what happened.
func (interruptedError) Error() string { return "interrupted" }

// Unwrap makes it what the context says.
func (interruptedError) Unwrap() error { return context.Canceled }

// partial makes the error of a run that has changed something a *PartialError.
func (r *running) partial(err error) error {
	if !r.changed {
		return err
	}
	advice := adviceOf(err)
	if braintrust.IsUnauthorized(err) || advice == "" && braintrust.IsForbidden(err) {
		advice = "your own access may have changed in between: btadmin auth status; btadmin runs view " + r.book.run
	}
	return &PartialError{
		RunID: r.book.run, Done: r.result.Rows, Total: r.total, Err: err, Advice: advice,
		Failed: r.result.Failed, Skipped: r.result.Skipped, Left: r.result.Left, Rest: r.rest, Deletes: r.review.deletes(),
	}
}

func (r *running) execution(ctx context.Context, t *task) *execution {
	_, judged := t.step.(judged)
	return &execution{
		ctx: context.WithoutCancel(ctx), stopping: ctx, client: r.Client, sleep: r.sleeper(), names: r.Names,
		task: t, book: r.book, warn: r.warn, later: r.long() && judged,
	}
}

func (r *Runner) sleeper() func(context.Context, time.Duration) error {
	if r.Sleep != nil {
		return r.Sleep
	}
	return wait
}

func (r *Runner) chunk() int {
	if r.Chunk > 0 {
		return r.Chunk
	}
	return defaultChunk
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

func adviceOf(err error) string {
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) {
		return hinter.Hint()
	}
	return ""
}

// untouched reports whether an error of a request proves that it changed nothing. Other errors prove
// nothing by themselves.
func untouched(err error) bool {
	if errors.Is(err, braintrust.ErrReadOnly) {
		return true
	}
	fromServer := is[*braintrust.APIError](err) || is[*braintrust.NetworkError](err)
	return fromServer && !braintrust.MaybeCarriedOut(err)
}

func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// FailuresError says that several changes of a run failed.
type FailuresError struct{ Failed []Unfinished }

// Error names the first.
func (e *FailuresError) Error() string {
	first := e.Failed[0]
	return fmt.Sprintf("%d changes failed, the first of them: %s: %v", len(e.Failed), first.Lines[0], first.Err)
}

// Unwrap returns the cause of the first.
func (e *FailuresError) Unwrap() error { return e.Failed[0].Err }
