package paths

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// climber makes links of what the last run found.
func (s *search) climber() Climber {
	goal := s.goalFact()
	steps := slices.Clone(s.reasons[goal].links)
	place := map[fact]int{}
	for i, f := range s.order {
		place[f] = i
	}
	slices.SortFunc(steps, func(a, b fact) int { return place[a] - place[b] })
	c := chainer{search: s, number: map[fact]int{}}
	for i, f := range steps {
		c.number[f] = i + 1
	}
	links := make([]Link, len(steps))
	for i, f := range steps {
		_, node := s.take(f)
		right := s.reasons[f].from[0]
		links[i] = Link{Action: s.reasons[f].action, On: s.nodes[node], Right: braintrust.PermissionUpdate, By: c.proof(right)}
		if k, _ := s.take(right); k == manages {
			links[i].Right = braintrust.PermissionCreateACLs
		}
	}
	c.carried(goal, links, map[fact]bool{})
	return Climber{UserID: s.users[s.user].id, Links: links, Power: c.power(goal)}
}

type chainer struct {
	*search
	number map[fact]int // of a link
}

// proof says why the member has a right.
func (c *chainer) proof(right fact) Proof {
	why := c.reasons[right]
	if why.grant != none {
		return c.byGrant(why.grant, why.from)
	}
	return c.given(why.from[0])
}

// given says how the member has everything on a node: he gave it to himself, or to a role that a grant carries.
func (c *chainer) given(everything fact) Proof {
	why := c.reasons[everything]
	if why.action == Grant {
		return Proof{Step: c.number[everything]}
	}
	p := c.byGrant(why.grant, why.from[1:])
	p.Step = c.number[why.from[0]]
	return p
}

// power says what the goal rests on.
func (c *chainer) power(goal fact) Proof {
	if !c.goal.Owner {
		return c.proof(goal)
	}
	before := c.reasons[goal].from[0]
	switch k, _ := c.take(before); k {
	case inGroup:
		p := Proof{}
		c.lead(&p, []fact{before})
		return p
	case all:
		return c.given(before)
	default: // create_acls, beside all the rest
		return c.proof(before)
	}
}

// byGrant is the proof by a stored grant that the member receives because of some facts.
func (c *chainer) byGrant(i int, from []fact) Proof {
	acl := c.grants[i].acl
	p := Proof{ACL: acl, BuiltIn: c.state.Implied(acl.ID)}
	c.lead(&p, from)
	return p
}

// lead fills in how the member is in a group, from the step that put him into it if there is one.
func (c *chainer) lead(p *Proof, from []fact) {
	for len(from) > 0 {
		_, group := c.take(from[0])
		p.Subjects = append(p.Subjects, access.Principal{Kind: access.PrincipalGroup, ID: c.nodes[group].ID})
		if c.reasons[from[0]].action != "" {
			p.Step = c.number[from[0]]
			break
		}
		from = c.reasons[from[0]].from
	}
	p.Subjects = append(p.Subjects, access.Principal{Kind: access.PrincipalUser, ID: c.users[c.user].id})
	slices.Reverse(p.Subjects)
}

// carried adds to the links that edit a role which grants carry what is added.
func (c *chainer) carried(f fact, links []Link, seen map[fact]bool) {
	if seen[f] {
		return
	}
	seen[f] = true
	why := c.reasons[f]
	if k, _ := c.take(f); k == all && why.grant != none {
		link := &links[c.number[why.from[0]]-1]
		link.Carried = append(link.Carried, c.byGrant(why.grant, why.from[1:]))
	}
	for _, from := range why.from {
		c.carried(from, links, seen)
	}
}

// ownerAfter reports whether steps make the member an owner by what the groups are granted that he then is in:
// he need not give himself anything.
func (s *search) ownerAfter(steps []fact) bool {
	queue := slices.Clone(s.users[s.user].groups)
	for _, f := range steps {
		if k, node := s.take(f); k == inGroup {
			queue = append(queue, node)
		}
	}
	grants := [][]int{s.byUser[s.user]}
	seen := map[int]bool{}
	for len(queue) > 0 {
		group := queue[0]
		queue = queue[1:]
		if !seen[group] {
			seen[group] = true
			grants = append(grants, s.byGroup[group])
			queue = append(queue, s.outer(group)...)
		}
	}
	return s.complete(grants...)
}
