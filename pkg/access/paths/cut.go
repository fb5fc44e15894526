package paths

import (
	"cmp"
	"slices"
	"strings"

	"btadmin/pkg/access"
)

// tries is how many of the things that most chains use are tried for each cut.
const tries = 8

// target is a grant or a nesting that may be cut.
type target struct {
	grant        int // none for a nesting
	outer, inner int
}

// cuts chooses greedily what to remove. A candidate is judged by trying: chains that avoid it still count.
func (g *graph) cuts(climbers []Climber) []Cut {
	var cuts []Cut
	left := climbers
	for len(left) > 0 && len(cuts) < maxCuts {
		best, stopped := g.bestCut(left)
		if len(stopped) == 0 {
			break
		}
		g.toggle(best, true)
		cuts = append(cuts, g.describe(best, stopped))
		left = g.rest(left)
	}
	g.cutGrant, g.cutEdge = map[int]bool{}, map[[2]int]bool{}
	return cuts
}

func (g *graph) bestCut(left []Climber) (best target, stopped []string) {
	search := newSearch(g)
	for _, candidate := range g.candidates(left) {
		g.toggle(candidate, true)
		var now []string
		for _, c := range left {
			if search.run(g.number[c.UserID]) == nothing {
				now = append(now, c.UserID)
			}
		}
		g.toggle(candidate, false)
		if len(now) > len(stopped) {
			best, stopped = candidate, now
		}
	}
	return best, stopped
}

// rest are those who still reach the goal, with the chains that they have now.
func (g *graph) rest(left []Climber) []Climber {
	var rest []Climber
	search := newSearch(g)
	for _, c := range left {
		if u := g.number[c.UserID]; search.run(u) == climbs {
			rest = append(rest, search.climber())
		}
	}
	return rest
}

// candidates are what the chains use most, without what the server gives by itself.
func (g *graph) candidates(left []Climber) []target {
	ids := map[string]int{}
	for i := range g.grants {
		ids[g.grants[i].acl.ID] = i
	}
	uses := map[target]int{}
	for _, c := range left {
		mine := map[target]bool{}
		proofs := []Proof{c.Power}
		for _, link := range c.Links {
			proofs = append(append(proofs, link.By), link.Carried...)
		}
		for _, p := range proofs {
			if i, stored := ids[p.ACL.ID]; stored && !p.BuiltIn {
				mine[target{grant: i}] = true
			}
			for i := 1; i < len(p.Subjects); i++ {
				if outer, inner := p.Subjects[i], p.Subjects[i-1]; inner.Kind == access.PrincipalGroup {
					mine[target{grant: none, outer: g.groups[outer.ID], inner: g.groups[inner.ID]}] = true
				}
			}
		}
		for t := range mine {
			uses[t]++
		}
	}
	all := make([]target, 0, len(uses))
	for t := range uses {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b target) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), strings.Compare(g.key(a), g.key(b)))
	})
	return all[:min(tries, len(all))]
}

// key orders targets that are used alike: grants first, each by id, so that the answer is always the same.
func (g *graph) key(t target) string {
	if t.grant != none {
		return "a" + g.grants[t.grant].acl.ID
	}
	return "b" + g.nodes[t.outer].ID + g.nodes[t.inner].ID
}

func (g *graph) toggle(t target, on bool) {
	if t.grant != none {
		set(g.cutGrant, t.grant, on)
	} else {
		set(g.cutEdge, [2]int{t.outer, t.inner}, on)
	}
}

func set[K comparable](m map[K]bool, key K, on bool) {
	if on {
		m[key] = true
	} else {
		delete(m, key)
	}
}

func (g *graph) describe(t target, stopped []string) Cut {
	if t.grant != none {
		return Cut{ACL: g.grants[t.grant].acl, Stopped: stopped}
	}
	return Cut{Group: g.nodes[t.outer].ID, Inner: g.nodes[t.inner].ID, Stopped: stopped}
}
