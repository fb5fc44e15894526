package credentials

import (
	"context"
	"errors"
	"fmt"
	"time"

	keyring "github.com/zalando/go-keyring"

	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// Options say where keys are kept. The zero value of each field but Env and ConfigDir is the real thing.
type Options struct {
	Env       func(string) string
	ConfigDir func() (string, error) // the folder above the key files; made already before Save
	Keyring   Keyring                // nil: the operating system's
	Deadline  time.Duration          // of one use of the keyring; 0: three seconds
}

// Store keeps the keys of profiles, each at the one place that its profile names. It never looks at another.
type Store struct {
	ring      ring
	configDir func() (string, error)
}

// NewStore opens nothing.
func NewStore(o Options) *Store {
	r := ring{keyring: o.Keyring, deadline: o.Deadline, available: func() error { return nil }}
	if r.keyring == nil {
		r.keyring = system{}
		r.available = func() error { return available(o.Env) }
	}
	if r.deadline == 0 {
		r.deadline = DefaultDeadline
	}
	return &Store{ring: r, configDir: o.ConfigDir}
}

// Check reports whether the place of a profile can be used at all, before somebody types a key for it. It asks nobody:
// a locked keyring is found out when it is used.
func (s *Store) Check(p config.Profile) error {
	if p.SecretAt != config.InKeyring {
		return nil
	}
	if err := s.ring.available(); err != nil {
		return auth(&KeyringError{Op: opSave, Profile: p.Name, Err: err})
	}
	return nil
}

// Find fetches the key of a profile. Errors carry exit code 2 and say what to do.
func (s *Store) Find(ctx context.Context, p config.Profile) (braintrust.Secret, error) {
	raw, err := s.read(ctx, p)
	if errors.Is(err, keyring.ErrNotFound) {
		return braintrust.Secret{}, exit.Newf(exit.Auth, "the keyring has no key for profile %s", p.Name).
			WithHint("btadmin auth login --profile %s", p.Name)
	}
	if err != nil {
		return braintrust.Secret{}, auth(err)
	}
	key, err := ParseKey(raw)
	if err != nil {
		return braintrust.Secret{}, exit.Newf(exit.Auth, "reading the key of profile %s: %w", p.Name, err).
			WithHint("btadmin auth login --profile %s", p.Name)
	}
	return key, nil
}

func (s *Store) read(ctx context.Context, p config.Profile) (string, error) {
	switch p.SecretAt {
	case config.InKeyring:
		return s.ring.get(ctx, p.Name)
	case config.InFile:
		dir, err := s.configDir()
		if err != nil {
			return "", err
		}
		return readKeyFile(dir, p.Name)
	}
	return "", exit.Newf(exit.Auth, "profile %s is logged out", p.Name).
		WithHint("btadmin auth login --profile %s", p.Name)
}

// Save keeps a key for a profile at the place that the profile names. Errors carry exit code 2 and say what to do.
func (s *Store) Save(ctx context.Context, p config.Profile, key braintrust.Secret) error {
	if err := config.CheckProfileName(p.Name); err != nil {
		return err // it becomes part of a file name
	}
	switch p.SecretAt {
	case config.InKeyring:
		return auth(s.ring.set(ctx, p.Name, key))
	case config.InFile:
		dir, err := s.configDir()
		if err != nil {
			return err
		}
		return auth(saveFile(dir, p.Name, key))
	}
	return fmt.Errorf("saving the key of profile %s: no such place: %q", p.Name, p.SecretAt)
}

// Delete removes the key of a profile from its place. A key that is not there is no error.
func (s *Store) Delete(ctx context.Context, p config.Profile) error {
	switch p.SecretAt {
	case config.InKeyring:
		return auth(s.ring.delete(ctx, p.Name))
	case config.InFile:
		dir, err := s.configDir()
		if err != nil {
			return err
		}
		return auth(deleteFile(dir, p.Name))
	}
	return nil
}

// auth gives an error its exit code and keeps its hint. An interruption is none of the keyring's.
func auth(err error) error {
	var already *exit.Error
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &already) {
		return err
	}
	coded := exit.New(exit.Auth, err)
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) {
		coded.Hint = hinter.Hint()
	}
	return coded
}
