package faults

import (
	"math/rand/v2"
	"testing"
)

const changes = 1000 // of D1 to D3

// partial are the exit codes of an apply that may be repeated as it is.
var partial = map[int]bool{3: true, 5: true}

// D1: so many changes that need a request of their own, while a fifth of all requests fails: one apply makes all of them,
// each once. D2: at three tenths it may stop early, and the same command goes on from there.
func TestD1_OneApplyAtTwentyPercent(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), manyTeams(changes)
		g := newGate(t, address, seed, false)
		g.obeys(at(share(t, 0.2)))
		p := newPerson(t, g.url)
		p.writes(w.policy())
		got := p.must("policy", "apply", "--yes", "--quiet")
		reads, writes, failed := g.count()
		t.Logf("%d reads and %d writes, %d of them failed, in %s", reads, writes, failed, got.took)
		if most := changes * 14 / 10; writes > most {
			t.Errorf("%d writes for %d changes, at most %d", writes, changes, most)
		}
		g.obeys(nil)
		look(t, address).has(w, p.home)
		p.must("policy", "plan", "--exit-code", "--quiet")
	})
}

func TestD2_FiveAppliesAtThirtyPercent(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), manyTeams(changes)
		g := newGate(t, address, seed, false)
		g.obeys(at(0.3))
		p := newPerson(t, g.url)
		p.writes(w.policy())
		n := p.converge(5, partial, "policy", "apply", "--yes", "--quiet")
		reads, writes, failed := g.count()
		t.Logf("%d runs, %d reads and %d writes, %d of them failed", n, reads, writes, failed)
		g.obeys(nil)
		look(t, address).has(w, p.home)
	})
}

// Everything that a policy can ask for, made and later changed: groups, members, nesting, grants, roles that are made and
// granted in one plan, service accounts with tokens; renames, removals and deletions. However it was made, it is right.
func TestD2_EverythingAtTwentyPercent(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, draw := serve(t), rand.New(rand.NewPCG(seed, 2))
		g := newGate(t, address, seed, false)
		p := newPerson(t, g.url)
		before := drawn(draw)
		after := changed(draw, before)
		ids := map[string]string{}
		for _, w := range []wish{before, after} {
			p.writes(w.policy())
			g.obeys(at(share(t, 0.2)))
			args := []string{"policy", "apply", "--yes", "--quiet"}
			if w.all {
				for _, t := range before.teams {
					args = append(args, "--confirm", t.name)
				}
			}
			n := p.converge(8, partial, args...)
			g.obeys(nil)
			s := look(t, address)
			s.has(w, p.home)
			for _, t := range w.teams {
				if t.previously != "" && s.id(t.name) != ids[t.previously] {
					s.t.Errorf("the group %s did not keep the id of %s", t.name, t.previously)
				}
				ids[t.name] = s.id(t.name)
			}
			_, writes, failed := g.count()
			t.Logf("%d runs; %d writes so far, %d requests failed", n, writes, failed)
			p.must("policy", "plan", "--exit-code", "--quiet")
		}
	})
}
