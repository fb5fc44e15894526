package compiled

import "iter"

// view is what one principal holds, joined by node.
type view struct {
	lister
	known bool // the engine has the principal
}

// lookAt joins what a principal is given, nothing for none. Whoever holds something on a type without a lane
// has no joined words and is asked about node by node.
func (e *Engine) lookAt(who uint32) *view {
	v := &view{lister: lister{e: e, who: who, want: AllKnown}, known: who != none}
	if v.known && !e.receivesOdd(who) {
		v.scratch, _ = e.scratch.Get().(*scratch)
		v.enter()
	}
	return v
}

func (v *view) done() {
	if v.scratch != nil {
		v.leave()
		v.e.scratch.Put(v.scratch)
	}
}

// everywhere is what is held on all of the organization and on all of every project.
func (v *view) everywhere() [2]word {
	if !v.known {
		return [2]word{}
	}
	return [2]word{v.e.holders[v.who].below, v.e.highOn(v.who, organizationNode)}
}

// on is what is held on a node, nothing on none.
func (v *view) on(n uint32) Mask {
	e := v.e
	switch {
	case !v.known || n == none:
		return 0
	case v.scratch == nil:
		return e.held(v.who, n, e.kindOf[n], 0)
	case n < e.firstProject:
		return lane(v.words[organizationNode]|v.words[n], e.kindOf[n])
	}
	w := v.words[n]
	if project := e.projectOf[n]; project != none {
		w |= e.holders[v.who].below | v.words[e.projectStart[project]]
	}
	return lane(w, v.laneOf(n))
}

// ranges are the nodes on which more may be held than everywhere: those with grants of their own, and all of
// a project that has any.
func (v *view) ranges() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if v.scratch == nil {
			return
		}
		e := v.e
		for n := v.touched.next(0); n != none; n = v.touched.next(n) {
			end := n + 1
			if n >= e.firstProject && e.projectOf[n] != none && e.projectStart[e.projectOf[n]] == n {
				end = e.projectStart[e.projectOf[n]+1]
			}
			for ; n < end; n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}
