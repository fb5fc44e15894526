package credentials

import (
	"context"
	"errors"

	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// ErrNone means that no credential is configured. Its exit code is 2.
var ErrNone = errors.New("not logged in: no profile is configured and BRAINTRUST_API_KEY is not set")

// Found is the key of a run and where it was.
type Found struct {
	Key     braintrust.Secret
	Source  config.KeySource
	Profile config.Profile // zero for the environment's key
}

// ForSettings returns the store that belongs to settings: the operating system's keyring, and the key files below
// their configuration folder.
func ForSettings(s *config.Settings) *Store {
	return NewStore(Options{Env: s.Getenv, ConfigDir: s.ConfigDir})
}

// Find fetches the key that the settings choose. The sandbox knows its own key and is not asked for here.
func Find(ctx context.Context, s *config.Settings) (Found, error) {
	return ForSettings(s).Choose(ctx, s)
}

// Choose is Find in this store: the environment's key, which never touches the keyring, or the profile's.
func (s *Store) Choose(ctx context.Context, settings *config.Settings) (Found, error) {
	switch settings.KeySource() {
	case config.KeyEnvironment:
		key, err := ParseKey(settings.EnvironmentKey().Reveal())
		if err != nil {
			return Found{}, exit.Newf(exit.BadInput, "reading BRAINTRUST_API_KEY: %w", err)
		}
		return Found{Key: key, Source: config.KeyEnvironment}, nil
	case config.KeyProfile:
		if err := settings.CheckProfile(); err != nil {
			return Found{}, err
		}
		p, err := settings.FindProfile(settings.Profile())
		if err != nil {
			return Found{}, err
		}
		key, err := s.Find(ctx, p)
		if err != nil {
			return Found{}, err
		}
		return Found{Key: key, Source: config.KeyProfile, Profile: p}, nil
	}
	return Found{}, None()
}

// None is ErrNone with its exit code and the two ways on.
func None() error {
	return exit.New(exit.Auth, ErrNone).
		WithHint("log in with: btadmin auth login; or try everything without an account: add --sandbox, or run btadmin sandbox tour")
}
