package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/internal/sandbox"
	"btadmin/internal/sandbox/store"
	"btadmin/pkg/braintrust"
)

const (
	durationUnit = time.Millisecond
	// sandboxURL is never dialled: requests to the embedded organization stay in the process.
	sandboxURL  = "http://127.0.0.1"
	sandboxKey  = "owner-token"
	sandboxName = "sandbox"
)

// SandboxDir is the folder of the embedded organization, below the user's state folder.
func (a *App) SandboxDir() (string, error) {
	settings, err := a.Settings()
	if err != nil {
		return "", err
	}
	state, err := settings.StateDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(state, sandboxName), nil
}

// OpenSandbox opens the embedded organization. The first use seeds it; the owner's token of that moment is
// kept beside it, because the store itself has hashes only.
func (a *App) OpenSandbox(options sandbox.Options) (*sandbox.Server, error) {
	dir, err := a.SandboxDir()
	if err != nil {
		return nil, err
	}
	if err := atomicfile.MkdirPrivate(dir); err != nil {
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	server, err := sandbox.Open(dir, options)
	var locked *store.LockedError
	switch {
	case errors.As(err, &locked):
		return nil, exit.New(exit.Refused, err).WithHint(
			"another btadmin has it; if that is `btadmin sandbox serve`, use BRAINTRUST_API_URL and BRAINTRUST_API_KEY as it printed them")
	case errors.Is(err, store.ErrCorrupt), errors.Is(err, store.ErrForeign), errors.Is(err, store.ErrNewer), errors.Is(err, store.ErrOlder):
		return nil, exit.New(exit.Failure, err).WithHint("btadmin sandbox reset --yes makes a new one; the old files in %s are lost then", dir)
	case err != nil:
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	if err := a.KeepSandboxKey(server.Seeded().TokenKey); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

// KeepSandboxKey keeps the owner's token of a freshly seeded sandbox; an empty one is no new one.
func (a *App) KeepSandboxKey(key braintrust.Secret) error {
	if key.IsZero() {
		return nil
	}
	a.Remember(key)
	dir, err := a.SandboxDir()
	if err != nil {
		return err
	}
	if err := atomicfile.Write(filepath.Join(dir, sandboxKey), []byte(key.Reveal()+"\n"), 0o600, true); err != nil {
		return fmt.Errorf("keep the sandbox's token: %w", err)
	}
	return nil
}

// SandboxKey is the token of the owner with which --sandbox acts.
func (a *App) SandboxKey() (braintrust.Secret, error) {
	dir, err := a.SandboxDir()
	if err != nil {
		return braintrust.Secret{}, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, sandboxKey))
	if err != nil {
		return braintrust.Secret{}, exit.New(exit.Auth, fmt.Errorf("read the sandbox's token: %w", err)).
			WithHint("btadmin sandbox reset --yes makes a new sandbox with a new token")
	}
	return braintrust.NewSecret(strings.TrimSpace(string(raw))), nil
}

// sandboxConnection opens the embedded organization for the length of this run. BRAINTRUST_API_KEY may name
// another of its keys, so that what somebody else may do can be tried.
func (a *App) sandboxConnection() (connection, error) {
	server, err := a.OpenSandbox(sandbox.Options{})
	if err != nil {
		return connection{}, err
	}
	a.OnClose(server)
	settings, err := a.Settings()
	if err != nil {
		return connection{}, err
	}
	key := settings.EnvironmentKey()
	if key.IsZero() || !IsSandboxKey(key) {
		if key, err = a.SandboxKey(); err != nil {
			return connection{}, err
		}
	}
	return connection{baseURL: sandboxURL, key: key, next: server.Transport()}, nil
}

// IsSandboxKey reports whether a key was made by a sandbox.
func IsSandboxKey(key braintrust.Secret) bool {
	return strings.HasPrefix(key.Reveal(), sandbox.UserKeyPrefix) || strings.HasPrefix(key.Reveal(), sandbox.ServiceTokenPrefix)
}
