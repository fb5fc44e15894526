package app

import (
	"context"
	"fmt"

	"btadmin/internal/config"
	"btadmin/internal/namecache"
	"btadmin/internal/resolve"
)

// NameCache is where the names that this run's credential sees are kept for the TAB key.
func (a *App) NameCache() (*namecache.Cache, error) {
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	folder, err := settings.CacheDir()
	if err != nil {
		return nil, err
	}
	whose := settings.Profile()
	if settings.KeySource() == config.KeyEnvironment {
		whose = "key " + settings.EnvironmentKey().Reveal() // only its hash is kept
	}
	return namecache.New(folder, a.Now, settings.APIURL(), settings.OrgName(), whose), nil
}

// KeyringNeeded reports whether the key of this run is in the keyring, which may ask its owner something.
func (a *App) KeyringNeeded() bool {
	settings, err := a.Settings()
	if err != nil || settings.Sandbox() || settings.KeySource() != config.KeyProfile {
		return false
	}
	p, err := settings.FindProfile(settings.Profile())
	return err != nil || p.SecretAt != config.InFile
}

// LoadedNames returns what this run has listed, without opening anything; false when it has looked nothing up.
func (a *App) LoadedNames() (resolve.Loaded, bool) {
	if !a.resolver.done || a.resolver.err != nil {
		return resolve.Loaded{}, false
	}
	return a.resolver.value.Loaded(), true
}

// SeenNames returns the names that this run knows by now, without opening anything; false when it has looked nothing up.
func (a *App) SeenNames() (resolve.Seen, bool) {
	if !a.resolver.done || a.resolver.err != nil {
		return resolve.Seen{}, false
	}
	return a.resolver.value.Seen(), true
}

// Quietly prepares the run of a completion: it says nothing, asks nothing, and fails in silence.
func (a *App) Quietly(_ context.Context) error {
	a.Flags.Quiet, a.Flags.NoInput, a.Flags.Debug = true, true, false
	if err := a.Start(); err != nil {
		return fmt.Errorf("complete: %w", err)
	}
	return nil
}
