package credentials

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	keyring "github.com/zalando/go-keyring"

	"btadmin/pkg/braintrust"
)

// service is the name under which the keyring lists our entries; the user of an entry is the profile.
const service = "btadmin"

// DefaultDeadline is how long the keyring may take (A11): a locked one waits for a password that nobody sees.
const DefaultDeadline = 3 * time.Second

// errTimeout means that the keyring did not answer in time.
var errTimeout = errors.New("no answer in time; is it locked?")

// errBroken means that the library of the keyring panicked.
var errBroken = errors.New("the library that speaks to it broke down")

// Keyring is what the store needs of the operating system.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// KeyringError means that the operating system's keyring could not be used. Exit code 2.
type KeyringError struct {
	Op      string // "reading", "saving" or "deleting"
	Profile string
	Err     error
}

// Error says what was being done.
func (e *KeyringError) Error() string {
	return fmt.Sprintf("%s the key of profile %s: the keyring of the operating system: %v", e.Op, e.Profile, e.Err)
}

// Unwrap returns the cause.
func (e *KeyringError) Unwrap() error { return e.Err }

// Hint names the ways around the keyring.
func (e *KeyringError) Hint() string {
	if e.Op == opSave {
		return "set BRAINTRUST_API_KEY instead, or keep the key in a file that only you can read: btadmin auth login --insecure-storage"
	}
	return "unlock it and try again, or set BRAINTRUST_API_KEY"
}

const (
	opRead   = "reading"
	opSave   = "saving"
	opDelete = "deleting"
)

// system is the real keyring.
type system struct{}

func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (system) Set(service, user, secret string) error { return keyring.Set(service, user, secret) }

func (system) Delete(service, user string) error { return keyring.Delete(service, user) }

// ring is the keyring with a deadline.
type ring struct {
	keyring   Keyring
	available func() error // why the keyring cannot be asked at all; nil: it may
	deadline  time.Duration
}

func (r ring) get(ctx context.Context, profile string) (string, error) {
	var secret string
	err := r.call(ctx, opRead, profile, func() (err error) {
		secret, err = r.keyring.Get(service, profile)
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

func (r ring) set(ctx context.Context, profile string, key braintrust.Secret) error {
	return r.call(ctx, opSave, profile, func() error {
		return withoutKey(r.keyring.Set(service, profile, key.Reveal()), key)
	})
}

// delete is done when nothing is there any more.
func (r ring) delete(ctx context.Context, profile string) error {
	err := r.call(ctx, opDelete, profile, func() error { return r.keyring.Delete(service, profile) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// call runs one use of the keyring in a goroutine of its own, because the library knows no deadline. One that hangs is
// left behind: the process ends soon, and nothing of ours waits for it. A result of a call that was given up is not
// looked at.
func (r ring) call(ctx context.Context, op, profile string, use func() error) error {
	fail := func(err error) error { return &KeyringError{Op: op, Profile: profile, Err: err} }
	if err := r.available(); err != nil {
		return fail(err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.deadline, errTimeout)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil { // its value may hold the key
				done <- errBroken
			}
		}()
		done <- use()
	}()
	select {
	case err := <-done:
		if err != nil {
			return fail(err)
		}
		return nil
	case <-ctx.Done():
		return fail(context.Cause(ctx))
	}
}

// withoutKey keeps a careless error of the keyring from repeating what it was given.
func withoutKey(err error, key braintrust.Secret) error {
	if err == nil || !strings.Contains(err.Error(), key.Reveal()) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), key.Reveal(), key.String()))
}
