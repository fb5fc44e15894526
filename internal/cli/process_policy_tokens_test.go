package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// tokens is a policy with a service account whose tokens go to a file and to a command.
const tokens = `version: 1
org: Acme
service_accounts:
  robot:
    groups: [Viewers]
    tokens:
      file: {store: {file: secrets/robot.token}}
      command: {store: {command: [sh, -c, "cat > secrets/piped.token"]}}
`

// wantSecret checks that a file holds one token, and returns it.
func wantSecret(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSuffix(string(raw), "\n")
	if !strings.HasPrefix(secret, "bt-st-") || strings.ContainsAny(secret, " \n") {
		t.Fatalf("%s holds %q", path, raw)
	}
	return secret
}

// New tokens go where the document says and nowhere else: not into the plan, the journal, the state or any output.
func TestPolicyTokens(t *testing.T) {
	t.Parallel()
	for _, saved := range []bool{false, true} {
		t.Run(map[bool]string{false: "afresh", true: "saved plan"}[saved], func(t *testing.T) {
			t.Parallel()
			s := newBareSite(t, sandbox.Options{})
			p := s.owner(t)
			p.file("access.yaml", tokens)
			if err := os.Mkdir(filepath.Join(p.dir, "secrets"), 0o700); err != nil {
				t.Fatal(err)
			}
			said := p.must("policy", "plan", "--out", "p.plan")
			args := []string{"policy", "apply", "--yes", "--json"}
			if saved {
				args = append(args, "--plan", "p.plan")
			}
			got := p.btadmin(args...)
			got.expect(t, 0)
			file, piped := wantSecret(t, filepath.Join(p.dir, "secrets", "robot.token")), wantSecret(t, filepath.Join(p.dir, "secrets", "piped.token"))
			if info, err := os.Stat(filepath.Join(p.dir, "secrets", "robot.token")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
			if file == piped {
				t.Error("one token for two")
			}
			texts := map[string]string{"stdout": got.stdout, "stderr": got.stderr, "plan": said}
			for _, root := range []string{p.home, p.dir} {
				err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
					if err != nil || d.IsDir() || strings.Contains(path, "secrets") {
						return err
					}
					raw, err := os.ReadFile(path)
					texts[path] = string(raw)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			for where, text := range texts {
				for _, secret := range []string{file, piped} {
					if strings.Contains(text, secret) || strings.Contains(text, secret[len(secret)-20:]) {
						t.Errorf("a token is in %s", where)
					}
				}
			}
			if len(texts) < 5 { // the journal and the plan are among them
				t.Errorf("only looked at %d places", len(texts))
			}
			before := len(s.writes())
			p.btadmin("policy", "apply", "--yes").expect(t, 0, "nothing was sent")
			if n := len(s.writes()) - before; n > 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// A file that is there is never overwritten, a folder or command that is not there is found out in time: nothing is
// sent (G15).
func TestG15_PolicyTokensNeedAPlace(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", tokens)
	p.btadmin("policy", "apply", "--yes").expect(t, 7, "G15")
	p.file("taken.yaml", "version: 1\norg: Acme\nservice_accounts: {robot: {tokens: {t: {store: {file: taken.yaml}}}}}\n")
	p.btadmin("policy", "plan", "taken.yaml").expect(t, 0, "is there already, and is not overwritten")
	p.btadmin("policy", "apply", "taken.yaml", "--yes").expect(t, 7, "G15")
	p.file("nothing.yaml", "version: 1\norg: Acme\nservice_accounts: {robot: {tokens: {t: {store: {command: [no-such-program-here]}}}}}\n")
	p.btadmin("policy", "apply", "nothing.yaml", "--yes").expect(t, 7, "G15")
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// A command that fails leaves a token whose secret nobody has: it is named, and the exit code is 5. What the command
// says is told without the token.
func TestPolicyTokenCommandFails(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", `version: 1
org: Acme
service_accounts: {robot: {tokens: {t: {store: {command: [sh, -c, "cat >&2; exit 3"]}}}}}
`)
	got := p.btadmin("policy", "apply", "--yes")
	got.expect(t, 5, "exit status 3", "whose secret nobody has", "btadmin service-tokens delete")
	id := s.named("service_token", "t")["id"].(string)
	if !strings.Contains(got.stderr, id) || strings.Contains(got.stdout+got.stderr, "bt-st-") {
		t.Errorf("stderr %q", got.stderr)
	}
	minted := 0
	for _, w := range s.writes() {
		if strings.Contains(w, "service_token") {
			minted++
		}
	}
	if minted != 1 {
		t.Errorf("%d tokens were minted", minted)
	}
}

// An answer that is lost after the token was minted is never asked for again (D6).
func TestD6_PolicyTokenAnswerLost(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", "version: 1\norg: Acme\nservice_accounts: {robot: {tokens: {t: {store: {file: t.token}}}}}\n")
	minted := 0
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/service_token" {
			return false
		}
		minted++
		panic(http.ErrAbortHandler)
	})
	p.btadmin("policy", "apply", "--yes").expect(t, 5)
	if minted != 1 {
		t.Errorf("asked for %d tokens", minted)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "t.token")); err == nil {
		t.Error("a file was left")
	}
}
