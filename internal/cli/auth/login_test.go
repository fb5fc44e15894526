package auth_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/exit"
)

func TestLoginIntoAFile_A6(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	u := newUser(t, f.at())
	out, status, err := u.run(canary+"\n", "login", "--token-stdin", "--insecure-storage", "--json")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"profile":"default","org_id":"o1","org_name":"Acme","api_url":"` + f.URL + `","app_url":"` + f.URL +
		`","secret_at":"file","key_masked":"sk-...1234","key_kind":"user_key"}` + "\n"
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(status, "Logged in to Acme as profile default") || !strings.Contains(status, "unencrypted") {
		t.Errorf("status: %s", status)
	}
	if diff := cmp.Diff([]string{"POST /api/apikey/login", "GET /v1/organization"}, f.requests()); diff != "" {
		t.Error(diff)
	}
	key := u.file("keys", "profile-default.key")
	data, err := os.ReadFile(key)
	if err != nil || string(data) != canary+"\n" {
		t.Fatalf("the key file: %v", err)
	}
	for path, mode := range map[string]os.FileMode{key: 0o600, u.file("keys"): 0o700, u.file(): 0o700, u.file("config.yaml"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	if out, _, err := u.run("", "token"); err != nil || out != canary+"\n" {
		t.Errorf("auth token: %v", err)
	}
	if _, _, err := u.run("", "logout"); err != nil {
		t.Errorf("auth logout: %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("the key is still there")
	}
	if _, _, err := u.run("", "token"); codeOf(err) != exit.Auth || hintOf(err) != "btadmin auth login --profile default" {
		t.Errorf("after logging out: %v, hint %q", err, hintOf(err))
	}
}

func TestLoginFromTheEnvironmentAndThePrompt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	u := newUser(t, f.at())
	u.env["BRAINTRUST_API_KEY"] = canary
	if _, status, err := u.run("", "login", "--insecure-storage", "--profile", "env"); err != nil || !strings.Contains(status, "wins over the profile") {
		t.Errorf("environment: %v\n%s", err, status)
	}
	u.env["BRAINTRUST_API_KEY"] = ""
	u.terminal = true
	if _, status, err := u.run(canary+"\n", "login", "--insecure-storage", "--profile", "typed"); err != nil || !strings.Contains(status, "profiles use typed") {
		t.Errorf("prompt: %v\n%s", err, status)
	}
	for _, name := range []string{"env", "typed"} {
		if out, _, err := u.run("", "token", "--profile", name); err != nil || out != canary+"\n" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoginRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		stdin string
		env   map[string]string
		args  []string
		orgs  string
		code  exit.Code
		want  string
		hint  string
		sent  int // requests
	}{
		{"nobody to ask", "", nil, nil, "", exit.BadInput, "cannot ask", "--token-stdin", 0},
		{"empty input", "", nil, []string{"--token-stdin"}, "", exit.BadInput, "it is empty", "", 0},
		{"carriage return A12", canary + "\r\n", nil, []string{"--token-stdin"}, "", exit.BadInput, "carriage return", "", 0},
		{"two lines A12", canary + "\n" + canary + "\n", nil, []string{"--token-stdin"}, "", exit.BadInput, "more than one line", "", 0},
		{"broken environment A12", "", map[string]string{"BRAINTRUST_API_KEY": "\ufeff" + canary}, nil, "", exit.BadInput, "BRAINTRUST_API_KEY", "", 0},
		{"wrong key", canary + "X", nil, []string{"--token-stdin"}, "", exit.Failure, "401", "the key is wrong", 1},
		{"no organization", canary, nil, []string{"--token-stdin"}, `[]`, exit.Auth, "no organization", "", 1},
		{"several organizations", canary, nil, []string{"--token-stdin"}, `[{"id":"1","name":"A"},{"id":"2","name":"B"}]`, exit.BadInput, "2 organizations: A, B", "--org", 1},
		{"unknown organization", canary, nil, []string{"--token-stdin", "--org", "Acne"}, "", exit.BadInput, "flag --org", `did you mean --org "Acme"?`, 1},
		{"reserved name", canary, nil, []string{"--token-stdin", "--profile", "sandbox"}, "", exit.BadInput, "needs no login", "--profile", 0},
		{"bad name", canary, nil, []string{"--token-stdin", "--profile", "../x"}, "", exit.BadInput, "no profile name", "", 0},
		{"nowhere to save A5", canary, map[string]string{"HOME": ""}, []string{"--token-stdin"}, "", exit.Failure, "HOME is not set", "XDG_CONFIG_HOME", 0},
		{"misspelt format", canary, nil, []string{"--token-stdin", "-o", "jsn"}, "", exit.Failure, "jsn", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if tt.orgs != "" {
				f.orgs = tt.orgs
			}
			u := newUser(t, f.at())
			for name, value := range tt.env {
				u.env[name] = value
			}
			_, _, err := u.run(tt.stdin, append([]string{"login", "--insecure-storage"}, tt.args...)...)
			if err == nil || codeOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) || !strings.Contains(hintOf(err), tt.hint) {
				t.Errorf("%v (exit code %d, hint %q), want %q (%d, %q)", err, codeOf(err), hintOf(err), tt.want, tt.code, tt.hint)
			}
			if got := f.requests(); len(got) != tt.sent {
				t.Errorf("requests: %v", got)
			}
			if _, err := os.Stat(u.file("keys")); err == nil {
				t.Error("a key was saved")
			}
		})
	}
}

