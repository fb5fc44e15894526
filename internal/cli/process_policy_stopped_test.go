//go:build linux

package cli_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"btadmin/internal/sandbox"
)

// D14: the key is refused at the k-th change of an apply: everything stops at once, exit code 5, with the hint that one's own
// access may have changed; when nothing was sent before, exit code 2.
func TestD14_PolicyApplyRefusedInBetween(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		for _, at := range []int{1, 2, 15} {
			s := newBareSite(t, sandbox.Options{})
			p := s.owner(t)
			p.file("access.yaml", teams(40))
			var mu sync.Mutex
			writes := 0
			s.between(func(w http.ResponseWriter, r *http.Request) bool {
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/login") {
					return false
				}
				if writes++; writes < at {
					return false
				}
				http.Error(w, "no", status)
				return true
			})
			got := p.btadmin("policy", "apply", "--yes")
			if at == 1 {
				if got.code != 2 || p.lastRun().Result != "failed" {
					t.Errorf("%d at %d: exit code %d, run %q\n%s", status, at, got.code, p.lastRun().Result, got.stderr)
				}
			} else {
				got.expect(t, 5, "your own access may have changed", "not begun: ")
			}
			if writes >= at+8 {
				t.Errorf("%d at %d: %d writes", status, at, writes)
			}
			s.between(nil)
			p.btadmin("policy", "apply", "--yes").expect(t, 0)
			p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
		}
	}
}

// fills has the next entry of the journal meet a full disk.
func (p *person) fills(number string) {
	p.t.Helper()
	dirs := p.journals()
	if len(dirs) != 1 {
		p.t.Fatalf("journals: %q", dirs)
	}
	if err := os.Symlink("/dev/full", filepath.Join(dirs[0], "journal-"+number+".ndjson")); err != nil {
		p.t.Fatal(err)
	}
}

// D17: the disk of the journal is full before an apply: nothing is sent.
func TestD17_PolicyApplyNoJournal(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.must("groups", "create", "QA") // makes the journal
	p.file("access.yaml", teams(10))
	p.fills("0002")
	before := len(s.writes())
	got := p.btadmin("policy", "apply", "--yes")
	if got.code != 1 || !strings.Contains(got.stderr, "nothing was sent") || !strings.Contains(got.stderr, "no space left") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	if n := len(s.writes()) - before; n > 0 {
		t.Errorf("%d writes", n)
	}
	p.btadmin("policy", "plan", "--exit-code").expect(t, 6) // reading needs no journal
}

// D17: the disk fills up in the middle: the run stops, exit code 5, and what the journal does not have is on stderr as JSON.
// After the last change nothing is lost but the end of the run.
func TestD17_PolicyApplyJournalFull(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method, path string
		n, code      int
	}{
		"in the middle": {http.MethodPost, "/v1/group", 5, 5},
		"at the end":    {http.MethodGet, "/v1/acl", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBareSite(t, sandbox.Options{})
			p := s.owner(t)
			p.must("groups", "create", "QA") // makes the journal
			p.file("access.yaml", teams(30))
			var mu sync.Mutex
			batches, seen := 0, 0
			s.between(func(_ http.ResponseWriter, r *http.Request) bool {
				mu.Lock()
				defer mu.Unlock()
				if r.URL.Path == "/v1/acl/batch_update" {
					batches++
				}
				if r.Method == tt.method && r.URL.Path == tt.path && (tt.code != 0 || batches > 0) {
					if seen++; seen == tt.n || tt.code == 0 && seen == 1 {
						p.fills("0002")
					}
				}
				return false
			})
			got := p.btadmin("policy", "apply", "--yes")
			if seen < 1 || got.code != tt.code {
				t.Fatalf("exit code %d after %d: %s", got.code, seen, got.stderr)
			}
			if tt.code == 0 {
				got.expect(t, 0, "the journal could not be told")
			} else {
				found := 0
				for line := range strings.Lines(got.stderr) {
					var entry struct{ Type, Result string }
					if json.Unmarshal([]byte(strings.TrimPrefix(line, "not in the journal: ")), &entry) == nil && entry.Type == "outcome" {
						found++
					}
				}
				if n := strings.Count(got.stderr, "btadmin: error: write the journal: "); n != 1 || strings.Count(lineWith(got.stderr, "btadmin: error"), "no space left") != 1 {
					t.Errorf("the error says it several times:\n%s", got.stderr)
				}
				if found == 0 || len(s.writes()) > 1+5+8 {
					t.Errorf("%d outcomes on stderr, %d writes\n%s", found, len(s.writes()), got.stderr)
				}
			}
			s.between(nil)
			if err := os.Remove(filepath.Join(p.journals()[0], "journal-0002.ndjson")); err != nil {
				t.Fatal(err)
			}
			p.btadmin("policy", "apply", "--yes").expect(t, 0)
			p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
		})
	}
}

// lineWith is the first line of a text that has these words.
func lineWith(text, words string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, words) {
			return line
		}
	}
	return ""
}
