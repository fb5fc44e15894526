package paths

import (
	"slices"

	"btadmin/pkg/braintrust"
)

// A fact is something that becomes true of one member: a kind and a node.
type kind int

const (
	inGroup kind = iota // he receives what the group is granted
	updates             // he has update on the node
	manages             // he has create_acls on the node
	all                 // he has everything on the node
	edited              // he has added every permission to the role
	owns                // he owns the organization
	kinds               // how many there are
)

type fact = int

func (g *graph) fact(k kind, node int) fact { return int(k)*len(g.nodes) + node }

func (g *graph) take(f fact) (kind, int) { return kind(f / len(g.nodes)), f % len(g.nodes) }

// outcome is what a search found.
type outcome int

const (
	nothing outcome = iota
	holds
	climbs
)

// reason is how a fact came to be.
type reason struct {
	action Action // "" when it follows by itself
	grant  int    // that gives the right, -1
	from   []fact // what it follows from; none when it was so from the start
	links  []fact // the actions before it and its own, each once
}

// none stands for no grant.
const none = -1

// search follows one member after the other. Facts come in the order of how many actions they need, so the
// first reason of a fact is a shortest one. An edited role needs two facts, whose actions may overlap: then it
// is as short as the shortest reasons of the two allow.
type search struct {
	*graph
	user    int
	reasons map[fact]reason
	pending [][]pendingFact // by number of actions
	waiting map[int][]waiting
	order   []fact // in which they became true
}

type pendingFact struct {
	fact
	reason
}

// waiting is a grant that would carry what is added to a role.
type waiting struct {
	grant int
	from  []fact
}

func newSearch(g *graph) *search {
	return &search{graph: g, reasons: map[fact]reason{}, waiting: map[int][]waiting{}}
}

// run finds out whether a member has the power, or could get it. The chain is then his.
func (s *search) run(user int) outcome {
	s.user = user
	clear(s.reasons)
	clear(s.waiting)
	s.order = s.order[:0]
	for i := range s.pending {
		s.pending[i] = s.pending[i][:0]
	}
	for _, group := range s.users[user].groups {
		s.derive(s.fact(inGroup, group), reason{grant: none})
	}
	for _, one := range s.byUser[user] {
		s.activate(one, nil)
	}
	goal := s.goalFact()
	if s.goal.Owner && s.owners[s.users[user].id] {
		return holds
	}
	for cost := 0; cost < len(s.pending); cost++ {
		for i := 0; i < len(s.pending[cost]); i++ {
			next := s.pending[cost][i]
			if _, known := s.reasons[next.fact]; known {
				continue
			}
			s.reasons[next.fact] = next.reason
			s.order = append(s.order, next.fact)
			if next.fact == goal {
				if cost == 0 {
					return holds
				}
				return climbs
			}
			s.follow(next.fact)
		}
	}
	return nothing
}

// goalFact is what the search is for.
func (g *graph) goalFact() fact {
	if g.goal.Owner {
		return g.fact(owns, 0)
	}
	return g.fact(manages, g.goalN)
}

// derive queues a fact with its reason.
func (s *search) derive(f fact, why reason) {
	if _, known := s.reasons[f]; known || !s.useful[f] {
		return
	}
	for i, from := range why.from {
		before := s.reasons[from].links
		if i == 0 {
			why.links = before
			continue
		}
		why.links = slices.Clone(why.links)
		for _, link := range before {
			if !slices.Contains(why.links, link) {
				why.links = append(why.links, link)
			}
		}
	}
	if why.action != "" {
		why.links = append(slices.Clone(why.links), f)
	}
	for len(s.pending) <= len(why.links) {
		s.pending = append(s.pending, nil)
	}
	s.pending[len(why.links)] = append(s.pending[len(why.links)], pendingFact{f, why})
}

// follow derives what follows from a fact, by itself or by an action that it allows.
func (s *search) follow(f fact) {
	k, node := s.take(f)
	from := []fact{f}
	switch k {
	case inGroup:
		for _, outer := range s.outer(node) {
			s.derive(s.fact(inGroup, outer), reason{grant: none, from: from})
		}
		for _, one := range s.byGroup[node] {
			s.activate(one, from)
		}
		if s.ownerGroups[node] && s.complete(s.byGroup[node]) {
			s.derive(s.fact(owns, 0), reason{grant: none, from: from})
		}
	case updates:
		if s.nodes[node].Type == braintrust.ObjectGroup {
			s.derive(s.fact(inGroup, node), reason{action: JoinGroup, grant: none, from: from})
		} else if s.editableRole(node) {
			s.derive(s.fact(edited, node), reason{action: EditRole, grant: none, from: from})
		}
	case manages:
		if node == 0 && s.goal.Owner && s.ownerAfter(s.reasons[f].links) {
			s.derive(s.fact(owns, 0), reason{grant: none, from: from})
		}
		s.derive(s.fact(all, node), reason{action: Grant, grant: none, from: from})
	case edited:
		for _, w := range s.waiting[node] {
			s.derive(s.fact(all, s.grants[w.grant].on), reason{grant: w.grant, from: append([]fact{f}, w.from...)})
		}
	case all:
		for _, y := range s.below[node] {
			s.derive(s.fact(updates, y), reason{grant: none, from: from})
			s.derive(s.fact(manages, y), reason{grant: none, from: from})
		}
		if node == 0 && s.goal.Owner {
			s.derive(s.fact(owns, 0), reason{grant: none, from: from})
		}
	}
}

// activate follows a grant that the member receives because of some facts.
func (s *search) activate(i int, from []fact) {
	if s.cutGrant[i] {
		return
	}
	one := &s.grants[i]
	for _, to := range s.gives[i] {
		s.derive(to, reason{grant: i, from: from})
	}
	for _, role := range one.roles {
		if edit := s.fact(edited, role); s.reasons[edit].action != "" {
			s.derive(s.fact(all, one.on), reason{grant: i, from: append([]fact{edit}, from...)})
		} else {
			s.waiting[role] = append(s.waiting[role], waiting{grant: i, from: from})
		}
	}
}
