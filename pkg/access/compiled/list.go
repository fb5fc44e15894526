package compiled

import (
	"iter"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// byPrincipal is the rows turned round: what a principal itself is granted, and where. It is made when it is
// first asked for, because a single check does without.
type byPrincipal struct {
	start []uint32 // of a principal, with one more at the end
	node  []uint32
	word  []word // for the node's own kind: at organization level the second word
}

func (e *Engine) newByPrincipal() *byPrincipal {
	principals := len(e.subjects.closure)
	b := &byPrincipal{start: make([]uint32, principals+1), node: make([]uint32, len(e.rows.who)), word: make([]word, len(e.rows.who))}
	for _, who := range e.rows.who {
		b.start[who+1]++
	}
	for i := range principals {
		b.start[i+1] += b.start[i]
	}
	next := slices.Clone(b.start[:principals])
	for n := range uint32(len(e.kindOf)) {
		for row := e.rows.start[n]; row < e.rows.start[n+1]; row++ {
			at := next[e.rows.who[row]]
			next[e.rows.who[row]]++
			b.node[at], b.word[at] = n, e.rows.low[row]
			if n < e.firstProject {
				b.word[at] = e.rows.high[row]
			}
		}
	}
	return b
}

// List names the nodes on which a principal has some of the wanted known permissions, with those that it
// has. With types, only nodes of these. Containers come before what is in them.
func (e *Engine) List(p access.Principal, want Mask, types ...braintrust.ObjectType) iter.Seq2[access.Node, Mask] {
	return func(yield func(access.Node, Mask) bool) {
		who, known := e.principal(p)
		if !known {
			return
		}
		l := &lister{e: e, who: who, want: want, types: e.typeFilter(types), yield: yield}
		if e.receivesOdd(who) {
			l.everyNode()
			return
		}
		l.scratch, _ = e.scratch.Get().(*scratch)
		defer e.scratch.Put(l.scratch)
		l.enter()
		defer l.leave()
		if l.organization() {
			l.inProjects()
		}
	}
}

// ListOther is List for one permission that a Mask cannot hold.
func (e *Engine) ListOther(p access.Principal, permission braintrust.Permission, types ...braintrust.ObjectType) iter.Seq[access.Node] {
	return func(yield func(access.Node) bool) {
		for n, k := range e.kindOf {
			at := e.nodeAt(uint32(n))
			if (len(types) == 0 || slices.Contains(types, at.Type)) && e.check(p, permission, k, at.ID, k) && !yield(at) {
				return
			}
		}
	}
}

// ListInside names the projects in which a principal has some of the wanted known permissions on something
// that does not exist yet, with those that it has: where somebody may create datasets is
// ListInside(p, MaskOf(create), dataset).
func (e *Engine) ListInside(p access.Principal, want Mask, child braintrust.ObjectType) iter.Seq2[access.Node, Mask] {
	return func(yield func(access.Node, Mask) bool) {
		who, known := e.principal(p)
		if !known {
			return
		}
		k := e.targetKind(child)
		for project := range uint32(len(e.projectIDs)) {
			node := e.projectStart[project]
			if held := e.held(who, node, k, 0) & want; held != 0 && !yield(e.nodeAt(node), held) {
				return
			}
		}
	}
}

// typeFilter marks the wanted kinds; nil wants all.
func (e *Engine) typeFilter(types []braintrust.ObjectType) []bool {
	if len(types) == 0 {
		return nil
	}
	wanted := make([]bool, len(e.types))
	for _, t := range types {
		if k, known := e.kind(t); known {
			wanted[k] = true
		}
	}
	return wanted
}

// receivesOdd reports whether tuples without a bit may add to a principal's masks.
func (e *Engine) receivesOdd(who uint32) bool {
	if len(e.rows.strange) == 0 {
		return false
	}
	return e.rows.strange[who] || slices.ContainsFunc(e.subjects.receives(who), func(c uint32) bool { return e.rows.strange[c] })
}

// lister is one run of List.
type lister struct {
	*scratch
	e     *Engine
	who   uint32
	want  Mask
	types []bool
	yield func(access.Node, Mask) bool
}

// give names a node if something wanted is held there; false ends the list.
func (l *lister) give(n uint32, held Mask) bool {
	held &= l.want
	if held == 0 || l.types != nil && !l.types[l.e.kindOf[n]] {
		return true
	}
	return l.yield(l.e.nodeAt(n), held)
}

// everyNode asks about each node: the slow way, for principals who hold something on a type without a lane.
func (l *lister) everyNode() {
	for n, k := range l.e.kindOf {
		if !l.give(uint32(n), l.e.held(l.who, uint32(n), k, 0)) {
			return
		}
	}
}

// enter joins by node what the principal receives.
func (l *lister) enter() {
	e := l.e
	wanted := word(l.want) * everyLane
	l.eachGrant(func(n uint32, w word) {
		if w&wanted != 0 {
			l.words[n] |= w
			l.touched.set(n)
		}
	})
	for set := range uint32(len(e.setProjects.start) - 1) {
		w := e.wordOn(l.who, e.firstSet+set)
		if w&wanted == 0 {
			continue
		}
		for _, p := range e.setProjects.of(set) {
			l.words[e.projectStart[p]] |= w
			l.touched.set(e.projectStart[p])
		}
	}
}

// leave empties what enter filled.
func (l *lister) leave() {
	l.eachGrant(func(n uint32, _ word) { l.words[n] = 0 })
	for set := range uint32(len(l.e.setProjects.start) - 1) {
		for _, p := range l.e.setProjects.of(set) {
			l.words[l.e.projectStart[p]] = 0
		}
	}
	clear(l.touched)
}

func (l *lister) eachGrant(do func(n uint32, w word)) {
	b := l.e.listing()
	each := func(who uint32) {
		for i := b.start[who]; i < b.start[who+1]; i++ {
			do(b.node[i], b.word[i])
		}
	}
	if l.e.subjects.isUser(l.who) {
		each(l.who)
	}
	for _, c := range l.e.subjects.receives(l.who) {
		each(c)
	}
}

// organization lists the nodes outside projects, objects of no known project excepted.
func (l *lister) organization() bool {
	above := l.words[organizationNode]
	bounds := []uint32{0, l.e.firstGroup, l.e.firstRole, l.e.firstSet, l.e.firstProject}
	for i, first := range bounds[:len(bounds)-1] {
		if first == bounds[i+1] {
			continue
		}
		every := first == 0 || lane(above, l.e.kindOf[first])&l.want != 0
		if !l.nodes(first, bounds[i+1], above, every) {
			return false
		}
	}
	return true
}

// nodes lists a range: every node of it, or those that have grants of their own.
func (l *lister) nodes(first, end uint32, above word, every bool) bool {
	next := func(n uint32) uint32 {
		if every {
			return n
		}
		return l.touched.next(n)
	}
	for n := next(first); n < end; n = next(n + 1) {
		if !l.give(n, lane(above|l.words[n], l.laneOf(n))) {
			return false
		}
	}
	return true
}

func (l *lister) laneOf(n uint32) kind {
	if k := l.e.kindOf[n]; k < kindUnknown {
		return k
	}
	return kindAny
}

// inProjects lists projects with what is in them, then objects of no known project.
func (l *lister) inProjects() {
	e := l.e
	wanted := word(l.want) * everyLane
	below := e.holders[l.who].below
	end := e.projectStart[len(e.projectStart)-1]
	for n := e.firstProject; n < end; {
		if below&wanted == 0 {
			if n = l.touched.next(n); n >= end {
				break
			}
		}
		project := e.projectOf[n]
		first, last := e.projectStart[project], e.projectStart[project+1]
		above := below | l.words[first]
		if !l.nodes(first, last, above, above&wanted != 0) {
			return
		}
		n = last
	}
	l.nodes(end, uint32(len(e.kindOf)), 0, false)
}
