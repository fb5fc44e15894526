package access

import (
	"slices"

	"btadmin/pkg/braintrust"
)

// PutGroup adds or replaces a group with its members; a deleted one is taken out.
func (s *State) PutGroup(g braintrust.Group) {
	s.DeleteGroup(g.ID)
	if g.DeletedAt != nil {
		return
	}
	for _, user := range g.MemberUsers {
		s.AddMember(g.ID, user)
	}
	for _, inner := range g.MemberGroups {
		insert(s.listedIn, inner, g.ID)
	}
	g.MemberUsers = nil
	g.MemberGroups = slices.Clone(g.MemberGroups)
	s.groups[g.ID] = g
}

// DeleteGroup takes a group out: it has no users and contributes none. Grants to it stay and reach nobody.
func (s *State) DeleteGroup(id string) {
	for user := range s.members[id] {
		delete(s.groupsOf[user], id)
	}
	delete(s.members, id)
	for _, inner := range s.groups[id].MemberGroups {
		delete(s.listedIn[inner], id)
	}
	delete(s.groups, id)
}

// Group returns a live group with its direct members, sorted.
func (s *State) Group(id string) (braintrust.Group, bool) {
	g, ok := s.groups[id]
	if ok {
		g.MemberUsers = sortedKeys(s.members[id])
	}
	return g, ok
}

// Groups returns the ids of all live groups, sorted.
func (s *State) Groups() []string { return sortedKeys(s.groups) }

// GroupNamed returns the live group with exactly that name.
func (s *State) GroupNamed(name string) (braintrust.Group, bool) {
	for _, id := range s.Groups() {
		if s.groups[id].Name == name {
			return s.Group(id)
		}
	}
	return braintrust.Group{}, false
}

// AddMember adds one user to a group.
func (s *State) AddMember(groupID, userID string) {
	insert(s.members, groupID, userID)
	insert(s.groupsOf, userID, groupID)
}

// RemoveMember takes one user out of a group.
func (s *State) RemoveMember(groupID, userID string) {
	delete(s.members[groupID], userID)
	delete(s.groupsOf[userID], groupID)
}

// UsersOf returns users*(G), sorted: the group's own users and those of its member groups, at any depth.
func (s *State) UsersOf(groupID string) []string {
	users := map[string]bool{}
	for _, id := range s.GroupsIn(groupID) {
		for user := range s.members[id] {
			if s.isMember(user) {
				users[user] = true
			}
		}
	}
	return sortedKeys(users)
}

// GroupsIn returns a live group and its member groups at any depth, sorted: those whose users are its users.
func (s *State) GroupsIn(groupID string) []string {
	seen := map[string]bool{}
	queue := []string{groupID}
	for len(queue) > 0 {
		id := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		group, live := s.groups[id]
		if seen[id] || !live {
			continue
		}
		seen[id] = true
		queue = append(queue, group.MemberGroups...)
	}
	return sortedKeys(seen)
}

// isMember reports whether a user can be given anything: he is listed, or not everybody is.
func (s *State) isMember(userID string) bool { return !s.complete || has(s.users, userID) }

// ListedIn returns the groups that list a group as a member group themselves, sorted.
func (s *State) ListedIn(groupID string) []string { return sortedKeys(s.listedIn[groupID]) }

// MemberOf returns the groups that list a user themselves, sorted.
func (s *State) MemberOf(userID string) []string { return sortedKeys(s.groupsOf[userID]) }

// GroupsAbove returns the live groups that list a group as a member group, at any depth, sorted: those that its users
// are users of, too. The group itself is not among them.
func (s *State) GroupsAbove(groupID string) []string {
	var groups []string
	for p := range s.subjects(Principal{Kind: PrincipalGroup, ID: groupID}) {
		if p.ID != groupID {
			groups = append(groups, p.ID)
		}
	}
	slices.Sort(groups)
	return groups
}

// InGroup reports whether a user is in users*(G).
func (s *State) InGroup(userID, groupID string) bool {
	_, in := s.subjects(Principal{Kind: PrincipalUser, ID: userID})[Principal{Kind: PrincipalGroup, ID: groupID}]
	return in
}

// GroupsOf returns the groups whose grants a user receives, sorted by id.
func (s *State) GroupsOf(userID string) []string {
	var groups []string
	for p := range s.subjects(Principal{Kind: PrincipalUser, ID: userID}) {
		if p.Kind == PrincipalGroup {
			groups = append(groups, p.ID)
		}
	}
	slices.Sort(groups)
	return groups
}

// subjects maps every principal whose grants p receives to the one through which it does, p itself to
// itself. A user receives the grants of the groups that list him; the users of a group receive the grants
// of the groups that list it as a member group, so the way leads upwards only. Cycles end, because nobody
// is entered twice; the shortest way is found first.
func (s *State) subjects(p Principal) map[Principal]Principal {
	found := map[Principal]Principal{}
	if p.Kind == PrincipalUser && !s.isMember(p.ID) || p.Kind == PrincipalGroup && !has(s.groups, p.ID) {
		return found
	}
	found[p] = p
	queue := []Principal{p}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		listing := s.listedIn[from.ID]
		if from.Kind == PrincipalUser {
			listing = s.groupsOf[from.ID]
		}
		for _, id := range sortedKeys(listing) {
			to := Principal{Kind: PrincipalGroup, ID: id}
			_, live := s.groups[id]
			if _, seen := found[to]; seen || !live {
				continue
			}
			found[to] = from
			queue = append(queue, to)
		}
	}
	return found
}
