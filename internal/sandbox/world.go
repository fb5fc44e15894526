package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"

	"btadmin/internal/sandbox/store"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// world is the whole organization in memory: the truth for reads. It is changed under the server's lock.
type world struct {
	reg     *registry
	meta    meta
	tables  map[string]*table
	access  *access.State
	members map[string]*memberList  // by group id
	creds   map[[32]byte]credential // by SHA-256 of the key
	onNode  map[access.Node][]*row  // live ACLs by the object they are on
	nextSeq uint64
	metaSeq uint64
	changes []store.Change // of the request that is being answered
}

// meta is what the store knows of itself.
type meta struct {
	OrgID string   `json:"org_id"`
	Plan  Plan     `json:"plan"`
	Kind  SeedKind `json:"kind"`
}

// credential is what a key opens.
type credential struct {
	userID  string
	rowID   string
	service bool // a service token, not a person's API key
	fixed   bool // chosen by who seeded, so possibly known to others: loopback only
}

// secretRow is the private part of a key's row. The key itself is nowhere.
type secretRow struct {
	Hash   string `json:"hash"` // SHA-256, hex
	UserID string `json:"user_id"`
	Fixed  bool   `json:"fixed,omitempty"`
}

// userRow is the private part of a user's row.
type userRow struct {
	Service bool `json:"service,omitempty"`
	Pending bool `json:"pending,omitempty"` // invited, never logged in
}

const (
	kindMeta   = "meta"
	kindMember = "group_member"
)

func newWorld(reg *registry, organization braintrust.Organization) *world {
	w := &world{
		reg:     reg,
		tables:  make(map[string]*table),
		access:  access.NewState(&access.Snapshot{Organization: organization}),
		members: make(map[string]*memberList),
		creds:   make(map[[32]byte]credential),
		onNode:  make(map[access.Node][]*row),
		nextSeq: 1,
	}
	for kind := range reg.byKind {
		w.tables[kind] = newTable()
	}
	return w
}

func (w *world) table(kind string) *table { return w.tables[kind] }

func (w *world) orgID() string { return w.meta.OrgID }

func (w *world) organization() *row { return w.tables[kindOrganization].live(w.meta.OrgID) }

func (w *world) orgName() string {
	if r := w.organization(); r != nil {
		return r.terms[0]
	}
	return ""
}

func (w *world) seq() uint64 {
	n := w.nextSeq
	w.nextSeq++
	return n
}

// insert makes a new row and queues it.
func (w *world) insert(kind, id string, body, private []byte) *row {
	r := &row{seq: w.seq(), kind: kind, id: id, body: body, private: private}
	w.accept(r)
	w.queue(r)
	return r
}

// accept takes a filled or new row into every index. The body was written by this package or read back
// with its checksum, so a body that does not decode is a defect of the program.
func (w *world) accept(r *row) {
	if err := w.take(r); err != nil {
		panic(fmt.Sprintf("sandbox: %s %s: %v", r.kind, r.id, err))
	}
}

func (w *world) take(r *row) error {
	res := w.reg.byKind[r.kind]
	if res == nil {
		return fmt.Errorf("a row of the unknown kind %q: %w", r.kind, store.ErrCorrupt)
	}
	if r.value == nil {
		if err := res.fill(r); err != nil {
			return err
		}
	}
	w.tables[r.kind].put(r)
	if r.live() && res.enter != nil {
		res.enter(w, r)
	}
	switch v := r.value.(type) {
	case *braintrust.ACL:
		n := access.NodeOf(v.ACLItem)
		w.onNode[n] = append(w.onNode[n], r)
	case *braintrust.Group:
		if w.members[r.id] == nil {
			w.members[r.id] = newMemberList()
		}
	}
	return w.takeKey(r, res)
}

