package change

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// execution is one task on its way: what it may use, and what it has learnt. Requests under way are not
// broken off by an interrupt: ctx is not cancelled by it, stopping is.
type execution struct {
	ctx      context.Context // for requests
	stopping context.Context // ended by the first interrupt
	client   *braintrust.Client
	sleep    func(context.Context, time.Duration) error
	names    Namer
	task     *task
	book     *book
	warn     func(message string)
	// later says that lists are read after the phase, which show what became of everything at once: nothing is
	// looked up for this task alone.
	later bool

	changed  bool // this task changed something, or may have
	intact   bool // the server says that nothing was changed
	unproven bool // it was accepted, but the answer does not show it
}

func (e *execution) orgName() string { return e.client.OrgName() }

// nothingChanged notes that the task failed without changing anything.
func (e *execution) nothingChanged() { e.intact = true }

// unsent is the error of something that had to be read before anything was sent.
func (e *execution) unsent(err error) error {
	e.nothingChanged()
	return err
}

// preparer is a step that has to know something of the organization before its intent is written, for the journal.
type preparer interface{ prepare(e *execution) error }

// do runs the task between its intent and its outcome.
func (e *execution) do() error {
	step := e.task.step
	e.ctx = braintrust.Patient(e.ctx)
	if p, ok := step.(preparer); ok {
		if err := p.prepare(e); err != nil {
			return e.unsent(err)
		}
	}
	lines := step.Lines(e.names)
	if raw, is := step.(*RawRequest); is {
		lines = []Line{{Action: "send", Target: raw.Method + " " + raw.Path}}
	}
	if err := e.book.intent(e.task, lines); err != nil {
		e.nothingChanged()
		return err
	}
	var ids writeIDs
	e.ctx = braintrust.Watch(e.ctx, ids.note)
	err := step.run(e)
	e.task.ids = ids.list
	if journalErr := e.book.outcome(e.task, err, !e.intact && !untouched(err)); journalErr != nil {
		e.changed = true
		return errors.Join(err, journalErr)
	}
	return err
}

// again reports whether a thing that a creation found may be the work of an earlier attempt, whose answer was lost.
func (e *execution) again(attempts int) bool { return attempts > 1 || e.task.tried }

// writeIDs collects the ids of the requests of one task that may have written.
type writeIDs struct {
	mu   sync.Mutex
	list []string
}

func (w *writeIDs) note(x braintrust.Exchange) {
	if x.RequestID == "" || x.Method == "GET" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, x.RequestID)
}

// unprovenAnswer is an answer that does not say what it should: something may have been changed.
func (e *execution) unprovenAnswer(message string) error {
	e.changed = true
	return errors.New(message)
}

// deliver hands a new secret over. A secret that cannot be handed over is lost, but its token works.
func (e *execution) deliver(sink Sink, secret braintrust.Secret, name string) error {
	e.changed = true
	if err := sink.Deliver(secret); err != nil {
		return fmt.Errorf("the token %q was created, but its secret could not be handed over: %w", name, err)
	}
	return nil
}

// aclsOn lists the grants on the nodes that items are attached to. hidden says that one of them is gone, or
// cannot be seen with this key.
func (e *execution) aclsOn(items []braintrust.ACLItem) (all []braintrust.ACL, hidden bool, err error) {
	seen := map[access.Node]bool{}
	for _, item := range items {
		node := access.NodeOf(item)
		if seen[node] {
			continue
		}
		seen[node] = true
		acls, err := braintrust.Collect(e.client.ACLs(e.ctx, braintrust.ACLFilter{ObjectType: node.Type, ObjectID: node.ID}))
		switch {
		case braintrust.IsNotFound(err):
			hidden = true
		case err != nil:
			return nil, false, err
		}
		all = append(all, acls...)
	}
	return all, hidden, nil
}
