package compiled

import (
	"iter"
	"math/bits"
	"slices"
)

// audit looks at every grant beside the others.
type audit struct {
	*Engine
	keys  []uint64 // principal and record, those of a node together and sorted
	start []uint32 // of a node, with one more at the end
}

func (e *Engine) newAudit() *audit {
	keys, start := byNode(e.records, len(e.kindOf), e.subjects, func(i int) uint32 { return uint32(i) })
	return &audit{Engine: e, keys: keys, start: start}
}

// rows are the grants of one principal on a node, one principal after the other.
func (a *audit) rows(node uint32) iter.Seq[[]uint64] {
	return func(yield func([]uint64) bool) {
		for left := a.keys[a.start[node]:a.start[node+1]]; len(left) > 0; {
			n := 1
			for n < len(left) && left[n]>>32 == left[0]>>32 {
				n++
			}
			if !yield(left[:n]) {
				return
			}
			left = left[n:]
		}
	}
}

func (a *audit) gift(key uint64) *gift { return &a.rights.gifts[a.records[uint32(key)].gift] }

// judge finds the waste of one principal on a node. Two accumulators, "held once" and "held twice", tell for
// each grant of the row what the rest of the row gives.
func (a *audit) judge(node uint32, row []uint64, found []Waste) {
	who, r := uint32(row[0]>>32), a.reachOf(node)
	var once, twice pair
	for _, key := range row {
		g := a.gift(key)
		twice.low |= once.low & g.low
		twice.high |= once.high & g.high
		once.low |= g.low
		once.high |= g.high
	}
	elsewhere := a.elsewhere(who, node)
	for _, key := range row {
		g, verdict := a.gift(key), &found[uint32(key)]
		rest := pair{elsewhere.low | twice.low | once.low&^g.low, elsewhere.high | twice.high | once.high&^g.high}
		switch {
		case !r.gives(g):
			*verdict = Powerless
		case a.covered(who, node, r, g, rest):
			*verdict = Redundant
		case !a.subjects.reachUsers(who):
			*verdict = Unmanned
		}
	}
}

// thin removes the grants of a row that the others cover still, the last first. Those that stay are judged
// Needed.
func (a *audit) thin(node uint32, row []uint64, found []Waste) {
	if !slices.ContainsFunc(row, func(key uint64) bool { return found[uint32(key)] == Redundant }) {
		return
	}
	who, r := uint32(row[0]>>32), a.reachOf(node)
	elsewhere := a.elsewhere(who, node)
	before := make([]pair, len(row)) // what the grants before each give
	for i, key := range row[:len(row)-1] {
		before[i+1] = before[i].with(a.gift(key))
	}
	var kept pair
	for i := len(row) - 1; i >= 0; i-- {
		g := a.gift(row[i])
		rest := pair{elsewhere.low | before[i].low | kept.low, elsewhere.high | before[i].high | kept.high}
		if verdict := &found[uint32(row[i])]; *verdict == Redundant {
			if a.covered(who, node, r, g, rest) {
				a.Engine.rows.removeOdd(node, who, g)
				continue
			}
			*verdict = Needed
		}
		kept = kept.with(g)
	}
	first := a.Engine.rows.start[node]
	at := first + uint32(seek(a.Engine.rows.who[first:a.Engine.rows.start[node+1]], who))
	if at < a.Engine.rows.start[node+1] && a.Engine.rows.who[at] == who {
		a.Engine.rows.low[at] = kept.low
		if node < a.firstProject {
			a.Engine.rows.high[at] = kept.high
		}
	}
}

// pair is both words.
type pair struct{ low, high word }

func (p pair) with(g *gift) pair { return pair{p.low | g.low, p.high | g.high} }

// elsewhere is what a principal is given on a node and above it by grants that are not in its row there.
func (a *audit) elsewhere(who, node uint32) pair {
	got := a.fromGroups(who, node)
	if node < a.firstProject {
		if node != organizationNode {
			got.low |= a.wordOn(who, organizationNode)
			got.high |= a.highOn(who, organizationNode)
		}
		return got
	}
	project := a.projectOf[node]
	if project == none {
		return got
	}
	got.low |= a.holders[who].below
	if first := a.projectStart[project]; node != first {
		got.low |= a.wordOn(who, first)
	}
	for _, set := range a.setsOf.of(project) {
		got.low |= a.wordOn(who, set)
	}
	return got
}

// fromGroups joins the rows of a node that a principal receives, its own left out.
func (a *audit) fromGroups(who, node uint32) pair {
	var got pair
	rows := a.Engine.rows
	first, last := rows.start[node], rows.start[node+1]
	if last-first == 1 && rows.who[first] == who {
		return got
	}
	for _, group := range a.subjects.receives(who) {
		at := first + uint32(seek(rows.who[first:last], group))
		if group == who || at == last || rows.who[at] != group {
			continue
		}
		got.low |= rows.low[at]
		if node < a.firstProject {
			got.high |= rows.high[at]
		}
	}
	return got
}

// covered reports whether the rest, words and tuples without a bit, gives a principal all of a gift.
func (a *audit) covered(who, node uint32, r reach, g *gift, rest pair) bool {
	missing := g.low & r.low &^ rest.low
	if g.high&r.high&^rest.high != 0 || missing != 0 && r.own < kindUnknown {
		return false
	}
	for ; missing != 0; missing &= missing - 1 { // in the lane of what has no lane
		if !a.oddly(who, node, g, uint32(bits.TrailingZeros64(missing))%knownRights, r.own) {
			return false
		}
	}
	for _, t := range g.odd {
		k, something := r.of(t)
		if !something || t.permission < knownRights && rest.low&bitIn(kindAny, t.permission) != 0 {
			continue
		}
		if !a.oddly(who, node, g, t.permission, k) {
			return false
		}
	}
	return true
}

// oddly reports whether a tuple without a bit gives a principal a permission on things of a kind, on a node
// or above it. Of each tuple of a gift to the principal on the node itself one is left out.
func (a *audit) oddly(who, node uint32, without *gift, permission uint32, k kind) bool {
	left := slices.Clone(without.odd)
	for i := 0; ; i++ {
		n, more := a.above(node, i)
		if !more {
			return false
		}
		if i > 0 && n == node {
			continue
		}
		for _, row := range a.Engine.rows.odd[n] {
			if n == node && row.who == who {
				if own := slices.Index(left, row.tuple); own >= 0 {
					left = slices.Delete(left, own, own+1)
					continue
				}
			}
			if row.permission == permission && row.reaches(k) && a.receivesFrom(who, row.who) {
				return true
			}
		}
	}
}

// share reports whether two gifts give some of the same here.
func (r reach) share(a, b *gift) bool {
	if a.low&b.low&r.low|a.high&b.high&r.high != 0 {
		return true
	}
	for _, x := range a.tuples() {
		for _, y := range b.tuples() {
			if k, something := r.of(x); something && x.permission == y.permission && y.reaches(k) {
				return true
			}
		}
	}
	return false
}
