package resolve

import (
	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Seen names things from what this run has looked up or listed so far, without a request: enough for
// messages and the journal, where an id is better than another round trip.
type Seen struct{ r *Resolver }

// Seen returns the names known so far; what is looked up later is known to it too.
func (r *Resolver) Seen() Seen { return Seen{r} }

func (r *Resolver) note(id, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found[id] = name
}

func (s Seen) name(id string) string {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	return s.r.found[id]
}

// named looks an id up among what was found, then in a list if it was read.
func named[T any](s Seen, id string, list *cache[T], key func(T) (id, name string)) string {
	if name := s.name(id); name != "" {
		return name
	}
	items, _ := list.loaded()
	found := ""
	for _, item := range items {
		itemID, name := key(item)
		s.r.note(itemID, name)
		if itemID == id {
			found = name
		}
	}
	if found == "" && len(items) > 0 {
		s.r.note(id, id) // the list is complete: it need not be searched again
	}
	return found
}

// User names a user, "" when unknown.
func (s Seen) User(id string) string {
	return named(s, id, &s.r.users, func(u braintrust.User) (string, string) { return u.ID, UserLabel(u) })
}

// Group names a group, "" when unknown.
func (s Seen) Group(id string) string {
	return named(s, id, &s.r.groups, func(g braintrust.Group) (string, string) { return g.ID, g.Name })
}

// Role names a role, "" when unknown.
func (s Seen) Role(id string) string {
	return named(s, id, &s.r.roles, func(x braintrust.Role) (string, string) { return x.ID, x.Name })
}

// Anything names whatever an id belongs to, "" when unknown: for messages of the server, which are full of ids.
func (s Seen) Anything(id string) string {
	for _, name := range []string{
		s.name(id),
		nameIn(&s.r.organization, id, func(o braintrust.Organization) (string, string) { return o.ID, o.Name }),
		nameIn(&s.r.groups, id, func(g braintrust.Group) (string, string) { return g.ID, g.Name }),
		nameIn(&s.r.projects, id, func(p braintrust.Project) (string, string) { return p.ID, p.Name }),
		nameIn(&s.r.roles, id, func(r braintrust.Role) (string, string) { return r.ID, r.Name }),
		nameIn(&s.r.users, id, func(u braintrust.User) (string, string) { return u.ID, UserLabel(u) }),
	} {
		if name != "" && name != id { // named notes an id that is in no list as its own name
			return name
		}
	}
	return ""
}

// nameIn looks an id up in a list, if it was read.
func nameIn[T any](list *cache[T], id string, key func(T) (id, name string)) string {
	items, _ := list.loaded()
	for _, item := range items {
		if itemID, name := key(item); itemID == id {
			return name
		}
	}
	return ""
}

// Principal is a reference to a principal, with its id when the name is unknown.
func (s Seen) Principal(p access.Principal) string {
	if p.Kind == access.PrincipalGroup {
		return "group:" + orID(s.Group(p.ID), p.ID)
	}
	if name, is := s.account(p.ID); is {
		return "service-account:" + name
	}
	return "user:" + orID(s.User(p.ID), p.ID)
}

// account names a service account that can be told to be one from the list of users.
func (s Seen) account(id string) (name string, is bool) {
	users, listed := s.r.users.loaded()
	if !listed {
		return "", false
	}
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.robots == nil {
		s.r.robots = map[string]string{}
		for _, u := range users {
			if name, is := orgstate.AccountName(u); is {
				s.r.robots[u.ID] = name
			}
		}
	}
	name, is = s.r.robots[id]
	return name, is
}

// Node is a reference to an object, with its id when the name is unknown.
func (s Seen) Node(n access.Node) string {
	project := func(id string) string {
		return orID(named(s, id, &s.r.projects, func(p braintrust.Project) (string, string) { return p.ID, p.Name }), id)
	}
	if word, own := access.OwnWord(n.Type); own {
		return word
	}
	switch n.Type {
	case braintrust.ObjectProject:
		return "project:" + project(n.ID)
	case braintrust.ObjectProjectLog:
		return "logs:" + project(n.ID)
	case braintrust.ObjectGroup:
		return "group:" + orID(s.Group(n.ID), n.ID)
	case braintrust.ObjectRole:
		return "role:" + orID(s.Role(n.ID), n.ID)
	}
	return string(n.Type) + ":" + orID(s.name(n.ID), n.ID)
}
