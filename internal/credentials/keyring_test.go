package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	keyring "github.com/zalando/go-keyring"

	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

func codeOf(err error) exit.Code {
	var e *exit.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return exit.Failure
}

func hintOf(err error) string {
	var e *exit.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// memory is a keyring in memory; err, when set, answers everything.
type memory struct {
	entries map[string]string
	err     error
	calls   int
}

func (m *memory) Get(service, user string) (string, error) {
	m.calls++
	if m.err != nil {
		return "", m.err
	}
	secret, ok := m.entries[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return secret, nil
}

func (m *memory) Set(service, user, secret string) error {
	m.calls++
	if m.err != nil {
		return m.err
	}
	m.entries[service+"/"+user] = secret
	return nil
}

func (m *memory) Delete(service, user string) error {
	m.calls++
	if m.err != nil {
		return m.err
	}
	if _, ok := m.entries[service+"/"+user]; !ok {
		return keyring.ErrNotFound
	}
	delete(m.entries, service+"/"+user)
	return nil
}

// hanging is a locked keyring: it answers when the test ends.
type hanging chan struct{}

func (h hanging) Get(string, string) (string, error) { <-h; return canary, nil }
func (h hanging) Set(string, string, string) error   { <-h; return nil }
func (h hanging) Delete(string, string) error        { <-h; return nil }

func inKeyring(name string) config.Profile {
	return config.Profile{Name: name, SecretAt: config.InKeyring}
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := &memory{entries: map[string]string{}}
	store := credentials.NewStore(credentials.Options{Keyring: m})
	p := inKeyring("prod")
	if _, err := store.Find(ctx, p); codeOf(err) != exit.Auth || hintOf(err) != "btadmin auth login --profile prod" {
		t.Errorf("nothing there: %v", err)
	}
	if err := store.Save(ctx, p, braintrust.NewSecret(canary)); err != nil {
		t.Fatal(err)
	}
	if m.entries["btadmin/prod"] != canary {
		t.Errorf("saved: %v", m.entries)
	}
	if key, err := store.Find(ctx, p); err != nil || key.Reveal() != canary {
		t.Errorf("found: %v", err)
	}
	for range 2 { // what is not there is no error
		if err := store.Delete(ctx, p); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if len(m.entries) != 0 {
		t.Errorf("left: %d entries", len(m.entries))
	}
}

func TestKeyringTrouble_A11(t *testing.T) {
	t.Parallel()
	release := make(hanging)
	t.Cleanup(func() { close(release) })
	noBus := func(string) string { return "" }
	tests := []struct {
		name    string
		options credentials.Options
		want    string
	}{
		{"hanging", credentials.Options{Keyring: release, Deadline: time.Millisecond}, "no answer in time"},
		{"locked", credentials.Options{Keyring: &memory{err: errors.New("failed to unlock correct collection")}}, "failed to unlock"},
		{"echoes the secret", credentials.Options{Keyring: &memory{err: fmt.Errorf("bad request: %s", canary)}}, "bad request"},
	}
	if busNeeded {
		tests = append(tests, []struct {
			name    string
			options credentials.Options
			want    string
		}{
			{"no bus", credentials.Options{Env: noBus}, "there is no session bus"},
			{"bus without a socket", credentials.Options{Env: bus("unix:path=" + filepath.Join(t.TempDir(), "gone"))}, "its socket is not there"},
			{"bus that starts a program", credentials.Options{Env: bus("autolaunch:")}, "names no socket"},
			{"bus that runs a program", credentials.Options{Env: bus("unixexec:path=/bin/false")}, "names no socket"},
			{"bus elsewhere", credentials.Options{Env: bus("tcp:host=192.0.2.1,port=1")}, "names no socket"},
			{"nonsense", credentials.Options{Env: bus("unix:nothing")}, "names no socket"},
		}...)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			store := credentials.NewStore(tt.options)
			ctx := context.Background()
			key := braintrust.NewSecret(canary)
			for op, err := range map[string]error{
				"find":   second(store.Find(ctx, inKeyring("prod"))),
				"save":   store.Save(ctx, inKeyring("prod"), key),
				"delete": store.Delete(ctx, inKeyring("prod")),
			} {
				if op != "save" && tt.name == "echoes the secret" {
					continue // the keyring knows it from Set only
				}
				var ke *credentials.KeyringError
				if !errors.As(err, &ke) || !strings.Contains(err.Error(), tt.want) || codeOf(err) != exit.Auth {
					t.Errorf("%s: %v", op, err)
				}
				if !strings.Contains(hintOf(err), "BRAINTRUST_API_KEY") {
					t.Errorf("%s: hint %q", op, hintOf(err))
				}
				if op == "save" && !strings.Contains(hintOf(err), "--insecure-storage") {
					t.Errorf("%s: hint %q", op, hintOf(err))
				}
				if err != nil && strings.Contains(err.Error(), "CANARY") {
					t.Errorf("%s: the key is in the error", op)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func bus(address string) func(string) string {
	return func(name string) string {
		if name == "DBUS_SESSION_BUS_ADDRESS" {
			return address
		}
		return ""
	}
}

func TestDeadline_A11(t *testing.T) {
	t.Parallel()
	if credentials.DefaultDeadline != 3*time.Second {
		t.Errorf("the deadline is %s", credentials.DefaultDeadline)
	}
	release := make(hanging)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := credentials.NewStore(credentials.Options{Keyring: release, Deadline: time.Hour}).Find(ctx, inKeyring("a"))
	if !errors.Is(err, context.Canceled) || codeOf(err) == exit.Auth {
		t.Errorf("an interrupted wait: %v", err)
	}
}

// Where the bus is missing, go-keyring would run dbus-launch; a program of that name is put in its way.
func TestNoDaemon_A11(t *testing.T) {
	if !busNeeded {
		t.Log("this system has no session bus; there is nothing to start")
	}
	folder := t.TempDir()
	mark := filepath.Join(folder, "started")
	script := "#!/bin/sh\n: > '" + mark + "'\necho DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere\n"
	if err := os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	store := credentials.NewStore(credentials.Options{Env: os.Getenv})
	if busNeeded {
		if _, err := store.Find(context.Background(), inKeyring("a")); err == nil {
			t.Error("a key was found without a bus")
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a daemon was started")
	}
}
