package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// outages are the ways in which a server can be gone.
func outages() map[string]func(g *gate, r *http.Request) fault {
	return map[string]func(g *gate, r *http.Request) fault{
		"5xx":         func(*gate, *http.Request) fault { return refused },
		"hanging up":  func(*gate, *http.Request) fault { return cut },
		"not answers": func(*gate, *http.Request) fault { return lost },
		"silence":     func(*gate, *http.Request) fault { return silent },
	}
}

// D3: a server that is gone from the start: few requests, exit code 3, within a minute.
func TestD3_GoneFromTheStart(t *testing.T) {
	t.Parallel()
	w := manyTeams(changes)
	for name, outage := range outages() {
		for _, command := range []string{"plan", "apply"} {
			t.Run(name+" "+command, func(t *testing.T) {
				t.Parallel()
				g := newGate(t, serve(t), 1, false)
				g.obeys(outage)
				wantGone(t, g, g.url, w, command)
			})
		}
	}
	t.Run("refusing", func(t *testing.T) {
		t.Parallel()
		g := newGate(t, serve(t), 1, false)
		address := g.url
		g.server.Close()
		wantGone(t, g, address, w, "apply")
	})
}

func wantGone(t *testing.T, g *gate, address string, w wish, command string) {
	t.Helper()
	p := newPerson(t, address)
	p.writes(w.policy())
	args := []string{"policy", command, "--quiet"}
	if command == "apply" {
		args = append(args, "--yes")
	}
	got := p.btadmin(args...)
	reads, writes, _ := g.count()
	t.Logf("%d requests, %s: %s", reads+writes, got.took, last(got.stderr))
	if got.code != 3 || reads+writes > 200 || got.took > time.Minute {
		t.Errorf("exit code %d after %d requests and %s\n%s", got.code, reads+writes, got.took, got.stderr)
	}
}

// D3: a server that is gone after 400 changes: few more requests, exit code 5, and the same command goes on from there once
// it is back.
func TestD3_GoneInTheMiddle(t *testing.T) {
	t.Parallel()
	w := manyTeams(changes)
	for name, outage := range outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := serve(t)
			g := newGate(t, address, 1, false)
			more := 0
			g.obeys(func(g *gate, r *http.Request) fault {
				if g.carriedOut < 400 {
					return passes
				}
				more++
				return outage(g, r)
			})
			p := newPerson(t, g.url)
			p.writes(w.policy())
			got := p.btadmin("policy", "apply", "--yes", "--quiet")
			t.Logf("%d more requests, %s: %s", more, got.took, last(got.stderr))
			if got.code != 5 || more > 40 || !strings.Contains(got.stderr, "of 1000 changes are confirmed") {
				t.Errorf("exit code %d after %d more requests\n%s", got.code, more, got.stderr)
			}
			g.obeys(nil)
			if runs := p.runs(); len(runs) != 1 || runs[0].Result != "partial" {
				t.Errorf("runs %+v", runs)
			}
			p.must("policy", "apply", "--yes", "--quiet")
			look(t, address).has(w, p.home)
		})
	}
}
