package access

import (
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// Path is one reason why a principal has a permission: a grant, and how it gets from the principal to it.
type Path struct {
	ACL braintrust.ACL
	// Subjects leads from the asked principal to the subject of the grant, both included: a user, the
	// group that lists him, a group that lists that group.
	Subjects []Principal
	// Nodes leads from the asked node up to the node of the grant, both included.
	Nodes []Node
	// Roles leads from the role of the grant to the role that holds the permission; empty without a role.
	Roles    []string
	Restrict braintrust.ObjectType
	BuiltIn  bool // the server gives it without listing it
}

// Explanation answers whether and why.
type Explanation struct {
	Principal  Principal
	Permission braintrust.Permission
	Node       Node
	Child      braintrust.ObjectType // what would be created in Node, "" when Node itself is asked for
	Allowed    bool
	Exists     bool   // false: nothing can be granted on the node
	Paths      []Path // every grant that gives it
	Near       []Path // grants of the permission that reach the node but are restricted to another type
	Subjects   []Principal
}

// Explain says why a principal has a permission on a node, or what comes nearest.
func (s *State) Explain(p Principal, permission braintrust.Permission, n Node) Explanation {
	return s.explain(p, permission, n, "")
}

// ExplainChild is Explain for something that would be created in a container.
func (s *State) ExplainChild(p Principal, permission braintrust.Permission, child braintrust.ObjectType, container Node) Explanation {
	return s.explain(p, permission, container, child)
}

func (s *State) explain(p Principal, permission braintrust.Permission, n Node, child braintrust.ObjectType) Explanation {
	return s.Trace(p).Explain(permission, n, child)
}

// Trace is a principal with the ways that lead from it to everybody whose grants it receives, for those who
// ask much about it. It is good until the state changes, and for one goroutine.
type Trace struct {
	state     *State
	principal Principal
	from      map[Principal]Principal
	subjects  []Principal
	grants    map[Node][]received
}

// received is a grant on a node that the principal receives.
type received struct {
	acl     *braintrust.ACL
	subject Principal
	tuples  []heldTuple
}

// Trace follows the groups of a principal once.
func (s *State) Trace(p Principal) *Trace {
	t := &Trace{state: s, principal: p, from: s.subjects(p), grants: map[Node][]received{}}
	for subject := range t.from {
		t.subjects = append(t.subjects, subject)
	}
	slices.SortFunc(t.subjects, func(a, b Principal) int { return strings.Compare(a.String(), b.String()) })
	return t
}

// Subjects lists everybody whose grants the principal receives, itself included, sorted; it is empty for a
// group that does not exist.
func (t *Trace) Subjects() []Principal { return t.subjects }

// on lists the grants on a node that the principal receives.
func (t *Trace) on(n Node) []received {
	found, known := t.grants[n]
	if known {
		return found
	}
	if here := t.state.grants[n]; len(here) > 0 {
		for _, subject := range t.subjects {
			for _, acl := range here[subject] {
				found = append(found, received{acl, subject, t.state.tuplesOf(acl)})
			}
		}
	}
	t.grants[n] = found
	return found
}

// Explain says why the principal has a permission on a node, or, when child is not "", on something of that
// type that would be created in it.
func (t *Trace) Explain(permission braintrust.Permission, n Node, child braintrust.ObjectType) Explanation {
	s, target := t.state, n.Type
	if child != "" {
		target = child
	}
	e := Explanation{
		Principal: t.principal, Permission: permission, Node: n, Child: child, Exists: s.Exists(n), Subjects: slices.Clone(t.subjects),
	}
	for _, node := range s.Chain(n) {
		for _, grant := range t.on(node) {
			for _, held := range grant.tuples {
				if held.Permission != permission {
					continue
				}
				path := Path{
					ACL: *grant.acl, Subjects: wayTo(t.from, grant.subject), Nodes: s.wayUp(n, node),
					Roles: held.roles, Restrict: held.Restrict, BuiltIn: s.implied[grant.acl.ID],
				}
				if held.Restrict == "" || held.Restrict == target {
					e.Paths = append(e.Paths, path)
				} else {
					e.Near = append(e.Near, path)
				}
			}
		}
	}
	e.Allowed = len(e.Paths) > 0
	return e
}

// wayTo follows subjects back from one of them to where the search began.
func wayTo(from map[Principal]Principal, subject Principal) []Principal {
	way := []Principal{subject}
	for from[subject] != subject {
		subject = from[subject]
		way = append(way, subject)
	}
	slices.Reverse(way)
	return way
}

// wayUp is the shortest way from a node to one of its ancestors, both included.
func (s *State) wayUp(n, ancestor Node) []Node {
	ways := [][]Node{{n}}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if last == ancestor {
			return way
		}
		for _, parent := range s.Parents(last) {
			ways = append(ways, append(slices.Clone(way), parent))
		}
	}
	return nil
}
