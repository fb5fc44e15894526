package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// execution is one step on its way: what it may use, and what it has learnt. Requests under way are not
// broken off by an interrupt: ctx is not cancelled by it, stopping is.
type execution struct {
	ctx      context.Context // for requests
	stopping context.Context // ended by the first interrupt
	client   *braintrust.Client
	ids      map[string]string // placeholders -> what they became
	sleep    func(context.Context, time.Duration) error
	chunk    int
	progress func(rows int)
	warnings *[]string
	names    Namer
	before   func(change any, lines []Line) error // writes an intent
	after    func(err error) error                // writes its outcome

	changed bool // this step changed something, or may have
	intact  bool // the server says that nothing was changed
}

func (e *execution) orgName() string { return e.client.OrgName() }

func (e *execution) warn(message string) { *e.warnings = append(*e.warnings, message) }

// nothingChanged notes that the step failed without changing anything.
func (e *execution) nothingChanged() { e.intact = true }

// unsent is the error of something that had to be read before anything was sent.
func (e *execution) unsent(err error) error {
	e.nothingChanged()
	return err
}

// do runs one step between its intent and its outcome. Steps of many rows write their own, a chunk each.
func (e *execution) do(step Step) error {
	if _, chunked := step.(interface{ chunked() }); chunked {
		return step.run(e)
	}
	return e.noted(step, func() error { return step.run(e) })
}

// noted sends something between its intent and its outcome.
func (e *execution) noted(change Step, send func() error) error {
	lines := change.Lines(e.names)
	if raw, is := change.(*RawRequest); is {
		lines = []Line{{Action: "send", Target: raw.Method + " " + raw.Path}}
	}
	if err := e.before(change, lines); err != nil {
		e.nothingChanged()
		return err
	}
	err := send()
	if journalErr := e.after(err); journalErr != nil {
		e.changed = true
		return errors.Join(err, journalErr)
	}
	return err
}

// chunks runs do for rows [from, to) of the chunk size, and stops between two when interrupted. change is
// what the journal keeps of a chunk.
func (e *execution) chunks(rows int, change func(from, to int) Step, do func(from, to int) error) error {
	for from := 0; from < rows; from += e.chunk {
		if from > 0 && e.stopping.Err() != nil {
			return context.Cause(e.stopping)
		}
		to := min(from+e.chunk, rows)
		if err := e.noted(change(from, to), func() error { return do(from, to) }); err != nil {
			return err
		}
		e.changed = true
		e.progress(to - from)
	}
	return nil
}

// unproven is an answer that does not say what it should: something may have been changed.
func (e *execution) unproven(message string) error {
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
