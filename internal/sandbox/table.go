package sandbox

import (
	"slices"
	"sort"

	"btadmin/internal/sandbox/store"
)

// row is one thing. A row is never changed once readers can see it, except for hidden and gone, which
// change under the server's lock; a new body is a new slice.
type row struct {
	seq     uint64
	kind    string
	id      string
	hidden  bool // deleted softly, or a user who left
	gone    bool // deleted for good; kept for a while so that paging past it works
	body    []byte
	private []byte
	value   any      // body, decoded for the evaluator; its type is the resource's
	terms   []string // values of the resource's filter fields, in their order
	key     string   // natural key, "" for none
}

func (r *row) live() bool { return !r.hidden && !r.gone }

func (r *row) record() store.Record {
	return store.Record{Seq: r.seq, Kind: r.kind, ID: r.id, Hidden: r.hidden, Private: r.private, Body: r.body}
}

// table is all rows of one kind in the order of creation.
type table struct {
	rows  []*row
	byID  map[string]*row
	byKey map[string]*row // live rows
	dead  int
}

func newTable() *table {
	return &table{byID: make(map[string]*row), byKey: make(map[string]*row)}
}

// live is the row with that id, nil when there is none or it was deleted.
func (t *table) live(id string) *row {
	if r := t.byID[id]; r != nil && r.live() {
		return r
	}
	return nil
}

// put adds a row or takes over a changed one.
func (t *table) put(r *row) {
	if _, known := t.byID[r.id]; !known {
		t.rows = append(t.rows, r)
	}
	t.byID[r.id] = r
	t.indexKey(r)
}

func (t *table) indexKey(r *row) {
	if r.key != "" && r.live() {
		t.byKey[r.key] = r
	}
}

func (t *table) dropKey(r *row) {
	if t.byKey[r.key] == r {
		delete(t.byKey, r.key)
	}
}

// remove forgets a row for good; it stays as a position in the order until the next clean-up.
func (t *table) remove(r *row) {
	t.dropKey(r)
	r.gone = true
	t.dead++
	if t.dead > 4096 && t.dead > len(t.rows)/2 {
		t.rows = slices.DeleteFunc(t.rows, func(r *row) bool {
			if r.gone && t.byID[r.id] == r {
				delete(t.byID, r.id)
			}
			return r.gone
		})
		t.dead = 0
	}
}

// after is the index of the first row that is newer than seq.
func after(rows []*row, seq uint64) int {
	return sort.Search(len(rows), func(i int) bool { return rows[i].seq > seq })
}
