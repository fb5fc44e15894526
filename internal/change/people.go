package change

import (
	"math/bits"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// crowd is a set of people, a bit each: many grants to large groups are looked at one after the other.
type crowd []uint64

func (c *crowd) add(i int) {
	for len(*c) <= i/64 {
		*c = append(*c, 0)
	}
	(*c)[i/64] |= 1 << (i % 64)
}

func (c *crowd) join(other crowd) {
	for len(*c) < len(other) {
		*c = append(*c, 0)
	}
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
	groups  map[string]crowd
	reached map[access.Node]map[braintrust.ObjectType]crowd
}

func (v *view) newCensus(s *access.State, numbers map[string]int) *census {
	return &census{
		state: s, groups: map[string]crowd{}, reached: map[access.Node]map[braintrust.ObjectType]crowd{},
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
		for _, id := range c.state.UsersOf(p.ID) {
			if i, person := c.index(id); person {
				all.add(i)
			}
		}
		c.groups[p.ID] = all
	}
	return all
}

// here are the people to whom grants on exactly this node give something on things of a type.
func (c *census) here(n access.Node, target braintrust.ObjectType) crowd {
	if all, made := c.reached[n][target]; made {
		return all
	}
	var all crowd
	for _, acl := range c.state.ACLsOn(n) {
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
	for _, t := range c.state.RoleTuples(item.RoleID) {
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
