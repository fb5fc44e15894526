package compiled

import "slices"

// lists is many lists of dense numbers in two slices.
type lists struct {
	start []uint32 // of list i, with one more at the end
	items []uint32
}

func (l *lists) of(i uint32) []uint32 { return l.items[l.start[i]:l.start[i+1]] }

// close ends the list being appended.
func (l *lists) close() { l.start = append(l.start, uint32(len(l.items))) }

func newLists(n int) lists { return lists{start: make([]uint32, 1, n+1)} }

// inverse lists, for each of n items, the lists that hold it.
func (l *lists) inverse(n int) lists {
	inv := lists{start: make([]uint32, n+1), items: make([]uint32, len(l.items))}
	for _, item := range l.items {
		inv.start[item+1]++
	}
	for i := range n {
		inv.start[i+1] += inv.start[i]
	}
	next := slices.Clone(inv.start)
	for i := range uint32(len(l.start) - 1) {
		for _, item := range l.of(i) {
			inv.items[next[item]] = i
			next[item]++
		}
	}
	return inv
}

// components condenses the cycles of a graph, Tarjan's way and without recursion, because chains may be as
// long as there are groups. Whatever a component leads to has a smaller number than itself.
func components(edges *lists) (of []uint32, count int) {
	n := len(edges.start) - 1
	of = make([]uint32, n)
	order := make([]uint32, n) // when met, from 1; 0 is not yet
	low := make([]uint32, n)
	done := make([]bool, n)
	next := slices.Clone(edges.start[:n])
	var met uint32
	var open, path []uint32
	for root := range uint32(n) {
		if order[root] != 0 {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if order[v] == 0 {
				met++
				order[v], low[v] = met, met
				open = append(open, v)
			}
			if next[v] < edges.start[v+1] {
				w := edges.items[next[v]]
				next[v]++
				switch {
				case order[w] == 0:
					path = append(path, w)
				case !done[w]:
					low[v] = min(low[v], order[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				above := path[len(path)-1]
				low[above] = min(low[above], low[v])
			}
			if low[v] != order[v] {
				continue
			}
			for {
				w := open[len(open)-1]
				open = open[:len(open)-1]
				of[w], done[w] = uint32(count), true
				if w == v {
					break
				}
			}
			count++
		}
	}
	return of, count
}

// closures lists, for each component, itself and every component it leads to, sorted.
func closures(edges *lists, of []uint32, count int) lists {
	members := (&lists{start: upTo(len(of)), items: of}).inverse(count)
	closed := newLists(count)
	seen := newMarks(count)
	for c := range uint32(count) {
		seen.clear()
		first := len(closed.items)
		add := func(item uint32) {
			if seen.mark(item) {
				closed.items = append(closed.items, item)
			}
		}
		add(c)
		for _, v := range members.of(c) {
			for _, w := range edges.of(v) {
				if target := of[w]; target != c && !seen.has(target) {
					for _, item := range closed.of(target) {
						add(item)
					}
				}
			}
		}
		slices.Sort(closed.items[first:])
		closed.close()
	}
	return closed
}

// upTo is 0, 1, ... n: the bounds of n lists of one item.
func upTo(n int) []uint32 {
	all := make([]uint32, n+1)
	for i := range all {
		all[i] = uint32(i)
	}
	return all
}

// marks is a set of dense numbers that is emptied in no time.
type marks struct {
	round uint32
	last  []uint32
}

func newMarks(n int) *marks { return &marks{round: 1, last: make([]uint32, n)} }

func (m *marks) clear() {
	m.round++
	if m.round == 0 {
		clear(m.last)
		m.round = 1
	}
}

func (m *marks) has(i uint32) bool { return m.last[i] == m.round }

// mark adds a number and reports whether it is new.
func (m *marks) mark(i uint32) bool {
	if m.last[i] == m.round {
		return false
	}
	m.last[i] = m.round
	return true
}
