package compiled

import (
	"runtime"
	"slices"
)

// rows is every grant, merged by node and principal. The rows of a node are sorted by principal, components
// of groups before users.
type rows struct {
	start []uint32 // of a node, with one more at the end
	who   []uint32
	low   []word
	high  []word              // only of the nodes at organization level, which come first
	odd   map[uint32][]oddRow // by node: what fits in no word
	// strange are the principals that may do something known on things of a type without a lane.
	strange map[uint32]bool
}

// oddRow is a tuple without a bit, given to a principal.
type oddRow struct {
	who uint32
	tuple
}

// newRows sorts and merges the records.
func newRows(records []record, d *directory, s *subjects, r *rights) *rows {
	nodes := len(d.kindOf)
	start := make([]uint32, nodes+1)
	live := 0
	for i := range records {
		if records[i].node != none {
			start[records[i].node+1]++
			live++
		}
	}
	for n := range nodes {
		start[n+1] += start[n]
	}
	keys := make([]uint64, live) // principal and gift
	next := slices.Clone(start[:nodes])
	groups := uint32(len(s.component))
	for i := range records {
		one := &records[i]
		if one.node == none {
			continue
		}
		who := one.subject - groups + uint32(s.count)
		if one.subject < groups {
			who = s.component[one.subject]
		}
		keys[next[one.node]] = uint64(who)<<32 | uint64(one.gift)
		next[one.node]++
	}
	sortEach(keys, start)
	return mergeEach(keys, start, d, r)
}

// sortEach sorts the keys of every node, by workers that have about as many keys each.
func sortEach(keys []uint64, start []uint32) {
	workers := runtime.GOMAXPROCS(0)
	nodes := len(start) - 1
	sorting := make([]func(), workers)
	first := 0
	for w := range workers {
		share, _ := slices.BinarySearch(start[:nodes], uint32(len(keys)*(w+1)/workers))
		last := max(first, share)
		if w == workers-1 {
			last = nodes
		}
		from, to := first, last
		sorting[w] = func() {
			for n := from; n < to; n++ {
				slices.Sort(keys[start[n]:start[n+1]])
			}
		}
		first = last
	}
	inParallel(sorting...)
}

// mergeEach joins what one principal is given on one node.
func mergeEach(keys []uint64, start []uint32, d *directory, r *rights) *rows {
	merged := &rows{
		start: make([]uint32, 1, len(start)), who: make([]uint32, 0, len(keys)), low: make([]word, 0, len(keys)),
		odd: map[uint32][]oddRow{}, strange: map[uint32]bool{},
	}
	for n := range uint32(len(start) - 1) {
		mine := keys[start[n]:start[n+1]]
		for i := 0; i < len(mine); {
			who := uint32(mine[i] >> 32)
			var low, high word
			for ; i < len(mine) && uint32(mine[i]>>32) == who; i++ {
				g := &r.gifts[uint32(mine[i])]
				low |= g.low
				high |= g.high
				for _, t := range g.odd {
					merged.addOdd(n, who, t)
				}
			}
			if n >= d.firstProject {
				merged.spill(n, who, low, high)
				high = 0
			}
			if low|high == 0 {
				continue
			}
			if n < d.firstProject {
				merged.high = append(merged.high, high)
			}
			merged.who, merged.low = append(merged.who, who), append(merged.low, low)
		}
		merged.start = append(merged.start, uint32(len(merged.who)))
	}
	return merged
}

// spill keeps restrictions to types of the organization on a node that has no second word: they count when
// something of such a type is imagined there.
func (m *rows) spill(n, who uint32, low, high word) {
	high &^= word(lane(low, kindAny)) * everyLane
	for k := kindOrganization; high != 0 && k < kindUnknown; k++ {
		for permission := range uint32(knownRights) {
			if high&bitIn(k, permission) != 0 {
				m.addOdd(n, who, tuple{permission, k})
			}
		}
	}
}

func (m *rows) addOdd(n, who uint32, t tuple) {
	m.odd[n] = append(m.odd[n], oddRow{who: who, tuple: t})
	if t.permission < knownRights && t.restrict >= kindUnknown {
		m.strange[who] = true
	}
}
