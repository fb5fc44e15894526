package diff

import (
	"maps"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// side is one of the two states, ready to be asked.
type side struct {
	state  *access.State
	engine *compiled.Engine
	users  map[string]string         // listed ones
	groups map[string]string         // live ones
	listed map[[2]string]bool        // group and user, group and member group
	roles  map[string][]access.Tuple // what each role holds
	places []compiled.Place          // by the numbers of the universe
}

// newSide prepares an aligned state. Existence is that of the state as it was before.
func newSide(original, aligned *access.Snapshot, implied bool) *side {
	s := &side{
		state: access.NewState(aligned), users: byID(original.Users, userOf), groups: byID(original.Groups, groupOf),
		listed: map[[2]string]bool{}, roles: map[string][]access.Tuple{},
	}
	var options []compiled.Option
	if implied {
		s.state.AddImplied()
		options = append(options, compiled.WithImplied())
	}
	s.engine = compiled.Compile(aligned, options...)
	for _, id := range s.state.Roles() {
		s.roles[id] = s.state.RoleTuples(id)
	}
	last := map[string]int{} // the last record of a group counts
	for i := range original.Groups {
		last[original.Groups[i].ID] = i
	}
	for id := range s.groups {
		g := &original.Groups[last[id]]
		for _, member := range slices.Concat(g.MemberUsers, g.MemberGroups) {
			s.listed[[2]string{id, member}] = true
		}
	}
	return s
}

// find looks up the places of the universe.
func (s *side) find(u *universe) {
	s.places = make([]compiled.Place, len(u.places))
	for i, p := range u.places {
		n, child := p.asked()
		at, exists := s.engine.Place(n)
		if child != "" {
			at, exists = s.engine.Inside(n, child)
		}
		if !exists {
			at = compiled.Nowhere()
		}
		s.places[i] = at
	}
}

// lists reports whether a live group lists a user or a group as its member.
func (s *side) lists(inner, outer access.Principal) bool {
	return s.listed[[2]string{outer.ID, inner.ID}]
}

// has reports whether a principal is in the state.
func (s *side) has(p access.Principal) bool {
	list := s.users
	if p.Kind == access.PrincipalGroup {
		list = s.groups
	}
	_, in := list[p.ID]
	return in
}

// asked is what an evaluator is asked for a place: the log of a project is a node of its own.
func (p Place) asked() (access.Node, braintrust.ObjectType) {
	if p.Child == braintrust.ObjectProjectLog && p.Node.Type == braintrust.ObjectProject {
		return access.Node{Type: braintrust.ObjectProjectLog, ID: p.Node.ID}, ""
	}
	return p.Node, p.Child
}

// principals lists everybody who is in either state, users first, sorted.
func principals(before, after *side) []access.Principal {
	var out []access.Principal
	add := func(kind access.PrincipalKind, a, b map[string]string) {
		both := maps.Clone(a)
		maps.Copy(both, b)
		for _, id := range slices.Sorted(maps.Keys(both)) {
			out = append(out, access.Principal{Kind: kind, ID: id})
		}
	}
	add(access.PrincipalUser, before.users, after.users)
	add(access.PrincipalGroup, before.groups, after.groups)
	return out
}
