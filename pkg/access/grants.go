package access

import (
	"slices"

	"btadmin/pkg/braintrust"
)

// PutACL adds a grant. ACLs are immutable, so one that is known already is left as it is.
func (s *State) PutACL(a braintrust.ACL) { s.putACL(&a) }

func (s *State) putACL(a *braintrust.ACL) {
	if _, known := s.acls[a.ID]; known {
		return
	}
	s.acls[a.ID] = a
	node, p := NodeOf(a.ACLItem), PrincipalOf(a.ACLItem)
	if s.grants[node] == nil {
		s.grants[node] = map[Principal][]*braintrust.ACL{}
	}
	s.grants[node][p] = append(s.grants[node][p], a)
}

// DeleteACL takes a grant out.
func (s *State) DeleteACL(id string) {
	a, known := s.acls[id]
	if !known {
		return
	}
	delete(s.acls, id)
	delete(s.implied, id)
	node, p := NodeOf(a.ACLItem), PrincipalOf(a.ACLItem)
	acls := s.grants[node][p]
	if i := slices.Index(acls, a); i >= 0 {
		acls = slices.Delete(acls, i, i+1)
	}
	if len(acls) > 0 {
		s.grants[node][p] = acls
		return
	}
	delete(s.grants[node], p)
	if len(s.grants[node]) == 0 {
		delete(s.grants, node)
	}
}

// ACL returns a grant.
func (s *State) ACL(id string) (braintrust.ACL, bool) {
	if a, known := s.acls[id]; known {
		return *a, true
	}
	return braintrust.ACL{}, false
}

// FindACL returns the grant with exactly these contents.
func (s *State) FindACL(item braintrust.ACLItem) (braintrust.ACL, bool) {
	for _, a := range s.grants[NodeOf(item)][PrincipalOf(item)] {
		if a.ACLItem == item {
			return *a, true
		}
	}
	return braintrust.ACL{}, false
}

// ACLsOn returns the grants on a node, in the order of their ids.
func (s *State) ACLsOn(n Node) []braintrust.ACL {
	var out []braintrust.ACL
	for _, acls := range s.grants[n] {
		for _, a := range acls {
			out = append(out, *a)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out
}

// ACLsBetween returns the grants to a principal itself on a node, in the order of their ids.
func (s *State) ACLsBetween(p Principal, n Node) []braintrust.ACL {
	var out []braintrust.ACL
	for _, a := range s.grants[n][p] {
		out = append(out, *a)
	}
	slices.SortFunc(out, compareIDs)
	return out
}

// ACLsThat returns the grants that fit, in the order of their ids.
func (s *State) ACLsThat(fit func(braintrust.ACL) bool) []braintrust.ACL {
	var out []braintrust.ACL
	for _, a := range s.acls {
		if fit(*a) {
			out = append(out, *a)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out
}

// NodesOf returns the nodes on which principals that fit have grants of their own, in no order.
func (s *State) NodesOf(fits func(Principal) bool) []Node {
	var nodes []Node
	for node, byPrincipal := range s.grants {
		for p := range byPrincipal {
			if fits(p) {
				nodes = append(nodes, node)
				break
			}
		}
	}
	return nodes
}

// ACLsOf returns the grants to a principal itself, in the order of their ids.
func (s *State) ACLsOf(p Principal) []braintrust.ACL {
	var out []braintrust.ACL
	for _, a := range s.acls {
		if PrincipalOf(a.ACLItem) == p {
			out = append(out, *a)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out
}

func compareIDs(a, b braintrust.ACL) int {
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// RoleTuples returns perms*(R): the tuples of a role and of its member roles at any depth, each once, in
// the order in which they are met. A deleted role has none.
func (s *State) RoleTuples(roleID string) []Tuple {
	var tuples []Tuple
	have := map[Tuple]bool{}
	for _, held := range s.roleTuples(roleID) {
		if !have[held.Tuple] {
			have[held.Tuple] = true
			tuples = append(tuples, held.Tuple)
		}
	}
	return tuples
}

// heldTuple is a tuple of a role with the way to the role that holds it, the asked role first.
type heldTuple struct {
	Tuple
	roles []string
}

func (s *State) roleTuples(roleID string) []heldTuple {
	var out []heldTuple
	seen := map[string]bool{}
	queue := [][]string{{roleID}}
	for len(queue) > 0 {
		way := queue[0]
		queue = queue[1:]
		id := way[len(way)-1]
		role, live := s.roles[id]
		if seen[id] || !live {
			continue
		}
		seen[id] = true
		for _, m := range role.MemberPermissions {
			out = append(out, heldTuple{Tuple: Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}, roles: way})
		}
		for _, inner := range role.MemberRoles {
			queue = append(queue, append(slices.Clone(way), inner))
		}
	}
	return out
}

// tuplesOf returns what one grant gives: its own tuple, or those of its role.
func (s *State) tuplesOf(a *braintrust.ACL) []heldTuple {
	if a.RoleID != "" {
		return s.roleTuples(a.RoleID)
	}
	return []heldTuple{{Tuple: Tuple{Permission: a.Permission, Restrict: a.RestrictObjectType}}}
}
