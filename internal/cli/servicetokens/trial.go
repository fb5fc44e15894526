package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"time"

	"btadmin/internal/tokensink"
	"btadmin/pkg/braintrust"
)

// How long a new token may take to work: servers may lag behind their writes by seconds.
const (
	trialFor   = 30 * time.Second
	trialFirst = 100 * time.Millisecond
	trialMost  = 2 * time.Second
)

// trial is a sink that uses the new token once it has been handed over.
type trial struct {
	*tokensink.Sink
	minter *minter
	ctx    context.Context
	old    braintrust.ServiceToken
	wait   func(context.Context, time.Duration) error
	client *braintrust.Client // with the new token
	passed bool
	kept   bool // the sandbox's own key was replaced
}

// trialError says that a new token was handed over and does not work.
type trialError struct{ err error }

// Error says why.
func (e *trialError) Error() string { return "the new token does not work: " + e.err.Error() }

// Unwrap returns the cause.
func (e *trialError) Unwrap() error { return e.err }

// Deliver hands the secret over and logs in with it.
func (t *trial) Deliver(secret braintrust.Secret) error {
	if err := t.Sink.Deliver(secret); err != nil {
		return err
	}
	if err := t.try(secret); err != nil {
		return &trialError{err}
	}
	t.passed = true
	return t.keep(secret)
}

// try uses the token until the server knows it.
func (t *trial) try(secret braintrust.Secret) error {
	a, main := t.minter.app, t.minter.client
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	if t.client, err = a.NewClient(settings, main.BaseURL(), secret, main.OrgName(), a.Transport()); err != nil {
		return err
	}
	org, err := t.minter.resolver.Organization(t.ctx)
	if err != nil {
		return err
	}
	pause := trialFirst
	for waited := time.Duration(0); ; waited += pause {
		err := t.login(org.ID)
		if err == nil || !unknownYet(err) || waited >= trialFor {
			return err
		}
		if err := t.sleep(pause); err != nil {
			return err
		}
		pause = min(2*pause, trialMost)
	}
}

// login asks for the organization and, where the server says who a key is, for the account.
func (t *trial) login(orgID string) error {
	if _, err := t.client.Organization(t.ctx, orgID); err != nil {
		return err
	}
	id, known, err := t.client.Ping(t.ctx)
	if err != nil {
		return err
	}
	if known && id != t.old.ServiceAccountID {
		return fmt.Errorf("the server takes it for the key of %s, not of %s", id, t.old.ServiceAccountID)
	}
	return nil
}

func unknownYet(err error) bool {
	return braintrust.IsUnauthorized(err) || braintrust.IsForbidden(err) || braintrust.IsNotFound(err)
}

func (t *trial) sleep(d time.Duration) error {
	if t.wait != nil {
		return t.wait(t.ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.ctx.Done():
		return context.Cause(t.ctx)
	case <-timer.C:
		return nil
	}
}

// oldIsGone looks for the old token with the key in use; where that is refused, it was the old token itself,
// and the new one, which then has the same power, looks.
func (t *trial) oldIsGone(ctx context.Context) bool {
	_, err := t.minter.client.ServiceToken(ctx, t.old.ID)
	if braintrust.IsUnauthorized(err) {
		_, err = t.client.ServiceToken(ctx, t.old.ID)
	}
	return braintrust.IsNotFound(err)
}

// keep stores the new token as the key of the embedded sandbox, when it is its own key that is rotated:
// nobody else could, and --sandbox would have none.
func (t *trial) keep(secret braintrust.Secret) error {
	a := t.minter.app
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	if !settings.Sandbox() || t.minter.caller.CredentialID != t.old.ID || !settings.EnvironmentKey().IsZero() {
		return nil
	}
	if err := a.KeepSandboxKey(secret); err != nil {
		return errors.Join(errors.New("the sandbox's key could not be replaced"), err)
	}
	t.kept = true
	return nil
}
