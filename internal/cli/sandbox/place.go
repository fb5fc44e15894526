package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/internal/sandbox"
	"btadmin/internal/sandbox/store"
	"btadmin/pkg/braintrust"
)

// place is where a sandbox lives: the folder that --sandbox uses, or another one for test suites that want
// their own.
type place struct{ dir string }

func (p *place) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.dir, "dir", "", "keep the sandbox in this folder instead of the one that --sandbox uses")
}

const (
	storeFile = "sandbox.db"
	keyFile   = "owner-token"
)

func (p place) folder(a *app.App) (string, error) {
	if p.dir == "" {
		return a.SandboxDir()
	}
	dir, err := filepath.Abs(p.dir)
	if err != nil {
		return "", fmt.Errorf("find the folder %s: %w", p.dir, err)
	}
	return dir, nil
}

// exists reports whether there is something to be replaced, damaged or not.
func (p place) exists(a *app.App) (bool, error) {
	dir, err := p.folder(a)
	if err != nil {
		return false, err
	}
	_, err = os.Lstat(filepath.Join(dir, storeFile))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the sandbox: %w", err)
	}
	return true, nil
}

// open opens the sandbox, which is seeded when it is new; its owner's token is then kept beside it.
func (p place) open(a *app.App, options sandbox.Options) (*sandbox.Server, error) {
	if p.dir == "" {
		return a.OpenSandbox(options)
	}
	dir, err := p.folder(a)
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
		return nil, exit.New(exit.Refused, err)
	case unreadable(err):
		return nil, exit.New(exit.Failure, err).WithHint("btadmin sandbox reset --yes --dir %s makes a new one; what was there is lost then", dir)
	case err != nil:
		return nil, fmt.Errorf("open the sandbox in %s: %w", dir, err)
	}
	if err := p.keep(a, server.Seeded().TokenKey); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

// unreadable reports whether a store can only be thrown away by this program.
func unreadable(err error) bool {
	for _, kind := range []error{store.ErrCorrupt, store.ErrForeign, store.ErrNewer, store.ErrOlder} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// discard removes a store that cannot be opened.
func (p place) discard(a *app.App) error {
	dir, err := p.folder(a)
	if err != nil {
		return err
	}
	for _, suffix := range []string{"-shm", "-wal", ""} {
		if err := os.Remove(filepath.Join(dir, storeFile+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the damaged sandbox: %w", err)
		}
	}
	return nil
}

// keep keeps the owner's token of a freshly seeded sandbox: the store has its hash only.
func (p place) keep(a *app.App, key braintrust.Secret) error {
	if p.dir == "" || key.IsZero() {
		return a.KeepSandboxKey(key)
	}
	a.Remember(key)
	dir, err := p.folder(a)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(filepath.Join(dir, keyFile), []byte(key.Reveal()+"\n"), 0o600, true); err != nil {
		return fmt.Errorf("keep the sandbox's token: %w", err)
	}
	return nil
}

// key is the owner's token of the last seeding.
func (p place) key(a *app.App) (braintrust.Secret, error) {
	if p.dir == "" {
		return a.SandboxKey()
	}
	dir, err := p.folder(a)
	if err != nil {
		return braintrust.Secret{}, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return braintrust.Secret{}, exit.New(exit.Auth, fmt.Errorf("read the sandbox's token: %w", err))
	}
	return braintrust.NewSecret(strings.TrimSpace(string(raw))), nil
}
