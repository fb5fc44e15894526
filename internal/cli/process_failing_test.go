package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestEachRequestFailsInTurn runs every mutation with its first, its second, ... request answered 403. A write
// that fails is never a success: 2 when it was the first, 5 with the run's id when something was changed
// before. A read that fails may only be passed over when the whole change was made all the same.
func TestEachRequestFailsInTurn(t *testing.T) {
	t.Parallel()
	for name, args := range mutations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, ids := prepared(t)
			before := len(s.writes())
			count := countRequests(s, -1)
			p.inside(commandLine(name, args, ids)...).expect(t, 0)
			total, whole := int(count.Load()), len(s.writes())-before
			if whole == 0 {
				t.Fatalf("%s sends nothing", name)
			}
			if whole > 10 {
				t.Errorf("%d mutating requests", whole)
			}
			for k := 1; k <= total; k++ {
				failing(t, name, args, k, whole)
			}
		})
	}
}

// failing is one command with its k-th request refused; whole is how many writes the command has.
func failing(t *testing.T, name string, args []string, k, whole int) {
	t.Helper()
	s, p, ids := prepared(t)
	before := len(s.writes())
	count := countRequests(s, k)
	line := commandLine(name, args, ids)
	got := p.inside(line...)
	writes := s.writes()[before:]
	what := fmt.Sprintf("%s, request %d of those: exit code %d, sent %q, stderr %q", name, k, got.code, writes, got.stderr)
	if int(count.Load()) < k {
		return // the order of concurrent requests differs
	}
	changed, refused := 0, false
	for _, w := range writes {
		if strings.HasSuffix(w, " 403") {
			refused = true
		} else {
			changed++
		}
	}
	switch {
	case refused && changed > 0 || got.code == 5:
		if got.code != 5 || !strings.Contains(got.stderr, "run ") && name != "api" {
			t.Errorf("want exit code 5 with the id of the run: %s", what)
		}
	case refused:
		if got.code != 2 {
			t.Errorf("want exit code 2: %s", what)
		}
	case got.code == 0 && changed != whole:
		t.Errorf("success without all %d writes: %s", whole, what)
	case got.code != 0 && changed > 0:
		t.Errorf("something was changed, want exit code 5: %s", what)
	}
	if strings.Contains(got.stderr, "panic") {
		t.Error(what)
	}
	if len(writes) > 0 {
		if run := p.lastRun(); (run.Result == "confirmed") != (got.code == 0) {
			t.Errorf("the journal says %q: %s", run.Result, what)
		}
	}
}

// countRequests counts the requests from now on and refuses the k-th.
func countRequests(s *site, k int) *atomic.Int64 {
	count := new(atomic.Int64)
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if int(count.Add(1)) != k {
			return false
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "Forbidden: not today")
		return true
	})
	return count
}

// TestD8NoPUT: no command replaces a group, a role or a service token as a whole; the transport in front of
// every other test of a site complains about it too.
func TestD8NoPUT(t *testing.T) {
	t.Parallel()
	for name, args := range mutations() {
		s, p, ids := prepared(t)
		p.inside(commandLine(name, args, ids)...).expect(t, 0)
		writes := s.writes()
		if len(writes) == 0 {
			t.Errorf("%s sends nothing", name)
		}
		for _, write := range writes {
			if strings.HasPrefix(write, http.MethodPut) {
				t.Errorf("%s sends %s", name, write)
			}
		}
	}
}
