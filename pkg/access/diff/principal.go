package diff

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// line is a place where something was gained or lost that the place above does not tell already.
type line struct {
	place int32
	change
	gains, losses [][]proof // of each permission gained or lost, in their order
}

// miss is a place in which something did not change although the line of a place above tells so.
type miss struct {
	place, under int32
	change
}

// difference is what one principal gained and lost.
type difference struct {
	who    access.Principal
	lines  []line
	misses []miss
}

// sweep computes the difference of one principal.
type sweep struct {
	*comparison
	difference
	was, is    asker
	top        []change
	topDiffers bool
	blocks     map[int32][]change // by the place of a project, of those that were looked at and differ from the top
	traceWas   *access.Trace
	traceIs    *access.Trace
}

// asker asks one state about one principal.
type asker struct {
	*side
	who     access.Principal
	subject compiled.Subject
	here    bool
}

func (s *side) asker(p access.Principal) asker {
	a := asker{side: s, who: p}
	a.subject, a.here = s.engine.Subject(p)
	a.here = a.here && s.has(p)
	return a
}

// principal compares what one principal may do. Rights differ from those in the container only where
// somebody whose grants he receives is granted something, so that few places need to be looked at.
func (c *comparison) principal(p access.Principal) difference {
	s := &sweep{
		comparison: c, was: c.before.asker(p), is: c.after.asker(p), blocks: map[int32][]change{},
		traceWas: c.before.state.Trace(p), traceIs: c.after.state.Trace(p),
		difference: difference{who: p}, top: make([]change, c.u.top),
	}
	for at := range c.u.top {
		s.top[at] = s.at(at)
		s.topDiffers = s.topDiffers || !s.top[at].empty()
		s.tell(at, s.top[at], change{}, none)
	}
	for _, next := range s.candidates() {
		at, parent := next.place, c.u.parent[next.place]
		switch {
		case at < c.u.firstProject || parent == none:
			if next.differs || s.topDiffers {
				s.inTop(at, parent)
			}
		case at < c.u.firstObject:
			if next.differs || s.topDiffers {
				s.project(at)
			}
		default:
			s.object(at, parent, next.differs)
		}
	}
	s.prove()
	return s.difference
}

// candidate is a place below the top to look at; of a project, its first. Unless something differs there, only
// when something above differs can it matter that more is granted there.
type candidate struct {
	place   int32
	differs bool
}

// candidates are the places at which something is granted to anybody whose grants the principal receives,
// containers first.
func (s *sweep) candidates() []candidate {
	var found []int32 // twice the number of the place, and one more when something differs
	for _, at := range s.moved {
		found = append(found, 2*at+1)
	}
	was, is := s.traceWas.Subjects(), s.traceIs.Subjects()
	for _, subject := range union(was, is) {
		differs := s.was.here != s.is.here || !slices.Contains(was, subject) || !slices.Contains(is, subject)
		for _, at := range s.rows[subject] {
			if differs || s.touched[at] {
				found = append(found, 2*at+1)
			} else {
				found = append(found, 2*at)
			}
		}
	}
	slices.Sort(found)
	var out []candidate
	for _, n := range found {
		next := candidate{n / 2, n%2 == 1}
		if last := len(out) - 1; last >= 0 && out[last].place == next.place {
			out[last].differs = out[last].differs || next.differs
			continue
		}
		out = append(out, next)
	}
	return out
}

// project compares the places of a project with "all projects".
func (s *sweep) project(first int32) {
	changes := s.block(first)
	same := true
	for i, is := range changes {
		above := s.top[s.u.allProjects+int32(i)]
		if is != above {
			same = false
			s.tell(first+int32(i), is, above, s.u.allProjects+int32(i))
		}
	}
	if !same {
		s.blocks[first] = changes
	}
}

// block is what was gained and lost in the places of a project.
func (s *sweep) block(first int32) []change {
	was, is := s.was.lanes(first), s.is.lanes(first)
	out := make([]change, s.u.block())
	for i := range out {
		at := first + int32(i)
		t := braintrust.ObjectProject
		if i > 0 {
			t = s.u.kinds[i-1]
		}
		held, hasLane := was.Of(t)
		holds, _ := is.Of(t)
		if !hasLane || t == braintrust.ObjectProjectLog { // a log has grants of its own
			out[i] = s.at(at)
			continue
		}
		out[i] = s.change(at, held, holds)
	}
	return out
}

func (a *asker) lanes(at int32) compiled.Lanes {
	if !a.here {
		return compiled.Lanes{}
	}
	return a.engine.Lanes(a.subject, a.places[at])
}

// inTop compares a place with the one at the top that it is in.
func (s *sweep) inTop(at, parent int32) {
	above := change{}
	if parent != none {
		above = s.top[parent]
	}
	s.tell(at, s.at(at), above, parent)
}

// object compares an object with the things of its type in its project.
func (s *sweep) object(at, parent int32, differs bool) {
	grand := s.u.parent[parent]
	project := parent - (grand - s.u.allProjects)
	changes, above := s.blocks[project]
	if !differs && !above && !s.topDiffers {
		return
	}
	is := s.at(at)
	if !above {
		s.tell(at, is, s.top[grand], grand)
		return
	}
	all, top := changes[parent-project], s.top[grand]
	s.tell(at, is, all, none)
	// What the project's own line tells is missed under that, the rest under the line of all projects.
	missed, own := all.without(is), all.without(top)
	s.miss(at, parent, change{missed.gained & own.gained, missed.lost & own.lost})
	s.miss(at, grand, missed.without(own))
}

// tell notes what changed in a place beyond what is told above, and what did not change although that is told.
func (s *sweep) tell(at int32, is, above change, under int32) {
	if more := is.without(above); !more.empty() {
		s.lines = append(s.lines, line{place: at, change: more})
	}
	if under != none {
		s.miss(at, under, above.without(is))
	}
}

func (s *sweep) miss(at, under int32, c change) {
	if !c.empty() {
		s.misses = append(s.misses, miss{at, under, c})
	}
}

// at is what the principal gained and lost in a place.
func (s *sweep) at(at int32) change {
	var held, holds compiled.Mask
	if s.was.here {
		held = s.was.engine.Mask(s.was.subject, s.was.places[at])
	}
	if s.is.here {
		holds = s.is.engine.Mask(s.is.subject, s.is.places[at])
	}
	return s.change(at, held, holds)
}

// change adds the permissions that no mask holds.
func (s *sweep) change(at int32, held, holds compiled.Mask) change {
	was, is := set(held), set(holds)
	if s.known == 0 {
		was, is = 0, 0
	}
	for i := s.known; i < len(s.permissions); i++ {
		if s.was.allowed(s.permissions[i], s.u.places[at]) {
			was |= 1 << i
		}
		if s.is.allowed(s.permissions[i], s.u.places[at]) {
			is |= 1 << i
		}
	}
	return change{gained: is &^ was, lost: was &^ is}
}

// allowed asks for one permission in a place.
func (a *asker) allowed(permission braintrust.Permission, place Place) bool {
	if !a.here {
		return false
	}
	n, child := place.asked()
	if child != "" {
		return a.engine.CheckChild(a.who, permission, child, n)
	}
	return a.engine.Check(a.who, permission, n)
}
