package snapshotfile

import (
	"cmp"
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// blockRows is how many grants or objects a section holds: a single question reads a few of them, not all.
const blockRows = 4096

// block is the rows of one section, with the key of the first.
type block struct {
	first uint64
	data  []byte
}

// aclKey sorts grants by the node they are on, so that those on one node are together.
func aclKey(typeNumber, objectNumber uint32) uint64 {
	return uint64(typeNumber)<<32 | uint64(objectNumber)
}

func encodeACLs(t *tableMaker, acls []braintrust.ACL) []block {
	key := func(a *braintrust.ACL) uint64 { return aclKey(t.words[string(a.ObjectType)], t.ids[a.ObjectID]) }
	sorted := sortRows(acls, key, func(a, b *braintrust.ACL) int { return strings.Compare(a.ID, b.ID) })
	return encodeBlocks(t, sorted, func(e *encoder, a *braintrust.ACL, step uint64) {
		e.number(int(step))
		e.ref(a.UserID)
		e.ref(a.GroupID)
		e.ref(a.RoleID)
		e.word(string(a.Permission))
		e.word(string(a.RestrictObjectType))
		e.key(a.ID)
		e.ref(a.ObjectOrgID)
		e.time(a.Created)
		e.text(string(a.Unknown))
	})
}

// getACL reads a grant whose node is given by its key.
func getACL(d *decoder, key uint64, a *braintrust.ACL) {
	a.ObjectType, a.ObjectID = braintrust.ObjectType(d.wordAt(uint32(key>>32))), d.id(uint32(key))
	a.UserID, a.GroupID, a.RoleID = d.ref(), d.ref(), d.ref()
	a.Permission, a.RestrictObjectType = braintrust.Permission(d.word()), braintrust.ObjectType(d.word())
	a.ID, a.ObjectOrgID, a.Created, a.Unknown = d.key(), d.ref(), d.time(), d.raw()
}

func skipACL(d *decoder) {
	for range 5 {
		d.uvarint()
	}
	d.skipKey()
	d.uvarint()
	d.skipTime()
	d.skip()
}

func encodeObjects(t *tableMaker, objects []access.Object) []block {
	key := func(o *access.Object) uint64 { return uint64(t.ids[o.ProjectID]) }
	sorted := sortRows(objects, key, func(a, b *access.Object) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
	})
	return encodeBlocks(t, sorted, func(e *encoder, o *access.Object, step uint64) {
		e.number(int(step))
		e.word(string(o.Kind))
		e.ref(o.ID)
		e.optionalTime(o.DeletedAt)
		e.text(o.Name)
		e.text(o.Slug)
		e.word(o.FunctionType)
		e.ref(o.UserID)
		e.time(o.Created)
	})
}

func getObject(d *decoder, key uint64, o *access.Object) {
	o.ProjectID, o.Kind = d.id(uint32(key)), braintrust.ObjectKind(d.word())
	o.ID, o.DeletedAt, o.Name, o.Slug = d.ref(), d.optionalTime(), d.text(), d.text()
	o.FunctionType, o.UserID, o.Created = d.word(), d.ref(), d.time()
}

func skipObject(d *decoder) {
	d.uvarint()
	d.uvarint()
	d.skipTime()
	d.skip()
	d.skip()
	d.uvarint()
	d.uvarint()
	d.skipTime()
}

// keyed is a row with its key.
type keyed[T any] struct {
	key uint64
	row *T
}

// sortRows sorts by key, and rows with the same key by what tells them apart.
func sortRows[T any](rows []T, key func(*T) uint64, apart func(a, b *T) int) []keyed[T] {
	sorted := make([]keyed[T], len(rows))
	for i := range rows {
		sorted[i] = keyed[T]{key(&rows[i]), &rows[i]}
	}
	slices.SortStableFunc(sorted, func(a, b keyed[T]) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return apart(a.row, b.row)
	})
	return sorted
}

// encodeBlocks writes sorted rows; each begins with the distance of its key from the one before, the first of a
// block from 0.
func encodeBlocks[T any](t *tableMaker, rows []keyed[T], put func(*encoder, *T, uint64)) []block {
	var blocks []block
	for part := range slices.Chunk(rows, blockRows) {
		e := &encoder{t: t}
		e.number(len(part))
		last := uint64(0)
		for _, row := range part {
			put(e, row.row, row.key-last)
			last = row.key
		}
		blocks = append(blocks, block{first: part[0].key, data: e.buf})
	}
	return blocks
}

// decodeBlock reads the rows of a block whose key is wanted; nil wants all.
func decodeBlock[T any](data []byte, t *tables, wanted func(uint64) bool, get func(*decoder, uint64, *T), skip func(*decoder), into []T) ([]T, error) {
	d := &decoder{data: data, t: t}
	key := uint64(0)
	for range d.count() {
		key += d.uvarint()
		if wanted != nil && !wanted(key) {
			skip(d)
			continue
		}
		var row T
		get(d, key, &row)
		if d.err != nil {
			return nil, d.err
		}
		into = append(into, row)
	}
	return into, d.end()
}

func (d *decoder) skipKey() {
	switch {
	case len(d.data) == 0:
		d.fail("an id is cut off")
	case d.data[0] == 0:
		d.data = d.data[1:]
		d.skip()
	case len(d.data) < 17:
		d.fail("an id is cut off")
	default:
		d.data = d.data[17:]
	}
}

func (d *decoder) skipTime() {
	if d.uvarint() != 0 {
		d.varint()
	}
}
