package credentials_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"btadmin/internal/atomicfile"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

func inFile(name string) config.Profile {
	return config.Profile{Name: name, SecretAt: config.InFile}
}

// fileStore has a keyring that must not be asked.
func fileStore(t *testing.T) (store *credentials.Store, folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "btadmin")
	m := &memory{entries: map[string]string{"btadmin/prod": "sk-of-the-keyring"}}
	t.Cleanup(func() {
		if m.calls != 0 {
			t.Errorf("the keyring was asked %d times", m.calls)
		}
	})
	return credentials.NewStore(credentials.Options{
		Keyring: m, ConfigDir: func() (string, error) { return folder, nil },
	}), folder
}

func TestKeyFile_A6(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	store, folder := fileStore(t)
	path := filepath.Join(folder, "keys", "profile-prod.key")
	for _, key := range []string{canary, canary + "2"} { // the second replaces the first
		if err := store.Save(ctx, inFile("prod"), braintrust.NewSecret(key)); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Find(ctx, inFile("prod")); err != nil || got.Reveal() != key {
			t.Fatalf("found: %v", err)
		}
	}
	for at, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600} {
		info, err := os.Stat(at)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s: mode %04o, want %04o", at, info.Mode().Perm(), want)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
	for range 2 {
		if err := store.Delete(ctx, inFile("prod")); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestKeyFileRefused_A6(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"readable by the group", func(t *testing.T, path string) { write(t, path, 0o640) }, "open to others (mode 0640)"},
		{"readable by everybody", func(t *testing.T, path string) { write(t, path, 0o604) }, "open to others (mode 0604)"},
		{"writable by everybody", func(t *testing.T, path string) { write(t, path, 0o602) }, "open to others (mode 0602)"},
		{"a link", func(t *testing.T, path string) {
			target := filepath.Join(t.TempDir(), "target")
			write(t, target, 0o600)
			if err := os.Symlink(target, path); err != nil {
				t.Fatal(err)
			}
		}, atomicfile.ErrNotRegular.Error()},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, atomicfile.ErrNotRegular.Error()},
		{"missing", func(*testing.T, string) {}, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			store, folder := fileStore(t)
			path := filepath.Join(folder, "keys", "profile-prod.key")
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			tt.make(t, path)
			_, err := store.Find(context.Background(), inFile("prod"))
			if err == nil || !strings.Contains(err.Error(), tt.want) || codeOf(err) != exit.Auth {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Error("the key is in the error")
			}
		})
	}
}

// A link in the place of a key file is not written through.
func TestKeyFileLink_A6(t *testing.T) {
	t.Parallel()
	store, folder := fileStore(t)
	path := filepath.Join(folder, "keys", "profile-prod.key")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	err := store.Save(context.Background(), inFile("prod"), braintrust.NewSecret(canary))
	if codeOf(err) != exit.Auth || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("%v", err)
	}
	if data, err := os.ReadFile(target); err != nil || string(data) != "before" {
		t.Errorf("the target is %q, %v", data, err)
	}
}

func TestNamesAreNoPaths_A6(t *testing.T) {
	t.Parallel()
	store, folder := fileStore(t)
	for _, name := range []string{"../x", "a/b", "", "sandbox", "A"} {
		if err := store.Save(context.Background(), inFile(name), braintrust.NewSecret(canary)); err == nil {
			t.Errorf("%q was saved", name)
		}
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("something was written")
	}
}

// Reading looks in one place only, and saving in the keyring never ends in a file.
func TestNoFallThrough_A6(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	folder := t.TempDir()
	m := &memory{entries: map[string]string{}, err: errors.New("locked")}
	store := credentials.NewStore(credentials.Options{Keyring: m, ConfigDir: func() (string, error) { return folder, nil }})
	if err := store.Save(ctx, inFile("prod"), braintrust.NewSecret(canary)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Find(ctx, inKeyring("prod")); err == nil {
		t.Error("the file answered for the keyring")
	}
	if err := store.Save(ctx, inKeyring("other"), braintrust.NewSecret(canary)); err == nil {
		t.Error("a locked keyring saved")
	}
	if _, err := os.Stat(filepath.Join(folder, "keys", "profile-other.key")); err == nil {
		t.Error("the key went to a file that nobody asked for")
	}
	if _, err := store.Find(ctx, config.Profile{Name: "prod"}); codeOf(err) != exit.Auth {
		t.Errorf("a profile without a place: %v", err)
	}
}

func write(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(canary+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
