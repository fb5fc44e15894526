package compiled

import (
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// index numbers ids. The ids of a server are UUIDs, which are kept as the 128 bits that they are, so that
// finding one touches a single line of memory where a map of strings touches three, and that is most of what a
// check costs. Whatever else somebody calls an id is in a map. Both compare whole ids: no two are taken for
// one another.
type index struct {
	seed  [2]uint64 // random, so that nobody can choose ids that share a place
	slots []slot    // a power of two, at most two thirds of them used
	used  int
	other map[string]uint32
}

type slot struct {
	id    id128
	value uint32 // one more than the number, so that an empty slot is zero
}

// id128 is a UUID in its usual form, digit for digit.
type id128 struct{ high, low uint64 }

// newIndex makes room for n ids.
func newIndex(n int) *index {
	size := 8
	for 2*size < 3*(n+1) {
		size *= 2
	}
	return &index{seed: [2]uint64{rand.Uint64(), rand.Uint64()}, slots: make([]slot, size)}
}

// find is the slot of a UUID, or the empty one where it belongs.
func (x *index) find(id id128) *slot {
	last := uint64(len(x.slots) - 1)
	high, low := bits.Mul64(id.high^x.seed[0], id.low^x.seed[1])
	for at := (high ^ low) & last; ; at = (at + 1) & last {
		if s := &x.slots[at]; s.value == 0 || s.id == id {
			return s
		}
	}
}

// get is the number of an id, or none.
func (x *index) get(id string) (uint32, bool) {
	if key, usual := parseID(id); usual {
		s := x.find(key)
		return s.value - 1, s.value != 0
	}
	if n, known := x.other[id]; known {
		return n, true
	}
	return none, false
}

// put numbers an id, anew if it has a number.
func (x *index) put(id string, value uint32) {
	key, usual := parseID(id)
	if !usual {
		if x.other == nil {
			x.other = map[string]uint32{}
		}
		x.other[id] = value
		return
	}
	if 3*(x.used+1) > 2*len(x.slots) {
		old := x.slots
		x.slots = make([]slot, 2*len(old))
		for i := range old {
			if old[i].value != 0 {
				*x.find(old[i].id) = old[i]
			}
		}
	}
	s := x.find(key)
	if s.value == 0 {
		x.used++
	}
	*s = slot{id: key, value: value + 1}
}

// len is how many ids have a number.
func (x *index) len() int { return x.used + len(x.other) }

func (x *index) clone() *index {
	c := *x
	c.slots, c.other = slices.Clone(x.slots), maps.Clone(x.other)
	return &c
}

// parseID reads a UUID of lower-case digits; what is written in any other way is another id. The digits come
// out in an order of their own, because only sameness counts.
func parseID(s string) (id128, bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id128{}, false
	}
	a, b := load4(s, 0)|load4(s, 4)<<32, load4(s, 9)|load4(s, 14)<<32
	c, d := load4(s, 19)|load4(s, 24)<<32, load4(s, 28)|load4(s, 32)<<32
	a, badA := nibbles(a)
	b, badB := nibbles(b)
	c, badC := nibbles(c)
	d, badD := nibbles(d)
	return id128{high: a | b<<4, low: c | d<<4}, badA|badB|badC|badD == 0
}

func load4(s string, at int) uint64 {
	s = s[at : at+4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// nibbles turns eight lower-case digits into eight values, all at once; bad is not 0 when one is no digit.
// The values are written back as digits to see that they are the same.
func nibbles(digits uint64) (values, bad uint64) {
	const each = 0x0101010101010101
	values = digits&(0x0f*each) + 9*(digits>>6&each)
	letters := (values + 6*each) >> 4 & each
	written := values + 0x30*each + letters*0x27
	return values, written ^ digits | values&(0xf0*each)
}
