package faults

import (
	"math/rand/v2"
	"testing"
	"time"
)

// D2: connections break wherever they are, and requests fail besides. Everything that a policy can ask for is made all the
// same, and once.
func TestD2_ConnectionsBreak(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address := serve(t)
		g := newGate(t, address, seed, false)
		g.obeys(at(0.08))
		w := drawnOf(rand.New(rand.NewPCG(seed, 3)), 40, 4, 2)
		x := newToxic(t, g.url)
		p := newPerson(t, x.address())
		p.writes(w.policy())
		x.rage(t, seed, 0.3)
		n := p.converge(8, partial, "policy", "apply", "--yes", "--quiet")
		t.Logf("%d runs", n)
		x.calm()
		look(t, address).has(w, p.home)
	})
}

// D3: the proxy is gone in the middle and comes back later.
func TestD3_ProxyGone(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), manyTeams(changes)
		x := newToxic(t, address)
		p := newPerson(t, x.address())
		p.writes(w.policy())
		r := p.start("policy", "apply", "--yes", "--quiet")
		most := time.Duration(seed%400) * time.Millisecond
		time.Sleep(100*time.Millisecond + most)
		x.Stop()
		got := r.end()
		switch {
		case got.code == 0: // it was faster
		case !partial[got.code] || got.took > time.Minute:
			t.Fatalf("exit code %d after %s\n%s", got.code, got.took, got.stderr)
		}
		t.Logf("exit code %d: %s", got.code, last(got.stderr))
		if err := x.Start(); err != nil {
			t.Fatal(err)
		}
		p.must("policy", "apply", "--yes", "--quiet")
		look(t, address).has(w, p.home)
	})
}

// Reading survives faults as writing does, and a plan says the same as without them.
func TestPlanUnderFaults(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), drawn(rand.New(rand.NewPCG(seed, 4)))
		g := newGate(t, address, seed, false)
		p := newPerson(t, g.url)
		p.writes(w.policy())
		want := p.must("policy", "plan", "--json", "--jq", "{differences, changes, access}").stdout
		for _, rate := range []float64{0.2, 0.3} {
			g.obeys(at(rate))
			failures := 0
			for range 10 {
				got := p.btadmin("policy", "plan", "--json", "--jq", "{differences, changes, access}")
				switch {
				case got.code == 3:
					failures++
				case got.code != 0 || got.stdout != want:
					t.Fatalf("exit code %d\n%s\n%s\nwant %s", got.code, got.stderr, got.stdout, want)
				}
			}
			t.Logf("at %v: %d of 10 plans gave up", rate, failures)
			if failures > map[float64]int{0.2: 1, 0.3: 4}[rate] {
				t.Errorf("at %v: %d of 10 plans gave up", rate, failures)
			}
		}
		if _, writes, _ := g.count(); writes > 0 {
			t.Errorf("%d writes", writes)
		}
	})
}

// Proxies with TLS and a certificate of their own are as good as plain ones.
func TestD1_ThroughTLS(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		address, w := serve(t), manyTeams(100)
		g := newGate(t, address, seed, true)
		p := newPerson(t, g.url)
		p.writes(w.policy())
		if got := p.btadmin("policy", "apply", "--yes", "--quiet"); got.code != 3 {
			t.Errorf("a certificate that nobody knows: exit code %d\n%s", got.code, got.stderr)
		}
		g.obeys(at(0.2))
		p.must("policy", "apply", "--yes", "--quiet", "--ca-cert", g.authority(t))
		g.obeys(nil)
		look(t, address).has(w, p.home)
	})
}
