package snapshotfile

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"btadmin/pkg/access"
)

// encoder writes the values that records are made of.
type encoder struct {
	buf []byte
	t   *tableMaker
}

func (e *encoder) number(n int)  { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }
func (e *encoder) ref(id string) { e.buf = binary.AppendUvarint(e.buf, uint64(e.t.ids[id])) }

func (e *encoder) word(w string) { e.buf = binary.AppendUvarint(e.buf, uint64(e.t.words[w])) }

func (e *encoder) text(s string) {
	e.number(len(s))
	e.buf = append(e.buf, s...)
}

// time is exact to the nanosecond; its zone is not kept. 0 is the zero time.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.number(0)
		return
	}
	e.moment(t)
}

func (e *encoder) moment(t time.Time) {
	e.number(1 + t.Nanosecond())
	e.buf = binary.AppendVarint(e.buf, t.Unix())
}

// optionalTime is like time for a time that may be missing.
func (e *encoder) optionalTime(t *time.Time) {
	if t == nil {
		e.number(0)
		return
	}
	e.moment(*t)
}

// refs is a set of ids: their numbers in order, each as the distance from the one before.
func (e *encoder) refs(ids []string) {
	numbers := make([]uint32, len(ids))
	for i, id := range ids {
		numbers[i] = e.t.ids[id]
	}
	slices.Sort(numbers)
	e.number(len(numbers))
	last := uint32(0)
	for _, n := range numbers {
		e.number(int(n - last))
		last = n
	}
}

// key is an id that nothing refers to, so that it is not in the table.
func (e *encoder) key(id string) {
	if raw, ok := parseUUID(id); ok {
		e.buf = append(append(e.buf, 1), raw[:]...)
		return
	}
	e.buf = append(e.buf, 0)
	e.text(id)
}

func sortedNodes(nodes []access.Node) []access.Node {
	return slices.SortedFunc(slices.Values(nodes), func(a, b access.Node) int { return strings.Compare(a.String(), b.String()) })
}
