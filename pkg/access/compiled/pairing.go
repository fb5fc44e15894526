package compiled

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// pairing says which numbers of two engines stand for the same thing.
type pairing struct {
	before, after       *Engine
	users, groups, node []uint32 // of after, to those of before or none
	components          []uint32 // those of after to those of before that have the same groups, or none
	back                []uint32 // node of before, to that of after or none
	sameClosures        map[[2]uint32]bool
}

func pair2(before, after *Engine) *pairing {
	p := &pairing{before: before, after: after, sameClosures: map[[2]uint32]bool{}}
	p.users = numbersOf(after.userIDs, before.users.get)
	p.groups = numbersOf(after.groupIDs, before.groups.get)
	p.node = make([]uint32, len(after.kindOf))
	p.back = slices.Repeat([]uint32{none}, len(before.kindOf))
	for m := range p.node {
		n, exists := before.node(after.nodeAt(uint32(m)))
		if !exists {
			n = none
		} else {
			p.back[n] = uint32(m)
		}
		p.node[m] = n
	}
	p.components = make([]uint32, after.subjects.count)
	for c := range p.components {
		p.components[c] = p.component(uint32(c))
	}
	return p
}

func numbersOf(ids []string, find func(string) (uint32, bool)) []uint32 {
	numbers := make([]uint32, len(ids))
	for i, id := range ids {
		numbers[i], _ = find(id) // none when not known
	}
	return numbers
}

// component finds the component of before that has the same groups.
func (p *pairing) component(c uint32) uint32 {
	groups := p.after.subjects.groups.of(c)
	first := p.groups[groups[0]]
	if first == none {
		return none
	}
	same := p.before.subjects.component[first]
	if len(p.before.subjects.groups.of(same)) != len(groups) {
		return none
	}
	for _, g := range groups {
		if p.groups[g] == none || p.before.subjects.component[p.groups[g]] != same {
			return none
		}
	}
	return same
}

// principal translates a principal of after.
func (p *pairing) principal(who uint32) uint32 {
	if !p.after.subjects.isUser(who) {
		return p.components[who]
	}
	if u := p.users[who-uint32(p.after.subjects.count)]; u != none {
		return p.before.subjects.user(u)
	}
	return none
}

// sameClosure reports whether two principals receive the grants of the same groups.
func (p *pairing) sameClosure(old, now uint32) bool {
	key := [2]uint32{p.before.subjects.closure[old], p.after.subjects.closure[now]}
	same, known := p.sameClosures[key]
	if !known {
		a, b := p.before.subjects.receives(old), p.after.subjects.receives(now)
		same = len(a) == len(b)
		for _, c := range b {
			same = same && p.components[c] != none && slices.Contains(a, p.components[c])
		}
		p.sameClosures[key] = same
	}
	return same
}

// moved lists the nodes, of before and of after, that only one has or that are in other containers now.
func (p *pairing) moved() (old, now []uint32) {
	for m, n := range p.node {
		switch {
		case n == none:
			now = append(now, uint32(m))
		case !p.samePlace(n, uint32(m)):
			old, now = append(old, n), append(now, uint32(m))
		}
	}
	for n, m := range p.back {
		if m == none {
			old = append(old, uint32(n))
		}
	}
	return old, now
}

// samePlace reports whether the same containers are above two nodes that are the same thing.
func (p *pairing) samePlace(old, now uint32) bool {
	a, b := p.before.projectOf[old], p.after.projectOf[now]
	if a == none || b == none {
		return a == b
	}
	if p.node[p.after.projectStart[b]] != p.before.projectStart[a] {
		return false
	}
	setsA, setsB := p.before.setsOf.of(a), p.after.setsOf.of(b)
	same := len(setsA) == len(setsB)
	for _, set := range setsB {
		same = same && slices.Contains(setsA, p.node[set])
	}
	return same
}

// sameRows reports whether the same is granted to the same on two nodes.
func (p *pairing) sameRows(old, now uint32) bool {
	a, b := p.before.rows, p.after.rows
	firstA, lastA, firstB, lastB := a.start[old], a.start[old+1], b.start[now], b.start[now+1]
	if lastA-firstA != lastB-firstB || len(a.odd[old]) != len(b.odd[now]) {
		return false
	}
	for j := firstB; j < lastB; j++ {
		who := p.principal(b.who[j])
		i := firstA + (j - firstB)
		if a.who[i] != who { // the numbers of principals may be in another order
			i = firstA + uint32(seek(a.who[firstA:lastA], who))
		}
		if i == lastA || a.who[i] != who || a.low[i] != b.low[j] || now < p.after.firstProject && a.high[i] != b.high[j] {
			return false
		}
	}
	return len(a.odd[old]) == 0 || p.sameOdd(a.odd[old], b.odd[now])
}

// oddName is a row without a bit by its names, which both engines share.
type oddName struct {
	who        uint32
	permission braintrust.Permission
	restrict   braintrust.ObjectType
}

func (p *pairing) sameOdd(old, now []oddRow) bool {
	var a, b []oddName
	for _, row := range old {
		a = append(a, p.before.oddName(row, row.who))
	}
	for _, row := range now {
		b = append(b, p.after.oddName(row, p.principal(row.who)))
	}
	outside := func(in []oddName) func(oddName) bool {
		return func(one oddName) bool { return !slices.Contains(in, one) }
	}
	return !slices.ContainsFunc(a, outside(b)) && !slices.ContainsFunc(b, outside(a))
}

func (e *Engine) oddName(row oddRow, who uint32) oddName {
	one := oddName{who: who, restrict: e.types[row.restrict]}
	if row.permission < knownRights {
		one.permission = braintrust.Permissions()[row.permission]
		return one
	}
	for name, number := range e.rights.unknown {
		if number == row.permission {
			one.permission = name
		}
	}
	return one
}

// everybody lists the principals of both engines that are to be included, each with its numbers.
func (p *pairing) everybody(include Include, do func(who access.Principal, old, now uint32) bool) {
	a, b := p.before, p.after
	usersBack, groupsBack := inverse(p.users, len(a.userIDs)), inverse(p.groups, len(a.groupIDs))
	users := func(e *Engine, u uint32) bool {
		return int(u) < e.members && include&Users != 0 || int(u) >= e.members && include&Strangers != 0
	}
	for u, id := range a.userIDs {
		now := usersBack[u]
		if now != none {
			now = b.subjects.user(now)
		}
		if users(a, uint32(u)) && !do(userPrincipal(id), a.subjects.user(uint32(u)), now) {
			return
		}
	}
	for u, id := range b.userIDs {
		if old := p.users[u]; (old == none || !users(a, old)) && users(b, uint32(u)) {
			if old != none {
				old = a.subjects.user(old)
			}
			if !do(userPrincipal(id), old, b.subjects.user(uint32(u))) {
				return
			}
		}
	}
	if include&Groups == 0 {
		return
	}
	for g, id := range a.groupIDs {
		now := groupsBack[g]
		if now != none {
			now = b.subjects.component[now]
		}
		if !do(groupPrincipal(id), a.subjects.component[g], now) {
			return
		}
	}
	for g, id := range b.groupIDs {
		if p.groups[g] == none && !do(groupPrincipal(id), none, b.subjects.component[g]) {
			return
		}
	}
}

// inverse turns a translation round.
func inverse(to []uint32, n int) []uint32 {
	back := slices.Repeat([]uint32{none}, n)
	for i, target := range to {
		if target != none {
			back[target] = uint32(i)
		}
	}
	return back
}
