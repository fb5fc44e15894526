package change

import (
	"errors"
	"fmt"
	"time"

	"btadmin/pkg/braintrust"
)

// Reading back: servers may lag behind their writes by seconds.
const (
	verifyFor   = 30 * time.Second
	settleFor   = 6 * time.Second // longer than reads lag behind: what does not show by then was not done
	verifyFirst = 100 * time.Millisecond
	verifyMost  = 2 * time.Second
)

// poll asks until the answer is yes, for some time at most and until an interrupt.
func (e *execution) poll(limit time.Duration, ask func() (bool, error)) (bool, error) {
	wait := verifyFirst
	for waited := time.Duration(0); ; {
		yes, err := ask()
		if yes || err != nil || waited >= limit || e.stopping.Err() != nil {
			return yes, err
		}
		if err := e.sleep(e.ctx, wait); err != nil {
			return false, err
		}
		waited += wait
		wait = min(wait*2, verifyMost)
	}
}

// verify reads back until done says yes, for 30 s at most, unless all is read back together later.
func (e *execution) verify(what string, done func() (bool, error)) error {
	e.changed = true
	if e.later {
		e.unproven = true
		return nil
	}
	yes, err := e.poll(verifyFor, func() (bool, error) {
		yes, err := done()
		if braintrust.IsNotFound(err) { // not yet
			return false, nil
		}
		return yes, err
	})
	switch {
	case braintrust.IsForbidden(err):
		e.warn(what + ": the change was accepted; reading it back is not permitted with this key")
		return nil
	case err != nil:
		return fmt.Errorf("read back %s: %w", what, err)
	case !yes:
		return &UnconfirmedError{What: what}
	}
	return nil
}

// settle looks what became of a request whose answer does not tell. look reports whether everything that was
// wanted is there, and whether nothing is. The error comes back unless all is there. Nothing is looked at when all
// is read back together later.
func (e *execution) settle(err error, look func() (all, none bool, err error)) error {
	if e.later || untouched(err) {
		return err
	}
	before := e.changed // by an earlier part of the step
	e.changed = true
	var none bool
	all, lookErr := e.poll(settleFor, func() (all bool, err error) {
		all, none, err = look()
		return all, err
	})
	switch {
	case lookErr != nil:
		return errors.Join(err, fmt.Errorf("look what became of it: %w", lookErr))
	case all:
		return nil
	case none && e.stopping.Err() == nil:
		e.changed = before
		e.nothingChanged()
	}
	return err
}

// deleted looks what became of a deletion that failed. "Does not exist" may be the answer to its second attempt,
// or somebody else was faster; but a server also says so to whoever may not delete. read reads the thing.
func (e *execution) deleted(err error, read func() error) error {
	if err == nil {
		return nil
	}
	gone := func() (bool, error) {
		readErr := read()
		if braintrust.IsNotFound(readErr) {
			return true, nil
		}
		return false, readErr
	}
	if e.later || !braintrust.IsNotFound(err) || !untouched(err) {
		return e.settle(err, func() (all, none bool, err error) {
			all, err = gone()
			return all, !all, err
		})
	}
	yes, readErr := gone()
	if !yes {
		return errors.Join(err, readErr)
	}
	e.warn("it was gone already")
	return nil
}
