package snapshotfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// decoder reads what encoder wrote. After the first mistake it reads nothing but zeros; err says what it was.
type decoder struct {
	data []byte
	t    *tables
	err  error
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	d.data = nil
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.data)
	if size <= 0 {
		d.fail("a number is cut off")
		return 0
	}
	d.data = d.data[size:]
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.data)
	if size <= 0 {
		d.fail("a number is cut off")
		return 0
	}
	d.data = d.data[size:]
	return n
}

// count is the length of a list whose items take at least one byte each.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.data)) {
		d.fail("a list is longer than its section")
		return 0
	}
	return int(n)
}

func (d *decoder) bytes() []byte {
	n := d.count()
	taken := d.data[:n]
	d.data = d.data[n:]
	return taken
}

func (d *decoder) text() string { return string(d.bytes()) }

// raw is a copy of bytes that are no text of ours, nil when there are none.
func (d *decoder) raw() []byte {
	if b := d.bytes(); len(b) > 0 {
		return bytes.Clone(b)
	}
	return nil
}

// skip leaves out a text.
func (d *decoder) skip() { d.bytes() }

func (d *decoder) number() uint32 {
	n := d.uvarint()
	if n > math.MaxUint32 {
		d.fail("a number is too large")
		return 0
	}
	return uint32(n)
}

func (d *decoder) ref() string  { return d.id(d.number()) }
func (d *decoder) word() string { return d.wordAt(d.number()) }

func (d *decoder) id(n uint32) string {
	if n > d.t.count {
		d.fail("a reference leads nowhere")
		return ""
	}
	return d.t.id(n)
}

func (d *decoder) wordAt(n uint32) string {
	if int(n) >= len(d.t.words) {
		d.fail("a word is missing")
		return ""
	}
	return d.t.words[n]
}

func (d *decoder) time() time.Time {
	if t := d.optionalTime(); t != nil {
		return *t
	}
	return time.Time{}
}

func (d *decoder) optionalTime() *time.Time {
	nano := d.uvarint()
	if nano == 0 {
		return nil
	}
	if nano > uint64(time.Second) {
		d.fail("a time is impossible")
		return nil
	}
	t := time.Unix(d.varint(), int64(nano-1)).UTC()
	return &t
}

// refs reads a set of ids. With keep, only those that it lets through.
func (d *decoder) refs(keep func(uint32) bool) []string {
	n := d.count()
	var ids []string
	if keep == nil && n > 0 {
		ids = make([]string, 0, n)
	}
	last := uint32(0)
	for range n {
		last += d.number()
		if keep == nil || keep(last) {
			ids = append(ids, d.id(last))
		}
	}
	return ids
}

func (d *decoder) key() string {
	if len(d.data) == 0 {
		d.fail("an id is cut off")
		return ""
	}
	form := d.data[0]
	d.data = d.data[1:]
	switch {
	case form == 0:
		return d.text()
	case form != 1 || len(d.data) < 16:
		d.fail("an id is cut off")
		return ""
	}
	raw := d.data[:16]
	d.data = d.data[16:]
	return formatUUID(raw)
}

// end makes sure that nothing is left over.
func (d *decoder) end() error {
	if d.err == nil && len(d.data) > 0 {
		d.fail("something is left over at the end of a section")
	}
	return d.err
}
