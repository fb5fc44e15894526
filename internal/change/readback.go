package change

import (
	"context"
	"fmt"
	"time"

	"btadmin/pkg/braintrust"
)

// readBack reads lists once for all tasks that were sent and polls while reads lag behind (D15). It looks when
// something failed of which it is not known what became, or was accepted with an answer that does not show it;
// with prove, at everything that was sent.
func (r *running) readBack(ctx context.Context, prove bool) {
	watch := r.doubtful(prove && r.goOn(ctx))
	if len(watch) == 0 || r.blind {
		return
	}
	waited := time.Duration(0)
	var err error
	for pause := verifyFirst; ; pause = min(pause*2, verifyMost) {
		if err = r.lookFor(ctx, watch); err != nil {
			break
		}
		watch = without(watch, func(t *task) bool { return t.state == taskSeen || waited >= patience(t) })
		if len(watch) == 0 || ctx.Err() != nil {
			break
		}
		if r.sleeper()(ctx, pause) != nil { // interrupted: what has been seen has to do
			break
		}
		waited += pause
	}
	r.conclude(ctx, prove && r.goOn(ctx), err)
	r.blind = err != nil && r.stop != nil // no later phase will see more
}

// patience is for how long a task is looked for: what was accepted shows in the end, what failed may not be there.
func patience(t *task) time.Duration {
	if t.err == nil {
		return verifyFor
	}
	return settleFor
}

// doubtful are the tasks to look for.
func (r *running) doubtful(prove bool) []*task {
	var watch []*task
	for _, t := range r.sent {
		if t.state == taskSent && (prove || !t.proven) {
			watch = append(watch, t)
		}
	}
	for _, t := range r.unknown() {
		if !untouched(t.err) || goneAlready(t) {
			watch = append(watch, t)
		}
	}
	return watch
}

// unknown are the tasks that failed and may be tried again.
func (r *running) unknown() []*task {
	var out []*task
	for _, w := range r.all {
		for _, t := range w.tasks {
			if t.state == taskUnknown {
				out = append(out, t)
			}
		}
	}
	return out
}

// lookFor reads the lists once and judges the tasks.
func (r *running) lookFor(ctx context.Context, watch []*task) error {
	var steps []judged
	for _, t := range watch {
		steps = append(steps, t.step.(judged))
	}
	plan := r.review.Plan
	now, err := read(context.WithoutCancel(ctx), r.Client, plan.Org, listsOf(steps), len(plan.Base.ACLs)+r.total)
	if err != nil {
		return err
	}
	for i, t := range watch {
		all, none := steps[i].shows(now)
		failed := t.state == taskUnknown
		switch {
		case all:
			t.state = taskSeen
		case failed:
			t.maybe = !none
		}
		if m, ok := t.step.(maker); ok && all {
			r.made(m)
		}
		if all && failed {
			r.found(t)
		}
	}
	return nil
}

// found counts a task as done whose answer was lost.
func (r *running) found(t *task) {
	t.err = nil
	r.result.Rows += t.step.size()
	r.tell(t.step.size(), 0)
	if err := r.book.outcome(t, nil, false); err != nil {
		r.halt(err)
	}
}

// conclude says what those are that do not show.
func (r *running) conclude(ctx context.Context, prove bool, err error) {
	var left []*task
	for _, t := range r.sent {
		switch {
		case t.state != taskSent:
		case t.proven && (err != nil || ctx.Err() != nil || !prove): // the answer has to do, for now
			left = append(left, t)
		case braintrust.IsForbidden(err):
			left = append(left, t)
		default:
			r.unconfirmed(t, err)
		}
	}
	r.sent = left
	switch {
	case braintrust.IsForbidden(err):
		r.warn("the changes were accepted; reading them back is not permitted with this key")
	case err != nil && prove:
		r.halt(fmt.Errorf("read back what was changed: %w", err))
	}
}

// unconfirmed takes back that a task is done.
func (r *running) unconfirmed(t *task, err error) {
	what := t.step.Lines(r.Names)[0]
	t.state, t.maybe, t.err = taskFailed, true, &UnconfirmedError{What: what.Target}
	if err != nil {
		t.err = fmt.Errorf("read back %s: %w", what.Target, err)
	}
	r.result.Rows -= t.step.size()
	r.tell(-t.step.size(), 0)
	if err := r.book.outcome(t, t.err, true); err != nil {
		r.halt(err)
	}
}
