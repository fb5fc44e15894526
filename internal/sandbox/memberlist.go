package sandbox

import (
	"slices"

	"btadmin/internal/sandbox/store"
)

// memberList is the users of one group: each is a record of its own, so that adding one to 64,000 writes
// one, and the JSON of all is kept ready and only appended to, so that readers share it.
type memberList struct {
	seqs  map[string]uint64
	order []string
	text  []byte // "id","id",...
}

func newMemberList() *memberList { return &memberList{seqs: make(map[string]uint64)} }

func (m *memberList) has(user string) bool { _, ok := m.seqs[user]; return ok }

func (m *memberList) add(user string, seq uint64) {
	m.seqs[user] = seq
	m.order = append(m.order, user)
	if len(m.text) > 0 {
		m.text = append(m.text, ',')
	}
	m.text = append(append(append(m.text, '"'), user...), '"')
}

// drop rebuilds the text in a new array, because readers may hold the old one.
func (m *memberList) drop(users map[string]bool) {
	m.order = slices.DeleteFunc(slices.Clone(m.order), func(u string) bool { return users[u] })
	for u := range users {
		delete(m.seqs, u)
	}
	fresh := make([]byte, 0, len(m.text))
	for i, u := range m.order {
		if i > 0 {
			fresh = append(fresh, ',')
		}
		fresh = append(append(append(fresh, '"'), u...), '"')
	}
	m.text = fresh
}

// addMembers enters users who are not there yet; known ones are a no-op.
func (w *world) addMembers(group string, users []string) {
	m := w.members[group]
	for _, u := range users {
		if m.has(u) {
			continue
		}
		seq := w.seq()
		m.add(u, seq)
		w.access.AddMember(group, u)
		w.changes = append(w.changes, store.Change{Record: store.Record{Seq: seq, Kind: kindMember, ID: group + "/" + u}})
	}
}

// removeMembers lets users go; others are a no-op.
func (w *world) removeMembers(group string, users []string) {
	m := w.members[group]
	gone := make(map[string]bool)
	for _, u := range users {
		seq, ok := m.seqs[u]
		if !ok || gone[u] {
			continue
		}
		gone[u] = true
		w.access.RemoveMember(group, u)
		w.changes = append(w.changes, store.Change{Record: store.Record{Seq: seq}, Delete: true})
	}
	if len(gone) > 0 {
		m.drop(gone)
	}
}
