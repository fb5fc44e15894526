package compiled

import "math/bits"

// worker computes rows of the matrix. Everything in it is by principal and is emptied as it is read.
type worker struct {
	*matrixRun
	words   []word  // given on the project and its project groups
	held    bitset  // who has a cell
	extra   []int32 // position in the row's extras, plus one
	own     []Mask  // given on the object being looked at
	touched []uint32
	once    *marks // whom touched names
	users   bool
	groups  bool
}

func newWorker(r *matrixRun) *worker {
	n := len(r.e.subjects.closure)
	return &worker{
		matrixRun: r, words: make([]word, n), held: newBitset(n), extra: make([]int32, n),
		own: make([]Mask, n), once: newMarks(n),
		users: r.include&(Users|Strangers) != 0, groups: r.include&Groups != 0,
	}
}

// row computes one project.
func (w *worker) row(row *Row, project uint32) {
	e := w.e
	first, last := e.projectStart[project], e.projectStart[project+1]
	row.e, row.project, row.Project = e, project, e.nodeAt(first)
	row.Cells, row.extras = row.Cells[:0], row.extras[:0]
	row.nodes = [lanesPerWord]uint32{}
	for n := first; n < last; n++ {
		row.nodes[min(e.kindOf[n], kindAny)]++
	}
	for _, who := range w.everywhere {
		w.held.set(who)
	}
	w.spreadRows(first)
	for _, set := range e.setsOf.of(project) {
		w.spreadRows(set)
	}
	for n := first + 1; n < last; n++ { // the log has grants of its own, too
		if e.rows.start[n] != e.rows.start[n+1] || e.kindOf[n] >= kindUnknown && len(e.rows.odd) > 0 {
			w.object(row, n)
		}
	}
	w.collect(row)
}

// spreadRows gives the rows of a container to everybody who receives them.
func (w *worker) spreadRows(node uint32) {
	rows := w.e.rows
	for i := rows.start[node]; i < rows.start[node+1]; i++ {
		if given := rows.low[i]; given != 0 {
			w.each(rows.who[i], func(who uint32) {
				w.words[who] |= given
				w.held.set(who)
			})
		}
	}
}

// each calls do for a principal and all who receive its grants, as far as they are asked for.
func (w *worker) each(who uint32, do func(uint32)) {
	s := w.e.subjects
	if s.isUser(who) {
		if w.users {
			do(who)
		}
		return
	}
	for _, c := range s.down.of(who) {
		if w.groups {
			do(c)
		}
		if !w.users {
			continue
		}
		for _, u := range s.direct.of(c) {
			do(s.user(u))
		}
	}
}

// object counts what is held on one object beyond what is held on everything of its type.
func (w *worker) object(row *Row, node uint32) {
	e := w.e
	k := min(e.kindOf[node], kindAny)
	w.once.clear()
	w.touched = w.touched[:0]
	give := func(from uint32, held Mask) {
		if held == 0 {
			return
		}
		w.each(from, func(who uint32) {
			if w.once.mark(who) {
				w.own[who] = 0
				w.touched = append(w.touched, who)
			}
			w.own[who] |= held
		})
	}
	for i := e.rows.start[node]; i < e.rows.start[node+1]; i++ {
		give(e.rows.who[i], lane(e.rows.low[i], k))
	}
	if e.kindOf[node] >= kindUnknown {
		w.oddGrants(node, give)
	}
	for _, who := range w.touched {
		more := w.own[who] &^ lane(w.words[who]|e.holders[who].below, k)
		if more == 0 {
			continue
		}
		w.held.set(who)
		if w.extra[who] == 0 {
			row.extras = append(row.extras, Counts{})
			w.extra[who] = int32(len(row.extras))
		}
		counts := &row.extras[w.extra[who]-1]
		for left := more; left != 0; left &= left - 1 {
			counts[bits.TrailingZeros8(uint8(left))]++
		}
	}
}

// oddGrants gives what restrictions to a type without a lane give on an object of that type.
func (w *worker) oddGrants(node uint32, give func(uint32, Mask)) {
	for i := 0; ; i++ {
		n, more := w.e.above(node, i)
		if !more {
			return
		}
		for _, odd := range w.e.rows.odd[n] {
			if odd.permission < knownRights && odd.reaches(w.e.kindOf[node]) {
				give(odd.who, 1<<odd.permission)
			}
		}
	}
}

// collect makes the cells and empties the worker.
func (w *worker) collect(row *Row) {
	e := w.e
	var lanes word // that the project has
	for k, n := range row.nodes {
		if n > 0 {
			lanes |= 0xff << (k * knownRights)
		}
	}
	components := uint32(e.subjects.count)
	for at, left := range w.held {
		w.held[at] = 0
		for ; left != 0; left &= left - 1 {
			who := uint32(at*64 + bits.TrailingZeros64(left))
			cell := Cell{word: (w.words[who] | e.holders[who].below) & lanes, extra: w.extra[who] - 1}
			w.words[who], w.extra[who] = 0, 0
			if cell.word == 0 && cell.extra < 0 {
				continue
			}
			if who >= components {
				cell.index = who - components
				if w.wanted(cell.index) {
					row.Cells = append(row.Cells, cell)
				}
				continue
			}
			if cell.group = true; w.groups {
				for _, cell.index = range e.subjects.groups.of(who) {
					row.Cells = append(row.Cells, cell)
				}
			}
		}
	}
}

// wanted reports whether a user's cell is asked for.
func (w *worker) wanted(user uint32) bool {
	if int(user) < w.e.members {
		return w.include&Users != 0
	}
	return w.include&Strangers != 0
}
