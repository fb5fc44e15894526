package compiled

import (
	"hash/maphash"
	"slices"
)

// index numbers ids. It keeps 96 bits of two keyed hashes of an id instead of the id itself, so that finding
// one touches a single line of memory where a map touches three, and that is most of what a check costs. The
// keys are random, so nobody can make two ids alike; that two of ten million are by chance has odds of one
// in 10^15.
type index struct {
	first, second maphash.Seed
	slots         []slot // a power of two, at most half of them used
	used          int
}

type slot struct {
	hash  uint64
	check uint32
	value uint32 // one more than the number, so that an empty slot is zero
}

// newIndex makes room for n ids.
func newIndex(n int) *index {
	size := 8
	for size < 2*n+2 {
		size *= 2
	}
	return &index{first: maphash.MakeSeed(), second: maphash.MakeSeed(), slots: make([]slot, size)}
}

// find is the slot of an id, or the empty one where it belongs.
func (x *index) find(hash uint64, check uint32) *slot {
	last := uint64(len(x.slots) - 1)
	for at := hash & last; ; at = (at + 1) & last {
		s := &x.slots[at]
		if s.value == 0 || s.hash == hash && s.check == check {
			return s
		}
	}
}

// get is the number of an id.
func (x *index) get(id string) (uint32, bool) {
	s := x.find(maphash.String(x.first, id), uint32(maphash.String(x.second, id)))
	return s.value - 1, s.value != 0
}

// put numbers an id, anew if it has a number.
func (x *index) put(id string, value uint32) {
	if 2*(x.used+1) > len(x.slots) {
		old := x.slots
		x.slots = make([]slot, 2*len(old))
		for i := range old {
			if old[i].value != 0 {
				*x.find(old[i].hash, old[i].check) = old[i]
			}
		}
	}
	hash, check := maphash.String(x.first, id), uint32(maphash.String(x.second, id))
	s := x.find(hash, check)
	if s.value == 0 {
		x.used++
	}
	*s = slot{hash: hash, check: check, value: value + 1}
}

func (x *index) clone() *index {
	c := *x
	c.slots = slices.Clone(x.slots)
	return &c
}