// takeKey enters a credential.
func (w *world) takeKey(r *row, res *resource) error {
	if (res.kind != kindServiceToken && res.kind != kindAPIKey) || !r.live() {
		return nil
	}
	var secret secretRow
	if err := json.Unmarshal(r.private, &secret); err != nil {
		return err
	}
	var sum [32]byte
	if n, err := hex.Decode(sum[:], []byte(secret.Hash)); err != nil || n != len(sum) {
		return fmt.Errorf("the hash of key %s: %w", r.id, store.ErrCorrupt)
	}
	w.creds[sum] = credential{userID: secret.UserID, rowID: r.id, service: res.kind == kindServiceToken, fixed: secret.Fixed}
	return nil
}

// update replaces a row's body, keeping its place.
func (w *world) update(old *row, body, private []byte) *row {
	res, t := w.reg.byKind[old.kind], w.tables[old.kind]
	t.dropKey(old)
	r := &row{seq: old.seq, kind: old.kind, id: old.id, hidden: old.hidden, body: body, private: private}
	i := after(t.rows, old.seq) - 1
	if err := res.fill(r); err != nil {
		panic(fmt.Sprintf("sandbox: %s %s: %v", r.kind, r.id, err))
	}
	t.rows[i] = r
	w.accept(r)
	w.queue(r)
	return r
}

// hide deletes a row softly.
func (w *world) hide(old *row, body []byte) *row {
	res, t := w.reg.byKind[old.kind], w.tables[old.kind]
	t.dropKey(old)
	if res.leave != nil {
		res.leave(w, old)
	}
	r := &row{seq: old.seq, kind: old.kind, id: old.id, hidden: true, body: body, private: old.private, value: old.value, terms: old.terms, key: old.key}
	t.rows[after(t.rows, old.seq)-1] = r
	t.byID[r.id] = r
	w.queue(r)
	return r
}

// erase deletes a row for good.
func (w *world) erase(r *row) {
	res := w.reg.byKind[r.kind]
	if res.leave != nil {
		res.leave(w, r)
	}
	if acl, ok := r.value.(*braintrust.ACL); ok {
		w.dropACL(access.NodeOf(acl.ACLItem), r)
	}
	if r.private != nil {
		for sum, cred := range w.creds {
			if cred.rowID == r.id {
				delete(w.creds, sum)
			}
		}
	}
	w.tables[r.kind].remove(r)
	w.changes = append(w.changes, store.Change{Record: store.Record{Seq: r.seq}, Delete: true})
}

// dropACL takes a row out of the list of its object, into a new slice: readers may hold the old one.
func (w *world) dropACL(n access.Node, r *row) {
	old := w.onNode[n]
	kept := make([]*row, 0, len(old))
	for _, o := range old {
		if o != r {
			kept = append(kept, o)
		}
	}
	if len(kept) == 0 {
		delete(w.onNode, n)
		return
	}
	w.onNode[n] = kept
}

func (w *world) queue(r *row) { w.changes = append(w.changes, store.Change{Record: r.record()}) }

func (w *world) setMeta(m meta) {
	w.meta = m
	if w.metaSeq == 0 {
		w.metaSeq = w.seq()
	}
	w.changes = append(w.changes, store.Change{Record: store.Record{Seq: w.metaSeq, Kind: kindMeta, ID: kindMeta, Body: marshal(m)}})
}

// userState is the private part of a user.
func (r *row) userState() userRow {
	var state userRow
	if err := json.Unmarshal(r.private, &state); err != nil {
		return userRow{}
	}
	return state
}

// revive brings a row back that was deleted softly.
func (w *world) revive(old *row) *row {
	t := w.tables[old.kind]
	r := &row{seq: old.seq, kind: old.kind, id: old.id, body: old.body, private: old.private, value: old.value, terms: old.terms, key: old.key}
	t.rows[after(t.rows, old.seq)-1] = r
	w.accept(r)
	w.queue(r)
	return r
}

func hashKey(key string) [32]byte { return sha256.Sum256([]byte(key)) }
