package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// small is what is made while it is interrupted: some dozen writes.
func small(seed uint64) wish { return drawnOf(rand.New(rand.NewPCG(seed, 9)), 4, 1, 2) }

// writesOf is how many writes a wish takes when nothing fails.
func writesOf(t *testing.T, w wish) int {
	t.Helper()
	g := newGate(t, serve(t), 0, false)
	p := newPerson(t, g.url)
	p.writes(w.policy())
	p.must("policy", "apply", "--yes", "--quiet")
	_, writes, _ := g.count()
	return writes
}

// stop is what happens to a run at a point.
type stop struct {
	name  string
	after bool // the write of that point is carried out first, and its answer is on its way
	codes map[int]bool
	kills bool
	do    func(r *process)
}

func stops() []stop {
	signal := func(r *process, s os.Signal) { _ = r.cmd.Process.Signal(s) } // fails when it has ended
	return []stop{
		{name: "SIGINT", codes: map[int]bool{0: true, 5: true}, do: func(r *process) {
			signal(r, os.Interrupt)
			time.Sleep(50 * time.Millisecond) // nothing outside tells when it has been noted
		}},
		{name: "SIGINT twice", kills: true, codes: map[int]bool{130: true}, do: func(r *process) {
			for range 200 { // the second may come before the first was noted, and then counts as the first
				signal(r, os.Interrupt)
				time.Sleep(10 * time.Millisecond)
			}
		}},
		{name: "SIGKILL", kills: true, codes: map[int]bool{137: true}, do: func(r *process) { signal(r, os.Kill) }},
		{name: "SIGKILL after", kills: true, after: true, codes: map[int]bool{137: true}, do: func(r *process) { signal(r, os.Kill) }},
	}
}

// D9: interrupted or killed at each of its points, an apply leaves a whole journal, and the same command makes the rest.
func TestD9_StoppedAtEachPoint(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		w := small(seed)
		n := writesOf(t, w)
		t.Logf("%d writes", n)
		for _, s := range stops() {
			for k := -1; k <= n; k++ {
				t.Run(fmt.Sprintf("%s at %d", s.name, k), func(t *testing.T) {
					t.Parallel()
					stopped(t, w, s, k)
				})
			}
		}
	})
}

func stopped(t *testing.T, w wish, s stop, k int) {
	t.Helper()
	address := serve(t)
	g := newGate(t, address, 0, false)
	p := newPerson(t, g.url)
	p.writes(w.policy())
	reached, release := make(chan struct{}), make(chan struct{})
	g.holds(k, s.after, reached, release)
	r := p.start("policy", "apply", "--yes", "--quiet")
	select {
	case <-reached:
	case <-time.After(patience):
		t.Fatal("the run did not get so far")
	}
	s.do(r)
	if s.kills {
		defer close(release) // the request is gone with its process
	} else {
		close(release)
	}
	got := r.end()
	codes := s.codes
	if k <= 0 && s.name == "SIGINT" { // nothing was sent
		codes = map[int]bool{130: true}
	}
	if !codes[got.code] {
		t.Errorf("exit code %d\n%s", got.code, got.stderr)
	}
	g.opens()
	now := look(t, address)
	_, writes, _ := g.count()
	switch {
	case k <= 0 && writes > 0:
		t.Errorf("%d writes", writes)
	case got.code == 0:
		now.has(w, p.home)
	}
	before := p.runs()
	switch {
	case k <= 0 && len(before) > 0 && before[0].Result != "interrupted":
		t.Errorf("runs %+v", before)
	case k > 0 && (len(before) != 1 || before[0].Result != map[int]string{0: "confirmed", 5: "partial"}[got.code] && got.code <= 5 || got.code > 5 && before[0].Result != "interrupted"):
		t.Errorf("exit code %d, runs %+v", got.code, before)
	}
	p.must("policy", "apply", "--yes", "--quiet")
	after := look(t, address)
	after.killed = s.kills
	after.has(w, p.home)
	if runs := p.runs(); len(runs) > 0 && runs[len(runs)-1].Result != "confirmed" {
		t.Errorf("the last run: %+v", runs[len(runs)-1])
	}
	p.must("policy", "plan", "--exit-code", "--quiet")
}
