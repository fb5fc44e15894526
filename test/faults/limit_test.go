package faults

import "testing"

// D4: a server that limits the rate slows an apply down and stops nothing, with faults besides.
func TestD4_RateLimit(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t, "--rate-limit", "60"), manyTeams(250)
		g := newGate(t, address, seed, false)
		g.obeys(at(0.05))
		p := newPerson(t, g.url)
		p.writes(w.policy())
		got := p.must("policy", "apply", "--yes", "--quiet")
		g.obeys(nil)
		reads, writes, failed := g.count()
		t.Logf("%s, %d reads and %d writes, %d of them failed", got.took, reads, writes, failed)
		look(t, address).has(w, p.home)
	})
}
