package compiled

import (
	"encoding/binary"
	"slices"

	"btadmin/pkg/braintrust"
)

// subjects says whose grants a principal receives. A principal is numbered: first the components of groups
// (groups on a cycle have the same users, so they are one), then users.
type subjects struct {
	component []uint32 // of a group
	groups    lists    // of a component
	direct    lists    // component to the users its groups list
	down      lists    // component to itself and those whose users are its users
	up        lists    // closure to the components whose grants it receives, sorted
	closure   []uint32 // of a principal: users who are in the same groups share one
	count     int      // of components
}

// noGroups is the closure of users who are in no group; it comes after those of the components.
func (s *subjects) noGroups() uint32 { return uint32(s.count) }

// principal is the principal of a record's subject.
func (s *subjects) principal(subject uint32) uint32 {
	if groups := uint32(len(s.component)); subject >= groups {
		return s.user(subject - groups)
	}
	return s.component[subject]
}

// reachUsers reports whether a principal is a user or has any.
func (s *subjects) reachUsers(who uint32) bool {
	return s.isUser(who) || slices.ContainsFunc(s.down.of(who), func(c uint32) bool { return len(s.direct.of(c)) > 0 })
}

func (s *subjects) user(u uint32) uint32 { return uint32(s.count) + u }

// members is who each group lists: users, and groups by their numbers.
type members struct {
	users lists // group to users
	inner lists // group to groups
}

// membersOf numbers the members of live groups. Deleted groups contribute nobody.
func membersOf(d *directory, groups []*braintrust.Group) members {
	m := members{users: newLists(len(groups)), inner: newLists(len(groups))}
	for _, g := range groups {
		for _, id := range g.MemberUsers {
			if u := d.user(id); u != none {
				m.users.items = append(m.users.items, u)
			}
		}
		for _, id := range g.MemberGroups {
			if inner, live := d.groups.get(id); live {
				m.inner.items = append(m.inner.items, inner)
			}
		}
		m.users.close()
		m.inner.close()
	}
	return m
}

// newSubjects closes the membership of groups over any depth.
func newSubjects(m *members, users int) *subjects {
	groups := len(m.users.start) - 1
	s := &subjects{}
	listing := m.inner.inverse(groups) // group to the groups that list it
	s.component, s.count = components(&listing)
	s.groups = (&lists{start: upTo(groups), items: s.component}).inverse(s.count)
	s.up = closures(&listing, s.component, s.count)
	s.down = s.up.inverse(s.count)
	s.direct = newLists(s.count)
	for c := range uint32(s.count) {
		first := len(s.direct.items)
		for _, g := range s.groups.of(c) {
			s.direct.items = append(s.direct.items, m.users.of(g)...)
		}
		mine := s.direct.items[first:]
		slices.Sort(mine)
		s.direct.items = s.direct.items[:first+len(slices.Compact(mine))]
		s.direct.close()
	}
	s.shareClosures(users)
	return s
}

// shareClosures gives each user the closure of the groups that list him, one for all who are listed by the
// same.
func (s *subjects) shareClosures(users int) {
	s.up.close() // noGroups
	s.closure = make([]uint32, s.count+users)
	for c := range uint32(s.count) {
		s.closure[c] = c
	}
	in := s.direct.inverse(users)
	seen, known := newMarks(s.count), map[string]uint32{}
	var key []byte
	for u := range uint32(users) {
		mine := in.of(u)
		switch len(mine) {
		case 0:
			s.closure[s.user(u)] = s.noGroups()
			continue
		case 1:
			s.closure[s.user(u)] = mine[0]
			continue
		}
		key = key[:0]
		for _, c := range mine {
			key = binary.LittleEndian.AppendUint32(key, c)
		}
		shared, met := known[string(key)]
		if !met {
			shared = uint32(len(s.up.start) - 1)
			known[string(key)] = shared
			seen.clear()
			first := len(s.up.items)
			for _, c := range mine {
				for _, above := range s.up.of(c) {
					if seen.mark(above) {
						s.up.items = append(s.up.items, above)
					}
				}
			}
			slices.Sort(s.up.items[first:])
			s.up.close()
		}
		s.closure[s.user(u)] = shared
	}
}

// receives lists the components whose grants a principal receives; a user's own grants come on top.
func (s *subjects) receives(who uint32) []uint32 { return s.up.of(s.closure[who]) }

// isUser tells a user from a component.
func (s *subjects) isUser(who uint32) bool { return int(who) >= s.count }
