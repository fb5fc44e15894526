package compiled

import (
	"maps"
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
	keys, start := byNode(records, len(d.kindOf), s, func(i int) uint32 { return records[i].gift })
	return mergeEach(keys, start, d, r)
}

// byNode puts the records of a node together, sorted by principal and by a number of each.
func byNode(records []record, nodes int, s *subjects, low func(i int) uint32) (keys []uint64, start []uint32) {
	start = make([]uint32, nodes+1)
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
	keys = make([]uint64, live)
	next := slices.Clone(start[:nodes])
	for i := range records {
		one := &records[i]
		if one.node == none {
			continue
		}
		keys[next[one.node]] = uint64(s.principal(one.subject))<<32 | uint64(low(i))
		next[one.node]++
	}
	inShares(start, func(first, last uint32) {
		for n := first; n < last; n++ {
			slices.Sort(keys[start[n]:start[n+1]])
		}
	})
	return keys, start
}

// inShares divides lists among workers who get about as many items each.
func inShares(start []uint32, work func(first, last uint32)) {
	workers, nodes := runtime.GOMAXPROCS(0), len(start)-1
	shares := make([]func(), workers)
	first := 0
	for w := range workers {
		last := nodes
		if w < workers-1 {
			share, _ := slices.BinarySearch(start[:nodes], uint32(int(start[nodes])*(w+1)/workers))
			last = max(first, share)
		}
		from, to := uint32(first), uint32(last)
		shares[w] = func() { work(from, to) }
		first = last
	}
	inParallel(shares...)
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

func (m *rows) clone() *rows {
	c := *m
	c.low, c.high, c.odd = slices.Clone(m.low), slices.Clone(m.high), maps.Clone(m.odd)
	return &c
}

// removeOdd takes the tuples of one gift away; the lists of a clone are still those of the original, so that
// they are copied.
func (m *rows) removeOdd(n, who uint32, g *gift) {
	for _, t := range g.odd {
		if i := slices.Index(m.odd[n], oddRow{who, t}); i >= 0 {
			m.odd[n] = slices.Concat(m.odd[n][:i], m.odd[n][i+1:])
		}
	}
}

func (m *rows) addOdd(n, who uint32, t tuple) {
	m.odd[n] = append(m.odd[n], oddRow{who: who, tuple: t})
	if t.permission < knownRights && t.restrict >= kindUnknown {
		m.strange[who] = true
	}
}
