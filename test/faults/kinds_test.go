package faults

import (
	"math/rand/v2"
	"testing"
)

// D2: thousands of grants, which are sent in a few large requests: answers that are lost, parts that are refused and reading
// back what became of them leave each grant there once.
func TestD2_GrantsInChunks(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, draw := serve(t), rand.New(rand.NewPCG(seed, 5))
		g := newGate(t, address, seed, false)
		p := newPerson(t, g.url)
		w := manyTeams(60)
		p.writes(w.policy())
		p.must("policy", "apply", "--yes", "--quiet")
		for range 2 { // given, and given and taken
			for i := range w.teams {
				w.teams[i].grants = map[int]words{}
				for _, n := range some(draw, projects, 9) {
					w.teams[i].grants[n] = words{"project": someOf(draw, "read", "create", "update", "delete"), "datasets": someOf(draw, "read", "create", "update", "delete")}
				}
			}
			p.writes(w.policy())
			g.obeys(at(share(t, 0.3)))
			n := p.converge(5, partial, "policy", "apply", "--yes", "--quiet")
			g.obeys(nil)
			_, writes, failed := g.count()
			t.Logf("%d runs; %d writes so far, %d requests failed", n, writes, failed)
			look(t, address).has(w, p.home)
		}
	})
}

// D2: a plan that was saved is made under faults and carried out under faults. What it could not do is done by an apply.
func TestD2_SavedPlan(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), drawnOf(rand.New(rand.NewPCG(seed, 6)), 30, 3, 0)
		g := newGate(t, address, seed, false)
		g.obeys(at(share(t, 0.2)))
		p := newPerson(t, g.url)
		p.writes(w.policy())
		p.must("policy", "plan", "--out", "a.plan", "--quiet")
		if got := p.btadmin("policy", "apply", "--plan", "a.plan", "--yes", "--quiet"); got.code != 0 {
			t.Logf("exit code %d: %s", got.code, last(got.stderr))
			if !partial[got.code] {
				t.Errorf("exit code %d\n%s", got.code, got.stderr)
			}
			p.converge(4, partial, "policy", "apply", "--yes", "--quiet")
		}
		g.obeys(nil)
		look(t, address).has(w, p.home)
	})
}

// Undo survives faults as well: it is repeated until it says that all is taken back, and leaves nothing of the run.
func TestUndoUnderFaults(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, draw := serve(t), rand.New(rand.NewPCG(seed, 7))
		g := newGate(t, address, seed, false)
		p := newPerson(t, g.url)
		before := drawnOf(draw, 10, 2, 0)
		p.writes(before.policy())
		p.must("policy", "apply", "--yes", "--quiet")
		after := drawnOf(draw, 20, 2, 0)
		for i := range after.teams[:10] { // the same groups with other members and grants
			after.teams[i].name, after.teams[i].includes = before.teams[i].name, before.teams[i].includes
		}
		p.writes(after.policy())
		p.must("policy", "apply", "--yes", "--quiet")
		look(t, address).has(after, p.home)
		runs := p.runs()
		args := []string{"undo", runs[len(runs)-1].ID, "--yes", "--quiet", "--max-removals", "memberships=999,grants=9999,groups=99"}
		for _, t := range after.teams[10:] {
			args = append(args, "--confirm", t.name)
		}
		g.obeys(at(share(t, 0.2)))
		n := p.converge(6, partial, args...)
		g.obeys(nil)
		t.Logf("%d runs", n)
		now := look(t, address)
		before.all = true // nothing else is left
		now.has(before, p.home)
	})
}
