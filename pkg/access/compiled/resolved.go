package compiled

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Subject is a principal that was looked up once, for those who ask about it many times. It belongs to one
// Engine.
type Subject struct{ who uint32 }

// Place is a node that was looked up once. It belongs to one Engine.
type Place struct {
	node uint32
	kind kind
}

// Subject looks a principal up; false when nothing names it, so that it may do nothing.
func (e *Engine) Subject(p access.Principal) (Subject, bool) {
	who, known := e.principal(p)
	return Subject{who}, known
}

// Place looks a node up; false when grants cannot reach it.
func (e *Engine) Place(n access.Node) (Place, bool) {
	node, exists := e.node(n)
	if !exists {
		return Place{}, false
	}
	return Place{node, e.kindOf[node]}, true
}

// Nowhere is the place of what does not exist; nothing is held there.
func Nowhere() Place { return Place{none, none} }

// Inside looks up a thing of a type that a container has or will have, as CheckChild is asked about; false
// when grants cannot reach it.
func (e *Engine) Inside(container access.Node, child braintrust.ObjectType) (Place, bool) {
	node, exists := e.node(container)
	if !exists {
		return Place{}, false
	}
	return Place{node, e.targetKind(child)}, true
}

// Mask is Effective without looking up names.
func (e *Engine) Mask(s Subject, at Place) Mask {
	if at.node == none {
		return 0
	}
	return e.held(s.who, at.node, at.kind, 0)
}

// Lanes is what a principal holds in a container of projects or in a project on everything of each type.
type Lanes struct{ w word }

// Lanes joins what a principal is given on a project, its project groups and everything above, or on all
// projects. It is only meant for these.
func (e *Engine) Lanes(s Subject, at Place) Lanes {
	if at.node == none {
		return Lanes{}
	}
	h := &e.holders[s.who]
	if project := e.projectOf[at.node]; project != none {
		return Lanes{e.inProject(s.who, h, &e.sites[project], project)}
	}
	return Lanes{h.below}
}

// Of is what is held on everything of a type; false when the type has no lane, so that Mask must be asked.
func (l Lanes) Of(t braintrust.ObjectType) (Mask, bool) {
	k, known := knownKind(t)
	if !known || k > kindAny {
		return 0, false
	}
	return lane(l.w, k), true
}

// Holds is Check without looking up names; the mask says which known permissions are wanted, one of them is
// enough.
func (e *Engine) Holds(s Subject, anyOf Mask, at Place) bool {
	return e.held(s.who, at.node, at.kind, anyOf)&anyOf != 0
}

// Listed reports whether a user or a live group is in the snapshot's lists. Users that only a grant or a
// group names are not: they are answered for, as the definition does, but they are not members.
func (e *Engine) Listed(p access.Principal) bool {
	if p.Kind == access.PrincipalUser {
		u, known := e.users.get(p.ID)
		return known && int(u) < e.members
	}
	_, known := e.principal(p)
	return known
}

// Size says how much was compiled.
type Size struct {
	Users, Groups, Projects, Nodes int
	Grants                         int // that reach somebody, somewhere
	Permissions                    []braintrust.Permission
}

// Size counts.
func (e *Engine) Size() Size {
	grants := 0
	for i := range e.records {
		if e.records[i].node != none {
			grants++
		}
	}
	return Size{
		Users: e.members, Groups: len(e.groupIDs), Projects: len(e.projectIDs), Nodes: len(e.kindOf),
		Grants: grants, Permissions: append(braintrust.Permissions(), e.others...),
	}
}
