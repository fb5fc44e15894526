package access

import (
	"cmp"
	"maps"
	"slices"
)

// Snapshot is the state as lists, sorted by id, without what is deleted and without what AddImplied made. What a State
// does not keep, tokens and whether they are known, is that of like, usually the snapshot that the state was made from.
func (s *State) Snapshot(like *Snapshot) *Snapshot {
	out := &Snapshot{
		Organization: s.org, Complete: s.complete, Tokens: like.Tokens, TokensKnown: like.TokensKnown,
		Users: sortedValues(s.users), Roles: sortedValues(s.roles), Projects: sortedValues(s.projects), ProjectGroups: sortedValues(s.sets),
		Objects: slices.SortedFunc(maps.Values(s.objects), compareObjects),
	}
	for _, id := range sortedKeys(s.groups) {
		g := s.groups[id]
		g.MemberUsers = sortedKeys(s.members[id])
		out.Groups = append(out.Groups, g)
	}
	out.ACLs = slices.Grow(out.ACLs, len(s.acls))
	for _, id := range sortedKeys(s.acls) {
		if !s.implied[id] {
			out.ACLs = append(out.ACLs, *s.acls[id])
		}
	}
	return out
}

func sortedValues[V any](m map[string]V) []V {
	out := make([]V, 0, len(m))
	for _, key := range sortedKeys(m) {
		out = append(out, m[key])
	}
	return out
}

func compareObjects(a, b Object) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}
