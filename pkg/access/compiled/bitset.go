package compiled

import "math/bits"

// bitset is a set of dense numbers that is read in order.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i uint32) { b[i/64] |= 1 << (i % 64) }

// next is the first member from i on, or none.
func (b bitset) next(i uint32) uint32 {
	at := int(i / 64)
	if at >= len(b) {
		return none
	}
	for left := b[at] >> (i % 64) << (i % 64); ; left = b[at] {
		if left != 0 {
			return uint32(at*64 + bits.TrailingZeros64(left))
		}
		if at++; at >= len(b) {
			return none
		}
	}
}
