package diff

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// line is a place where something was gained or lost that the place above does not tell already.
type line struct {
	place int32
	change
}

// miss is a place in which something did not change although the line of a place above tells so.
type miss struct {
	place, under int32
	change
}

// difference is what one principal gained and lost.
type difference struct {
	who     access.Principal
	was, is *access.Trace
	lines   []line
	misses  []miss
}

// sweep computes the difference of one principal.
type sweep struct {
	*comparison
	difference
	hadBefore, hasAfter bool
	changes             map[int32]change // by place, of those that were looked at
	told                map[int32]change // what a line of this very place tells
}

// principal compares what one principal may do. Rights differ from those in the container only where
// somebody whose grants he receives is granted something, so that few places need to be looked at.
func (c *comparison) principal(p access.Principal) difference {
	s := &sweep{
		comparison: c, hadBefore: c.before.has(p), hasAfter: c.after.has(p),
		changes: map[int32]change{}, told: map[int32]change{},
	}
	s.difference = difference{who: p, was: c.before.state.Trace(p), is: c.after.state.Trace(p)}
	for at := range c.u.top {
		s.look(at)
	}
	for _, at := range s.candidates() {
		s.look(at)
	}
	return s.difference
}

// candidates are the places below the top ones to look at, containers first.
func (s *sweep) candidates() []int32 {
	found := map[int32]bool{}
	node := func(n access.Node) {
		if at, known := s.u.own(n); known {
			found[at] = true
			if parent := s.u.parent[at]; parent >= s.u.top {
				found[parent] = true
			}
		}
	}
	project := func(id string) {
		if first, known := s.u.own(access.Node{Type: braintrust.ObjectProject, ID: id}); known {
			for at := first; at < first+s.u.block(); at++ {
				found[at] = true
			}
		}
	}
	for _, from := range []struct {
		*side
		*access.Trace
	}{{s.before, s.was}, {s.after, s.is}} {
		for _, subject := range from.Subjects() {
			for _, n := range from.rows[subject] {
				switch n.Type {
				case braintrust.ObjectProject, braintrust.ObjectProjectLog:
					project(n.ID)
				case braintrust.ObjectProjectGroup:
					node(n)
					for _, id := range s.before.sets[n.ID] {
						project(id)
					}
					for _, id := range s.after.sets[n.ID] {
						project(id)
					}
				default:
					node(n)
				}
			}
		}
	}
	for _, n := range s.al.moved {
		node(n)
	}
	var out []int32
	for at := range found {
		if at >= s.u.top {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return out
}

// look compares one place with what is told above it.
func (s *sweep) look(at int32) {
	is := s.at(at)
	s.changes[at] = is
	above, parent := change{}, s.u.parent[at]
	if parent != none {
		above = s.changes[parent]
		if grand := s.u.parent[parent]; grand != none {
			if _, looked := s.changes[parent]; !looked {
				above = s.changes[grand]
			}
		}
	}
	if more := (change{is.gained &^ above.gained, is.lost &^ above.lost}); !more.empty() {
		s.told[at] = more
		s.lines = append(s.lines, line{at, more})
	}
	less := change{above.gained &^ is.gained, above.lost &^ is.lost}
	if less.empty() {
		return
	}
	own := s.told[parent] // the rest is told by the place above that
	if here := (change{less.gained & own.gained, less.lost & own.lost}); !here.empty() {
		s.misses = append(s.misses, miss{at, parent, here})
	}
	if there := (change{less.gained &^ own.gained, less.lost &^ own.lost}); !there.empty() {
		s.misses = append(s.misses, miss{at, s.u.parent[parent], there})
	}
}

// at is what the principal gained and lost in a place.
func (s *sweep) at(at int32) change {
	var held, holds set
	place := s.u.places[at]
	for i, permission := range s.permissions {
		if s.hadBefore && s.before.allowed(s.who, permission, place) {
			held |= 1 << i
		}
		if s.hasAfter && s.after.allowed(s.who, permission, place) {
			holds |= 1 << i
		}
	}
	return change{gained: holds &^ held, lost: held &^ holds}
}
