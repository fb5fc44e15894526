package compiled

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Check reports whether a principal has a permission on a node. It allocates nothing.
func (e *Engine) Check(p access.Principal, permission braintrust.Permission, n access.Node) bool {
	own, known := e.kind(n.Type)
	return known && e.check(p, permission, own, n.ID, own)
}

// CheckChild is Check for something that does not exist yet: a child of the given type in a container.
// Creating a project is CheckChild(p, create, project, all projects).
func (e *Engine) CheckChild(p access.Principal, permission braintrust.Permission, child braintrust.ObjectType, container access.Node) bool {
	own, known := e.kind(container.Type)
	return known && e.check(p, permission, own, container.ID, e.targetKind(child))
}

// check asks about a thing of kind k, which is a node of its own kind or inside it.
func (e *Engine) check(p access.Principal, permission braintrust.Permission, own kind, id string, k kind) bool {
	wanted, named := e.rights.find(permission)
	if !named {
		return false
	}
	who, known := e.principal(p)
	if !known {
		return false
	}
	node, _ := e.nodeOfKind(own, id)
	if node == none {
		return false
	}
	if wanted >= knownRights {
		return e.heldOther(who, node, k, wanted)
	}
	want := Mask(1) << wanted
	return e.held(who, node, k, want)&want != 0
}

// Effective returns the known permissions that a principal has on a node.
func (e *Engine) Effective(p access.Principal, n access.Node) Mask {
	return e.EffectiveChild(p, n.Type, n)
}

// EffectiveChild is Effective for something that does not exist yet: a child of the given type in a container.
func (e *Engine) EffectiveChild(p access.Principal, child braintrust.ObjectType, container access.Node) Mask {
	who, known := e.principal(p)
	node, exists := e.node(container)
	if !known || !exists {
		return 0
	}
	return e.held(who, node, e.targetKind(child), 0)
}

// EffectivePermissions is Effective with the permissions that this program does not know, after the known
// ones.
func (e *Engine) EffectivePermissions(p access.Principal, n access.Node) []braintrust.Permission {
	out := e.Effective(p, n).Permissions()
	for _, other := range e.others {
		if e.Check(p, other, n) {
			out = append(out, other)
		}
	}
	return out
}

// OtherPermissions lists the permissions that grants and roles name and that a Mask cannot hold.
func (e *Engine) OtherPermissions() []braintrust.Permission { return slices.Clone(e.others) }

// Owns reports whether a principal has all eight permissions on the organization, each by an unrestricted
// grant.
func (e *Engine) Owns(p access.Principal) bool {
	who, known := e.principal(p)
	return known && lane(e.wordOn(who, organizationNode), kindAny) == AllKnown
}

// targetKind is the kind of what is asked about. A type that nothing names has no lane, like any other that
// this program does not know.
func (e *Engine) targetKind(t braintrust.ObjectType) kind {
	if k, known := e.kind(t); known {
		return k
	}
	return none
}

// held is what a principal is given on a node and above it, for the kind of the node or of an imagined
// child. It may stop as soon as something wanted is found.
func (e *Engine) held(who, node uint32, k kind, want Mask) Mask {
	if k > kindAny || node < e.firstProject {
		return e.heldAbove(who, node, k, want)
	}
	project := e.projectOf[node]
	if project == none {
		return lane(e.wordOn(who, node), k)
	}
	h, at, useful := &e.holders[who], &e.sites[project], wholeLane(k)
	if want != 0 {
		useful = word(want) * bitIn(k, 0)
	}
	if h.below&useful != 0 && want != 0 {
		return lane(h.below, k)
	}
	got := e.inProject(who, h, at, project)
	if node != at.first && (got&useful == 0 || want == 0) {
		got |= e.onObject(who, h, node, useful)
	}
	return lane(got, k)
}

// heldAbove is held for nodes and kinds of the organization, node by node.
func (e *Engine) heldAbove(who, node uint32, k kind, want Mask) Mask {
	var got Mask
	for i := 0; ; i++ {
		n, more := e.above(node, i)
		if !more || got&want != 0 {
			return got
		}
		switch {
		case k <= kindAny:
			got |= lane(e.wordOn(who, n), k)
		case k < kindUnknown && n < e.firstProject:
			got |= lane(e.highOn(who, n), k)
		default:
			got |= lane(e.wordOn(who, n), kindAny) | e.oddOn(who, n, k)
		}
	}
}

// above is the i-th node whose grants reach a node: itself first, then its containers. A project comes twice,
// as itself and as what everything in it is in.
func (e *Engine) above(node uint32, i int) (uint32, bool) {
	switch {
	case i == 0:
		return node, true
	case node < e.firstProject:
		return organizationNode, i == 1 && node != organizationNode
	}
	project := e.projectOf[node]
	if project == none {
		return 0, false
	}
	switch i {
	case 1:
		return e.projectStart[project], true
	case 2:
		return orgProjectNode, true
	case 3:
		return organizationNode, true
	}
	sets := e.setsOf.of(project)
	if i-4 < len(sets) {
		return sets[i-4], true
	}
	return 0, false
}

// oddOn is what a principal is given on a node by tuples without a bit, for one kind and in known
// permissions.
func (e *Engine) oddOn(who, node uint32, k kind) Mask {
	var got Mask
	for _, row := range e.rows.odd[node] {
		if row.permission < knownRights && row.reaches(k) && e.receivesFrom(who, row.who) {
			got |= 1 << row.permission
		}
	}
	return got
}

// heldOther is held for one permission that has no bit.
func (e *Engine) heldOther(who, node uint32, k kind, permission uint32) bool {
	for i := 0; ; i++ {
		n, more := e.above(node, i)
		if !more {
			return false
		}
		for _, row := range e.rows.odd[n] {
			if row.permission == permission && row.reaches(k) && e.receivesFrom(who, row.who) {
				return true
			}
		}
	}
}

// receivesFrom reports whether a principal receives the grants of another.
func (e *Engine) receivesFrom(who, from uint32) bool {
	if who == from {
		return true
	}
	_, in := slices.BinarySearch(e.subjects.receives(who), from)
	return in
}
