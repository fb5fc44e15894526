package change

import (
	"context"
	"errors"
	"slices"

	"btadmin/internal/change/journal"
	"btadmin/internal/parallel"
	"btadmin/pkg/braintrust"
)

const (
	defaultParallelism = 8
	// mostHalves bounds how often refused parts are cut in two, so that a server which refuses everything is not
	// asked about each row.
	mostHalves = 64
)

// errBroken stands for the outcome of a task whose goroutine has panicked; nobody sees it, the panic goes on.
var errBroken = errors.New("broken off")

// dispatch sends what is open, several at once, each when what it depends on is done. It begins nothing new once
// the run is halted or interrupted, and returns when nothing is in flight. Refused parts are cut in two: all tasks
// there are then come back.
func (r *running) dispatch(ctx context.Context, tasks []*task) []*task {
	all, open := tasks, slices.Clone(tasks)
	flying, landed := 0, make(chan *task)
	var group parallel.Group
	for {
		for flying < r.parallelism() && r.goOn(ctx) {
			var t *task
			if t, open = next(open); t == nil {
				break
			}
			t.step.bind(r.ids)
			flying++
			group.Go(func() error {
				t.err = errBroken
				defer func() { landed <- t }()
				r.send(ctx, t)
				return nil
			})
		}
		if flying == 0 {
			break
		}
		t := <-landed
		flying--
		if halves := r.judge(t); halves != nil {
			all = replace(all, t, halves)
			open = append(open, halves...)
		}
	}
	_ = group.Wait() // panics for those who did
	return all
}

func (r *Runner) parallelism() int {
	if r.Parallelism > 0 {
		return r.Parallelism
	}
	return defaultParallelism
}

// next takes the first task out of open whose dependencies are done. Those that will never be done are marked.
func next(open []*task) (*task, []*task) {
	for i := 0; i < len(open); i++ {
		t := open[i]
		ready := t.state == taskOpen
		for _, before := range t.after {
			ready = ready && before.done()
			if before.over() && t.state == taskOpen {
				t.state = taskLeft
			}
		}
		for _, before := range t.behind {
			ready = ready && before.state != taskOpen
		}
		if t.state != taskOpen {
			open = slices.Delete(open, i, i+1)
			i--
			continue
		}
		if ready {
			return t, slices.Delete(open, i, i+1)
		}
	}
	return nil, open
}

func replace(tasks []*task, old *task, by []*task) []*task {
	i := slices.Index(tasks, old)
	return slices.Replace(slices.Clone(tasks), i, i+1, by...)
}

// send runs one task. It is called from a goroutine of its own and touches nothing but the task.
func (r *running) send(ctx context.Context, t *task) {
	e := r.execution(ctx, t)
	err := e.do()
	t.err, t.proven = err, err == nil && !e.unproven
	t.maybe = t.maybe || e.changed || err == nil
	if err != nil && !e.intact && !untouched(err) {
		t.maybe = true
	}
}

// judge says how far a task is that has landed, counts it, and decides what its failure means for the others. It
// returns the halves that take the place of a refused part.
func (r *running) judge(t *task) []*task {
	if m, ok := t.step.(maker); ok && t.err == nil {
		r.made(m)
	}
	switch {
	case t.err == nil:
		t.state = taskSent
		if r.looksBack(t) {
			r.sent = append(r.sent, t)
		}
		r.result.Rows += t.step.size()
		r.tell(t.step.size(), 0)
		return nil
	case errors.Is(t.err, errBroken) || is[*journal.WriteError](t.err):
		t.state = taskFailed
		r.halt(t.err)
	case braintrust.IsUnauthorized(t.err) || braintrust.IsForbidden(t.err):
		t.state = taskFailed
		r.halt(t.err) // one's own access may be gone: everything else would fail as well
	case !r.long():
		t.state = taskFailed
		r.halt(t.err)
	case r.looksBack(t) && (braintrust.IsTransient(t.err) || goneAlready(t)):
		t.state, t.tried = taskUnknown, true
		if r.Client.Exhausted() { // it fails again and again, and not for this task alone
			r.halt(t.err)
		}
	case r.Client.Exhausted():
		t.state = taskFailed
		r.halt(t.err)
	default:
		t.state = taskFailed
		return r.halve(t)
	}
	return nil
}

// goneAlready reports whether a deletion found nothing: an earlier attempt of it may have been the one, or somebody
// else was faster. A server also says so to whoever may not delete.
func goneAlready(t *task) bool { return t.step.phase() == phaseDelete && braintrust.IsNotFound(t.err) }

// looksBack reports whether reading lists tells what became of a task.
func (r *running) looksBack(t *task) bool {
	_, ok := t.step.(judged)
	return ok
}

func (r *running) made(m maker) {
	for _, one := range m.made() {
		r.ids[one.Placeholder] = one.ID
	}
}

// halve cuts a refused part in two, when it is still to be found out which of its rows are refused.
func (r *running) halve(t *task) []*task {
	if !untouched(t.err) || r.halves >= mostHalves || t.maybe {
		return nil
	}
	halves := r.all[t.number].halve(t)
	if halves != nil {
		r.halves++
	}
	return halves
}
