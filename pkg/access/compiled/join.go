package compiled

import "slices"

// holder is what is known of a principal beforehand: what it is given on all of every project, and the part of
// subjects.up that names the groups whose grants it receives.
type holder struct {
	below       word
	first, last uint32
}

// site is what a check needs of a project, in one line of memory.
type site struct {
	first    uint32 // its node
	from, to uint32 // the rows of that
	sets     uint32 // how many project groups hold it
	names    filter // whom the rows are of
}

// filter tells of most numbers that they are not in a list: a bit for each place that a number can have. Groups
// are many and a project names few, so that most questions end here.
type filter [6]uint64

// place is where a number has its bit. Multiplication spreads neighbors.
func (f *filter) place(n uint32) (at, bit uint32) {
	place := uint32(uint64(n*0x9e3779b1) * uint64(len(f)*64) >> 32)
	return place / 64, place % 64
}

func (f *filter) add(n uint32) {
	at, bit := f.place(n)
	f[at] |= 1 << bit
}

// may reports whether a number may have been added.
func (f *filter) may(n uint32) bool {
	at, bit := f.place(n)
	return f[at]>>bit&1 != 0
}

// newSites needs rows.
func (e *Engine) newSites() []site {
	sites := make([]site, len(e.projectIDs))
	for p := range sites {
		at := &sites[p]
		at.first = e.projectStart[p]
		at.from, at.to = e.rows.start[at.first], e.rows.start[at.first+1]
		at.sets = uint32(len(e.setsOf.of(uint32(p))))
		for _, who := range e.rows.who[at.from:at.to] {
			at.names.add(who)
		}
	}
	return sites
}

// newHolders needs rows.
func (e *Engine) newHolders() []holder {
	holders := make([]holder, len(e.subjects.closure))
	for who := range holders {
		closure := e.subjects.closure[who]
		holders[who] = holder{
			below: e.wordOn(uint32(who), organizationNode) | e.wordOn(uint32(who), orgProjectNode),
			first: e.subjects.up.start[closure], last: e.subjects.up.start[closure+1],
		}
	}
	return holders
}

// inProject is what a principal is given on all of a project, there and above.
func (e *Engine) inProject(who uint32, h *holder, at *site, project uint32) word {
	got := h.below | e.onProject(who, h, at)
	if at.sets > 0 {
		for _, set := range e.setsOf.of(project) {
			got |= e.wordOn(who, set)
		}
	}
	return got
}

// onProject is wordOn for a project.
func (e *Engine) onProject(who uint32, h *holder, at *site) word {
	var got word
	if at.names.may(who) {
		got = e.row(at.from, at.to, who)
	}
	for _, group := range e.subjects.up.items[h.first:h.last] {
		if at.names.may(group) {
			got |= e.row(at.from, at.to, group)
		}
	}
	return got
}

// row is what one principal is given among some rows.
func (e *Engine) row(from, to, who uint32) word {
	if i := from + uint32(seek(e.rows.who[from:to], who)); i < to && e.rows.who[i] == who {
		return e.rows.low[i]
	}
	return 0
}

// onObject is wordOn for a node that few are given anything on, as far as it is useful.
func (e *Engine) onObject(who uint32, h *holder, node uint32, useful word) word {
	first, last := e.rows.start[node], e.rows.start[node+1]
	if last-first > few {
		return e.wordOn(who, node)
	}
	var got word
	for i := first; i < last; i++ {
		row := e.rows.who[i]
		if e.rows.low[i]&useful == 0 {
			continue
		}
		if row == who || !e.subjects.isUser(row) && slices.Contains(e.subjects.up.items[h.first:h.last], row) {
			got |= e.rows.low[i]
		}
	}
	return got
}

// few is how many rows are looked at one by one.
const few = 8

// wordOn joins the rows of a node that a principal receives.
func (e *Engine) wordOn(who, node uint32) word {
	first, last := e.rows.start[node], e.rows.start[node+1]
	if first == last {
		return 0
	}
	return e.join(who, e.rows.who[first:last], e.rows.low[first:last])
}

// highOn is wordOn for the second word; the node is at organization level.
func (e *Engine) highOn(who, node uint32) word {
	first, last := e.rows.start[node], e.rows.start[node+1]
	return e.join(who, e.rows.who[first:last], e.rows.high[first:last])
}

// join joins the words of those rows whose principal is the asked one or a group it is in. Both lists are
// sorted; the shorter is looked up in the longer.
func (e *Engine) join(who uint32, rows []uint32, words []word) word {
	var got word
	if e.subjects.isUser(who) {
		at := seek(rows, who)
		if at < len(rows) && rows[at] == who {
			got = words[at]
		}
		rows, words = rows[:at], words[:at]
	}
	groups := e.subjects.receives(who)
	if len(rows) < len(groups) {
		for i, row := range rows {
			at := seek(groups, row)
			if at < len(groups) && groups[at] == row {
				got |= words[i]
			}
			groups = groups[at:]
		}
		return got
	}
	for _, group := range groups {
		at := seek(rows, group)
		if at < len(rows) && rows[at] == group {
			got |= words[at]
		}
		rows, words = rows[at:], words[at:]
	}
	return got
}

// seek finds where a number is, or would be, in a sorted list. Written so that the processor need not guess
// which half is next.
func seek(sorted []uint32, n uint32) int {
	from, left := 0, len(sorted)
	if left == 0 {
		return 0
	}
	for left > 1 {
		half := left >> 1
		if sorted[from+half-1] < n {
			from += half
		}
		left -= half
	}
	if sorted[from] < n {
		from++
	}
	return from
}
