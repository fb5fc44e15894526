package change

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Reading back: servers may lag behind their writes by seconds.
const (
	verifyFor   = 30 * time.Second
	verifyFirst = 100 * time.Millisecond
	verifyMost  = 2 * time.Second
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
	if _, raw := change.(*RawRequest); raw {
		for i := range lines {
			lines[i].Detail = "" // a body may hold anything, a secret too
		}
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

// verify reads back until done says yes, for 30 s at most.
func (e *execution) verify(what string, done func() (bool, error)) error {
	e.changed = true
	wait := verifyFirst
	var waited time.Duration
	for {
		yes, err := done()
		if err != nil && !braintrust.IsNotFound(err) {
			if braintrust.IsForbidden(err) {
				e.warn(what + ": the change was accepted; reading it back is not permitted with this key")
				return nil
			}
			return fmt.Errorf("read back %s: %w", what, err)
		}
		if yes {
			return nil
		}
		if waited >= verifyFor || e.stopping.Err() != nil {
			return &UnconfirmedError{What: what}
		}
		if err := e.sleep(e.ctx, wait); err != nil {
			return err
		}
		waited += wait
		wait = min(wait*2, verifyMost)
	}
}

// settle looks what became of a request whose answer does not tell. look reports whether everything that was
// wanted is there, and whether nothing is. The error comes back unless all is there.
func (e *execution) settle(err error, look func() (all, none bool, err error)) error {
	if untouched(err) {
		return err
	}
	all, none, lookErr := look()
	switch {
	case lookErr != nil:
		return errors.Join(err, fmt.Errorf("look what became of it: %w", lookErr))
	case all:
		e.changed = true
		return nil
	case none:
		e.nothingChanged()
	}
	return err
}

// unproven is an answer that does not say what it should: something may have been changed.
func (e *execution) unproven(message string) error {
	e.changed = true
	return errors.New(message)
}

// goneAlready turns "does not exist" after a deletion that was sent more than once, or that somebody else
// was faster with, into success.
func (e *execution) goneAlready(err error) error {
	if err != nil && braintrust.IsNotFound(err) {
		e.warn("it was gone already")
		return nil
	}
	return err
}

// deliver hands a new secret over. A secret that cannot be handed over is lost, but its token works.
func (e *execution) deliver(sink Sink, secret braintrust.Secret, name string) error {
	e.changed = true
	if err := sink.Deliver(secret); err != nil {
		return fmt.Errorf("the token %q was created, but its secret could not be handed over: %w", name, err)
	}
	return nil
}

// orphans names the tokens that a lost answer may have left behind: their secret cannot be read again.
func (e *execution) orphans(m *MintToken, known map[string]bool, cause error) error {
	e.changed = true
	tokens, err := braintrust.Collect(e.client.ServiceTokens(e.ctx, braintrust.ServiceTokenFilter{Name: m.Name}))
	if err != nil {
		return fmt.Errorf("%w; the service tokens could not be listed to look for it: %w", cause, err)
	}
	var candidates []string
	for _, token := range tokens {
		if token.ServiceAccountID == m.AccountID && token.Name == m.Name && !known[token.ID] {
			candidates = append(candidates, fmt.Sprintf("%s (created %s)", token.ID, token.Created.UTC().Format(time.RFC3339)))
		}
	}
	if len(candidates) == 0 {
		return fmt.Errorf("%w; no new token %q of %s is listed, so none seems to have been made", cause, m.Name, m.Account)
	}
	return &OrphanError{Name: m.Name, Account: m.Account, Tokens: candidates, Err: cause}
}

// OrphanError says that a token may have been minted whose secret nobody has.
type OrphanError struct {
	Name, Account string
	Tokens        []string // ids with their times
	Err           error
}

// Error names the tokens.
func (e *OrphanError) Error() string {
	return fmt.Sprintf("%v; new tokens named %q of %s, whose secret nobody has: %s", e.Err, e.Name, e.Account, strings.Join(e.Tokens, ", "))
}

// Unwrap returns the cause.
func (e *OrphanError) Unwrap() error { return e.Err }

// Hint names the command that deletes an orphan.
func (e *OrphanError) Hint() string {
	id, _, _ := strings.Cut(e.Tokens[0], " ")
	return "delete the orphan with btadmin service-tokens delete " + id + ", then create the token again"
}

// aclsOn lists the grants on the nodes that items are attached to.
func (e *execution) aclsOn(items []braintrust.ACLItem) ([]braintrust.ACL, error) {
	var nodes []access.Node
	for _, item := range items {
		if node := access.NodeOf(item); !slices.Contains(nodes, node) {
			nodes = append(nodes, node)
		}
	}
	var all []braintrust.ACL
	for _, node := range nodes {
		acls, err := braintrust.Collect(e.client.ACLs(e.ctx, braintrust.ACLFilter{ObjectType: node.Type, ObjectID: node.ID}))
		if err != nil {
			return nil, err
		}
		all = append(all, acls...)
	}
	return all, nil
}
