package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/internal/sandbox"
)

// vaulted is a policy whose token goes to a command that fails while there is no file "open".
const vaulted = `version: 1
org: Acme
service_accounts:
  robot:
    groups: [Viewers]
    tokens: {t: {store: {command: [sh, -c, "test -e open && cat > t.token"]}}}
`

// tokensNamed are the ids of the tokens with a name.
func (s *site) tokensNamed(name string) []string {
	s.t.Helper()
	var ids []string
	for _, o := range s.do(http.MethodGet, "/v1/service_token", nil)["objects"].([]any) {
		if token := o.(map[string]any); token["name"] == name {
			ids = append(ids, token["id"].(string))
		}
	}
	return ids
}

// wantReplaced has the next apply make a token for the one that nobody has: plan and drift show it first, and in the end
// the new one is in its place and the orphan is gone.
func wantReplaced(t *testing.T, s *site, p *person, orphan string) {
	t.Helper()
	again := p.btadmin("policy", "plan", "--exit-code")
	again.expect(t, 6)
	for _, words := range []string{"create token t again", "its secret was never handed over"} {
		if !strings.Contains(again.stdout, words) {
			t.Errorf("%q is missing in the plan:\n%s", words, again.stdout)
		}
	}
	drift := p.btadmin("policy", "drift")
	drift.expect(t, 6)
	if !strings.Contains(drift.stdout, "never handed over") {
		t.Errorf("drift says %q", drift.stdout)
	}
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "never handed over")
	wantSecret(t, filepath.Join(p.dir, "t.token"))
	if ids := s.tokensNamed("t"); len(ids) != 1 || ids[0] == orphan {
		t.Errorf("tokens %q, the orphan was %s", ids, orphan)
	}
	before := len(s.writes())
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "nothing was sent")
	p.btadmin("policy", "drift").expect(t, 0)
	if n := len(s.writes()) - before; n > 0 {
		t.Errorf("%d writes", n)
	}
}

// D6, G15: a token whose secret could not be handed over does not count as the token that the policy asks for. As long as
// its place does not take it, every apply fails; the one after that replaces all that was left behind.
func TestD6_OrphanIsReplaced(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", vaulted)
	for n := 1; n <= 2; n++ {
		p.btadmin("policy", "apply", "--yes").expect(t, 5, "whose secret nobody has")
		if ids := s.tokensNamed("t"); len(ids) != n {
			t.Fatalf("tokens %q after %d applies", ids, n)
		}
	}
	p.file("open", "")
	wantReplaced(t, s, p, s.tokensNamed("t")[0])
}

// D6: the same for a token whose answer was lost.
func TestD6_LostAnswerIsReplaced(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", vaulted)
	p.file("open", "")
	var lost atomic.Bool
	s.between(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/service_token" || lost.Swap(true) {
			return false
		}
		answer := &discarded{header: http.Header{}}
		s.server.Handler().ServeHTTP(answer, r)
		panic(http.ErrAbortHandler)
	})
	p.btadmin("policy", "apply", "--yes").expect(t, 5, "whose secret nobody has")
	ids := s.tokensNamed("t")
	if len(ids) != 1 {
		t.Fatalf("tokens %q", ids)
	}
	wantReplaced(t, s, p, ids[0])
}

// discarded is an answer that nobody gets.
type discarded struct{ header http.Header }

// Header implements http.ResponseWriter.
func (d *discarded) Header() http.Header { return d.header }

// Write implements http.ResponseWriter.
func (d *discarded) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (d *discarded) WriteHeader(int) {}

// D6, D9: a run that was killed while a token was made may have handed it over. Another one is made, and the one in doubt is
// told and left, because somebody may work with it.
func TestD9_KilledWhileMinting(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", strings.Replace(vaulted, "test -e open", "test -e open || kill -9 $PPID; test -e open", 1))
	if got := p.btadmin("policy", "apply", "--yes"); got.code != -1 {
		t.Fatalf("it was not killed: code %d, %s", got.code, got.stderr)
	}
	ids := s.tokensNamed("t")
	if len(ids) != 1 {
		t.Fatalf("tokens %q", ids)
	}
	p.file("open", "")
	plan := p.must("policy", "plan")
	for _, words := range []string{"create token t again", "may be one whose secret nobody has", "btadmin service-tokens delete " + ids[0]} {
		if !strings.Contains(plan, words) {
			t.Errorf("%q is missing in the plan:\n%s", words, plan)
		}
	}
	p.must("policy", "apply", "--yes")
	wantSecret(t, filepath.Join(p.dir, "t.token"))
	if now := s.tokensNamed("t"); len(now) != 2 {
		t.Errorf("tokens %q", now)
	}
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "nothing was sent")
	p.must("service-tokens", "delete", ids[0], "--yes")
	if got := p.btadmin("policy", "drift", "--strict").stdout; strings.Contains(got, "nobody has") {
		t.Errorf("drift says %q", got)
	}
}

// Where the file of a token is, its secret has been handed over, whatever became of the run.
func TestD9_KilledAfterTheFileWasWritten(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", "version: 1\norg: Acme\nservice_accounts: {robot: {tokens: {t: {store: {file: t.token}}}}}\n")
	p.must("policy", "apply", "--yes")
	journals, err := filepath.Glob(filepath.Join(p.journals()[0], "*.ndjson"))
	if err != nil || len(journals) != 1 {
		t.Fatalf("%q, %v", journals, err)
	}
	raw, err := os.ReadFile(journals[0])
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, line := range lines(string(raw)) { // as if it had been killed before it could note the outcome
		if strings.Contains(line, `"type":"run_end"`) || strings.Contains(line, `"type":"outcome"`) && strings.Contains(line, "new:token/t") {
			break
		}
		kept = append(kept, line)
	}
	if err := os.WriteFile(journals[0], []byte(strings.Join(kept, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "nothing was sent")
	if err := os.Remove(filepath.Join(p.dir, "t.token")); err != nil {
		t.Fatal(err)
	}
	p.btadmin("policy", "plan", "--exit-code").expect(t, 6)
}
