package diff

import (
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// reasonKey is what makes two reasons one in a report.
type reasonKey struct {
	group   access.Principal
	on      access.Node
	role    string
	builtIn bool
}

// proof is one way to a right, as far as a report tells it.
type proof struct {
	reasonKey
	acl     string
	via     string // the groups, joined
	changed links
}

// links is a set of Link.
type links uint8

const (
	changedGrant links = 1 << iota
	changedMember
	changedGroup
	changedRole
	changedContainer
)

// list is the links of a set.
func (l links) list() []Link {
	var out []Link
	for i, name := range []Link{LinkGrant, LinkMember, LinkGroup, LinkRole, LinkContainer} {
		if l&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// prove explains every gain and loss of the lines.
func (s *sweep) prove() {
	for i := range s.lines {
		l := &s.lines[i]
		place := s.u.places[l.place]
		for left := l.gained; left != 0; left &= left - 1 {
			l.gains = append(l.gains, s.proofs(s.traceIs, s.permissions[left.first()], place, s.before))
		}
		for left := l.lost; left != 0; left &= left - 1 {
			l.losses = append(l.losses, s.proofs(s.traceWas, s.permissions[left.first()], place, s.after))
		}
	}
}

// proofs explains why somebody has a permission in a place in one state; other is the state in which he has
// not.
func (c *comparison) proofs(t *access.Trace, permission braintrust.Permission, place Place, other *side) []proof {
	n, child := place.asked()
	e := t.Explain(permission, n, child)
	out := make([]proof, len(e.Paths))
	for i, path := range e.Paths {
		out[i] = proof{
			reasonKey: keyOf(path, place), acl: path.ACL.ID, via: joinIDs(path.Subjects[1:]),
			changed: other.lacks(path, permission),
		}
	}
	return out
}

func keyOf(path access.Path, place Place) reasonKey {
	key := reasonKey{on: access.NodeOf(path.ACL.ACLItem), builtIn: path.BuiltIn}
	if last := len(path.Subjects) - 1; last > 0 {
		key.group = path.Subjects[last]
	}
	if len(path.Roles) > 0 {
		key.role = path.Roles[0]
	}
	if key.on == place.Node && key.on.Type != braintrust.ObjectOrganization && key.on.Type != braintrust.ObjectOrgProject {
		key.on = access.Node{}
	}
	return key
}

func compareReasons(a, b reasonKey) int {
	text := func(k reasonKey) string {
		return strings.Join([]string{k.group.ID, k.on.String(), k.role}, "\x00")
	}
	return strings.Compare(text(a), text(b))
}

func joinIDs(groups []access.Principal) string {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	return strings.Join(ids, "\x00")
}

func splitIDs(via string) []access.Principal {
	var out []access.Principal
	for id := range strings.SplitSeq(via, "\x00") {
		out = append(out, access.Principal{Kind: access.PrincipalGroup, ID: id})
	}
	return out
}

// lacks says which links of a way do not exist in a state.
func (s *side) lacks(path access.Path, permission braintrust.Permission) links {
	var out links
	if _, found := s.state.FindACL(path.ACL.ACLItem); !found {
		out |= changedGrant
	}
	who := path.Subjects[0]
	if !s.has(who) {
		out |= changedMember
	}
	for i, outer := range path.Subjects[1:] {
		inner := path.Subjects[i]
		switch {
		case s.lists(inner, outer):
		case inner.Kind == access.PrincipalUser:
			out |= changedMember
		default:
			out |= changedGroup
		}
	}
	if len(path.Roles) > 0 && !slices.Contains(s.roles[path.Roles[0]], access.Tuple{Permission: permission, Restrict: path.Restrict}) {
		out |= changedRole
	}
	for i, container := range path.Nodes[1:] {
		if !slices.Contains(s.state.Parents(path.Nodes[i]), container) {
			out |= changedContainer
		}
	}
	return out
}
