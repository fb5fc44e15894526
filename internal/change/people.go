package change

import (
	"math/bits"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// crowd is a set of people, a bit each: many grants to large groups are looked at one after the other.
type crowd []uint64

// reach makes c so many words long.
func (c *crowd) reach(words int) {
	if missing := words - len(*c); missing > 0 {
		*c = append(*c, make(crowd, missing)...)
	}
}

func (c *crowd) add(i int) {
	c.reach(i/64 + 1)
	(*c)[i/64] |= 1 << (i % 64)
}

func (c *crowd) join(other crowd) {
	c.reach(len(other))
	for i, word := range other {
		(*c)[i] |= word
	}
}

// without counts who is in c and not in other.
func (c crowd) without(other crowd) int {
	count := 0
	for i, word := range c {
		if i < len(other) {
			word &^= other[i]
		}
		count += bits.OnesCount64(word)
	}
	return count
}

// census finds who reaches what in one state, and remembers it.
type census struct {
	state   *access.State
	index   func(user string) (i int, person bool)
	groups  map[string]crowd // with those of the groups inside
	own     map[string]crowd
	reached map[access.Node]map[braintrust.ObjectType]crowd
	acls    map[access.Node][]braintrust.ACL
	roles   map[string][]access.Tuple
}

func (v *view) newCensus(s *access.State, numbers map[string]int) *census {
	return &census{
		state: s, groups: map[string]crowd{}, own: map[string]crowd{}, reached: map[access.Node]map[braintrust.ObjectType]crowd{},
		acls: map[access.Node][]braintrust.ACL{}, roles: map[string][]access.Tuple{},
		index: func(user string) (int, bool) {
			if m, known := v.members.ByID(user); known && m.Kind == orgstate.ServiceAccount {
				return 0, false
			}
			i, known := numbers[user]
			if !known {
				i = len(numbers)
				numbers[user] = i
			}
			return i, true
		},
	}
}

// of are the people behind a principal.
func (c *census) of(p access.Principal) crowd {
	if p.Kind == access.PrincipalUser {
		var one crowd
		if i, person := c.index(p.ID); person {
			one.add(i)
		}
		return one
	}
	all, made := c.groups[p.ID]
	if !made {
		for _, id := range c.state.GroupsIn(p.ID) {
			all.join(c.listed(id))
		}
		c.groups[p.ID] = all
	}
	return all
}

// listed are the people whom a group lists itself: each membership is looked at once, however deep groups are nested.
func (c *census) listed(group string) crowd {
	own, made := c.own[group]
	if !made {
		g, _ := c.state.Group(group)
		for _, id := range g.MemberUsers {
			if i, person := c.index(id); person {
				own.add(i)
			}
		}
		c.own[group] = own
	}
	return own
}

// here are the people to whom grants on exactly this node give something on things of a type.
func (c *census) here(n access.Node, target braintrust.ObjectType) crowd {
	if all, made := c.reached[n][target]; made {
		return all
	}
	acls, listed := c.acls[n]
	if !listed {
		acls = c.state.ACLsOn(n)
		c.acls[n] = acls
	}
	var all crowd
	for _, acl := range acls {
		if c.gives(acl.ACLItem, target) {
			all.join(c.of(access.PrincipalOf(acl.ACLItem)))
		}
	}
	if c.reached[n] == nil {
		c.reached[n] = map[braintrust.ObjectType]crowd{}
	}
	c.reached[n][target] = all
	return all
}

func (c *census) gives(item braintrust.ACLItem, target braintrust.ObjectType) bool {
	if item.RoleID == "" {
		return item.RestrictObjectType == "" || item.RestrictObjectType == target
	}
	tuples, known := c.roles[item.RoleID]
	if !known {
		tuples = c.state.RoleTuples(item.RoleID)
		c.roles[item.RoleID] = tuples
	}
	for _, t := range tuples {
		if t.Restrict == "" || t.Restrict == target {
			return true
		}
	}
	return false
}

// reach are the people who may do anything on things of a type in or at a node.
func (c *census) reach(n access.Node, target braintrust.ObjectType) crowd {
	var all crowd
	for _, node := range c.state.Chain(n) {
		all.join(c.here(node, target))
	}
	return all
}
