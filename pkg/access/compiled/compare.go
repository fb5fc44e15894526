package compiled

import (
	"iter"

	"btadmin/pkg/access"
)

// Difference is what a principal gained and lost on one node, of the known permissions.
type Difference struct {
	Principal    access.Principal
	Node         access.Node
	Gained, Lost Mask
}

// Affected names everybody whose access may differ between two engines of one organization: those that only
// one has, who are in other groups, whom grants that differ reach, and who are granted something on or above
// what was moved, made or deleted. All others have exactly the same access on everything, and on everything
// that may be created. Users come first, in the order of before.
func Affected(before, after *Engine, include Include) iter.Seq[access.Principal] {
	return func(yield func(access.Principal) bool) {
		newComparison(before, after).affected(include, func(p access.Principal, _, _ uint32) bool { return yield(p) })
	}
}

// Compare names every cell that differs between two engines of one organization: a principal, a node, the
// known permissions gained and lost. Where only one has the principal or the node, the other gives nothing.
// A change near the top can make as many cells as there are principals times nodes.
func Compare(before, after *Engine, include Include) iter.Seq[Difference] {
	return func(yield func(Difference) bool) {
		c := newComparison(before, after)
		c.affected(include, func(p access.Principal, old, now uint32) bool {
			tell := func(n access.Node, was, is Mask) bool {
				return yield(Difference{p, n, is &^ was, was &^ is})
			}
			if c.onlyBelow(old, now) {
				return c.changedCells(old, now, tell)
			}
			a, b := before.lookAt(old), after.lookAt(now)
			defer a.done()
			defer b.done()
			return c.cells(a, b, tell)
		})
	}
}

// comparison knows what differs.
type comparison struct {
	*pairing
	oldMoved, newMoved     []uint32
	changed                []uint32 // nodes of before at or below which grants differ, unless that is everywhere
	oldTouched, newTouched *marks   // principals whom something that differs reaches
	seen                   *marks   // nodes of before
}

func newComparison(before, after *Engine) *comparison {
	c := &comparison{
		pairing: pair2(before, after), oldTouched: newMarks(len(before.subjects.closure)),
		newTouched: newMarks(len(after.subjects.closure)), seen: newMarks(len(before.kindOf)),
	}
	for m, n := range c.node {
		if n != none && !c.sameRows(n, uint32(m)) {
			before.touch(c.oldTouched, n)
			after.touch(c.newTouched, uint32(m))
			c.changed = before.appendBelow(c.changed, n)
		}
	}
	c.oldMoved, c.newMoved = c.moved()
	before.touchAbove(c.oldTouched, c.oldMoved)
	after.touchAbove(c.newTouched, c.newMoved)
	return c
}

// appendBelow appends a node and all that its grants reach, short of everything.
func (e *Engine) appendBelow(nodes []uint32, n uint32) []uint32 {
	nodes = append(nodes, n)
	project := func(p uint32) {
		for inside := e.projectStart[p]; inside < e.projectStart[p+1]; inside++ {
			nodes = append(nodes, inside)
		}
	}
	switch e.kindOf[n] {
	case kindProject:
		project(e.projectOf[n])
	case kindProjectGroup:
		for _, p := range e.setProjects.of(n - e.firstSet) {
			project(p)
		}
	}
	return nodes
}

// fewNodes is how many changed nodes are asked about one by one.
const fewNodes = 500

// onlyBelow reports whether what a principal holds can only differ on a few nodes that are known: he receives
// the same groups' grants, and the same at the top.
func (c *comparison) onlyBelow(old, now uint32) bool {
	return old != none && now != none && len(c.changed)+len(c.oldMoved)+len(c.newMoved) <= fewNodes &&
		!c.before.receivesOdd(old) && !c.after.receivesOdd(now) && c.sameClosure(old, now) &&
		c.before.holders[old].below == c.after.holders[now].below && c.before.highOn(old, organizationNode) == c.after.highOn(now, organizationNode)
}

// changedCells is cells for those few nodes.
func (c *comparison) changedCells(old, now uint32, do func(n access.Node, was, is Mask) bool) bool {
	c.seen.clear()
	for _, nodes := range [][]uint32{c.changed, c.oldMoved} {
		for _, n := range nodes {
			if !c.seen.mark(n) {
				continue
			}
			was, is := c.before.held(old, n, c.before.kindOf[n], 0), Mask(0)
			if m := c.back[n]; m != none {
				is = c.after.held(now, m, c.after.kindOf[m], 0)
			}
			if was != is && !do(c.before.nodeAt(n), was, is) {
				return false
			}
		}
	}
	for _, m := range c.newMoved {
		if c.node[m] != none {
			continue // it is among the others
		}
		if is := c.after.held(now, m, c.after.kindOf[m], 0); is != 0 && !do(c.after.nodeAt(m), 0, is) {
			return false
		}
	}
	return true
}

// touchAbove marks everybody who receives grants on some nodes or above them.
func (e *Engine) touchAbove(touched *marks, nodes []uint32) {
	done := newMarks(len(e.kindOf))
	for _, n := range nodes {
		for i := 0; ; i++ {
			above, more := e.above(n, i)
			if !more {
				break
			}
			if done.mark(above) {
				e.touch(touched, above)
			}
		}
	}
}

// touch marks everybody who receives grants on a node.
func (e *Engine) touch(touched *marks, node uint32) {
	all := func(who uint32) {
		if e.subjects.isUser(who) {
			touched.mark(who)
			return
		}
		for _, c := range e.subjects.down.of(who) {
			touched.mark(c)
			for _, u := range e.subjects.direct.of(c) {
				touched.mark(e.subjects.user(u))
			}
		}
	}
	for _, who := range e.rows.who[e.rows.start[node]:e.rows.start[node+1]] {
		all(who)
	}
	for _, row := range e.rows.odd[node] {
		all(row.who)
	}
}

func (c *comparison) affected(include Include, do func(p access.Principal, old, now uint32) bool) {
	c.everybody(include, func(p access.Principal, old, now uint32) bool {
		if old != none && now != none && !c.oldTouched.has(old) && !c.newTouched.has(now) && c.sameClosure(old, now) {
			return true
		}
		return do(p, old, now)
	})
}

// cells compares what one principal holds, was and is.
func (c *comparison) cells(a, b *view, do func(n access.Node, was, is Mask) bool) bool {
	visit := func(n, m uint32) bool {
		if n != none && !c.seen.mark(n) {
			return true
		}
		was, is := a.on(n), b.on(m)
		switch {
		case was == is:
			return true
		case n != none:
			return do(c.before.nodeAt(n), was, is)
		}
		return do(c.after.nodeAt(m), was, is)
	}
	c.seen.clear()
	if a.everywhere() != b.everywhere() || a.scratch == nil || b.scratch == nil {
		for n, m := range c.back {
			if !visit(uint32(n), m) {
				return false
			}
		}
	}
	for n := range a.ranges() {
		if !visit(n, c.back[n]) {
			return false
		}
	}
	for m := range b.ranges() {
		if n := c.node[m]; n != none && !visit(n, m) {
			return false
		}
	}
	for _, n := range c.oldMoved {
		if !visit(n, c.back[n]) {
			return false
		}
	}
	for _, m := range c.newMoved {
		if !visit(c.node[m], m) {
			return false
		}
	}
	return true
}
