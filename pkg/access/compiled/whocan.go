package compiled

import (
	"iter"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Include says which principals an answer names.
type Include uint8

// The principals that can be named.
const (
	Users     Include = 1 << iota // listed users, service accounts among them
	Groups                        // live groups
	Strangers                     // users that only a grant or a group names, such as removed ones
	Everybody = Users | Groups | Strangers
)

// scratch is the memory of one question.
type scratch struct {
	components *marks
	found      bitset // users
	words      []word // by node
	touched    bitset // nodes
}

func newScratch(e *Engine) *scratch {
	return &scratch{
		components: newMarks(e.subjects.count), found: newBitset(len(e.userIDs)),
		words: make([]word, len(e.kindOf)), touched: newBitset(len(e.kindOf)),
	}
}

// WhoCan names every principal that has a permission on a node: users in the order of the snapshot, then
// strangers, then groups.
func (e *Engine) WhoCan(permission braintrust.Permission, n access.Node, include Include) iter.Seq[access.Principal] {
	return e.whoCan(permission, n.Type, n, include)
}

// WhoCanChild is WhoCan for something that does not exist yet: who may create datasets in a project is
// WhoCanChild(create, dataset, project, Users).
func (e *Engine) WhoCanChild(permission braintrust.Permission, child braintrust.ObjectType, container access.Node, include Include) iter.Seq[access.Principal] {
	return e.whoCan(permission, child, container, include)
}

func (e *Engine) whoCan(permission braintrust.Permission, target braintrust.ObjectType, n access.Node, include Include) iter.Seq[access.Principal] {
	return func(yield func(access.Principal) bool) {
		wanted, named := e.rights.find(permission)
		node, exists := e.node(n)
		if !named || !exists {
			return
		}
		s, _ := e.scratch.Get().(*scratch)
		defer e.scratch.Put(s)
		s.components.clear()
		defer clear(s.found)
		e.mark(s, node, e.targetKind(target), wanted)
		e.name(s, include, yield)
	}
}

// mark enters everybody whom a grant on the node or above it gives the permission on things of a kind.
func (e *Engine) mark(s *scratch, node uint32, k kind, permission uint32) {
	for i := 0; ; i++ {
		n, more := e.above(node, i)
		if !more {
			return
		}
		if i > 0 && n == node {
			continue
		}
		if permission < knownRights {
			words, bit := e.wordsFor(n, k)
			first := e.rows.start[n]
			for j, w := range words {
				if w&(bit<<permission) != 0 {
					e.markAll(s, e.rows.who[int(first)+j])
				}
			}
		}
		if k <= kindAny && permission < knownRights {
			continue // all of it has bits
		}
		for _, row := range e.rows.odd[n] {
			if row.permission == permission && row.reaches(k) {
				e.markAll(s, row.who)
			}
		}
	}
}

// wordsFor are the words of a node's rows in which a kind has its lane, and the lowest bit of that lane.
func (e *Engine) wordsFor(n uint32, k kind) ([]word, word) {
	first, last := e.rows.start[n], e.rows.start[n+1]
	switch {
	case k <= kindAny:
		return e.rows.low[first:last], bitIn(k, 0)
	case k < kindUnknown && n < e.firstProject:
		return e.rows.high[first:last], bitIn(k, 0)
	}
	return e.rows.low[first:last], bitIn(kindAny, 0)
}

// markAll enters a principal and everybody who receives its grants.
func (e *Engine) markAll(s *scratch, who uint32) {
	if e.subjects.isUser(who) {
		s.found.set(who - uint32(e.subjects.count))
		return
	}
	if s.components.has(who) {
		return
	}
	for _, c := range e.subjects.down.of(who) {
		if s.components.mark(c) {
			for _, u := range e.subjects.direct.of(c) {
				s.found.set(u)
			}
		}
	}
}

func (e *Engine) name(s *scratch, include Include, yield func(access.Principal) bool) {
	first, last := uint32(0), uint32(len(e.userIDs))
	if include&Users == 0 {
		first = uint32(e.members)
	}
	if include&Strangers == 0 {
		last = uint32(e.members)
	}
	for u := s.found.next(first); u < last; u = s.found.next(u + 1) {
		if !yield(e.userAt(u)) {
			return
		}
	}
	if include&Groups == 0 {
		return
	}
	for g, c := range e.subjects.component {
		if s.components.has(c) && !yield(groupPrincipal(e.groupIDs[g])) {
			return
		}
	}
}