// Without a session bus nothing is asked and nothing is sent; the error says what else to do.
func TestLoginWithoutKeyring_A11(t *testing.T) {
	t.Parallel()
	if !busNeeded {
		t.Log("the keyring of this system needs no bus")
		return
	}
	f := newFake(t)
	_, _, err := newUser(t, f.at()).run(canary, "login", "--token-stdin")
	if codeOf(err) != exit.Auth || !strings.Contains(hintOf(err), "--insecure-storage") || len(f.requests()) != 0 {
		t.Errorf("%v, hint %q, requests %v", err, hintOf(err), f.requests())
	}
}

// The keyring is a mock in memory; a listening socket stands for the session bus. Not parallel: the mock has no lock.
func TestLoginIntoTheKeyring(t *testing.T) {
	f := newFake(t)
	u := newUser(t, f.at())
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	u.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + path
	if _, status, err := u.run(canary, "login", "--token-stdin"); err != nil || !strings.Contains(status, "in the keyring") {
		t.Fatalf("%v\n%s", err, status)
	}
	if _, err := os.Stat(u.file("keys")); err == nil {
		t.Error("a file was made")
	}
	if out, _, err := u.run("", "token"); err != nil || out != canary+"\n" {
		t.Errorf("auth token: %v", err)
	}
	// Moving to a file leaves nothing in the keyring.
	if _, _, err := u.run(canary, "login", "--token-stdin", "--insecure-storage"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(u.file("keys", "profile-default.key")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := u.run("", "token"); codeOf(err) != exit.Auth {
		t.Errorf("the keyring answered for the file: %v", err)
	}
}

func TestLoginDryRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	u := newUser(t, f.at())
	_, status, err := u.run(canary, "login", "--token-stdin", "--dry-run")
	if err != nil || !strings.Contains(status, "would save the key sk-...1234 for Acme as profile default") {
		t.Errorf("%v\n%s", err, status)
	}
	if _, err := os.Stat(u.file()); err == nil {
		t.Error("something was written")
	}
}

func TestLoginChoosesOrganization(t *testing.T) {
	t.Parallel()
	const several = `[{"id":"1","name":"A"},{"id":"2","name":"B"}]`
	f := newFake(t)
	f.orgs = several
	u := newUser(t, f.at())
	u.terminal = true
	out, _, err := u.run("2\n", "login", "--insecure-storage", "--json", "--token-stdin")
	if err == nil {
		t.Errorf("a key of two characters was accepted: %s", out)
	}
	out, _, err = u.run(canary+"\n2\n", "login", "--insecure-storage", "--json")
	if err != nil || !strings.Contains(out, `"org_name":"B"`) {
		t.Errorf("chosen on the terminal: %v\n%s", err, out)
	}
	u.terminal = false
	// Logging in again stays with the organization of the profile, and --org wins over it.
	if out, _, err = u.run(canary, "login", "--insecure-storage", "--json", "--token-stdin"); err != nil || !strings.Contains(out, `"org_name":"B"`) {
		t.Errorf("again: %v\n%s", err, out)
	}
	if out, _, err = u.run(canary, "login", "--insecure-storage", "--json", "--token-stdin", "--org", "a"); err != nil || !strings.Contains(out, `"org_name":"A"`) {
		t.Errorf("--org: %v\n%s", err, out)
	}
}
