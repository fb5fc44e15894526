package compiled

import (
	"slices"

	"btadmin/pkg/braintrust"
)

// tuple is a permission and a restriction that have no bit in a word: one of them is not known to this
// program, or the word has no lane for the type.
type tuple struct {
	permission uint32
	restrict   kind // kindAny is no restriction
}

func (t tuple) reaches(k kind) bool { return t.restrict == kindAny || t.restrict == k }

// gift is what a grant gives: a word for the types of a project, one for those of the organization, and what
// fits in neither.
type gift struct {
	low, high word
	odd       []tuple
}

func (g *gift) add(other *gift) {
	g.low |= other.low
	g.high |= other.high
	for _, t := range other.odd {
		if !slices.Contains(g.odd, t) {
			g.odd = append(g.odd, t)
		}
	}
}

// tuples lists everything that a gift gives.
func (g *gift) tuples() []tuple {
	all := slices.Clone(g.odd)
	for permission := range uint32(knownRights) {
		if g.low&bitIn(kindAny, permission) != 0 {
			all = append(all, tuple{permission, kindAny})
			continue
		}
		for k := range kindUnknown {
			if words := [2]word{g.low, g.high}; words[k/lanesPerWord]&bitIn(k, permission) != 0 {
				all = append(all, tuple{permission, k})
			}
		}
	}
	return all
}

// giftOf is what one tuple gives.
func giftOf(t tuple) gift {
	switch {
	case t.permission >= knownRights || t.restrict >= kindUnknown:
		return gift{odd: []tuple{t}}
	case t.restrict == kindAny:
		all := everyLane << t.permission
		return gift{low: all, high: all}
	case t.restrict < kindAny:
		return gift{low: bitIn(t.restrict, t.permission)}
	}
	return gift{high: bitIn(t.restrict, t.permission)}
}

// rights numbers permissions and holds every gift: those of tuples as they are met, and those of roles.
type rights struct {
	unknown map[braintrust.Permission]uint32
	gifts   []gift
	tuples  map[tuple]uint32 // to gifts
	roles   []uint32         // live role to gift
}

// newRights makes the gifts of all tuples that have a bit; usual finds them.
func newRights() *rights {
	r := &rights{unknown: map[braintrust.Permission]uint32{}, tuples: map[tuple]uint32{}}
	for permission := range uint32(knownRights) {
		for k := range kindUnknown {
			r.gifts = append(r.gifts, giftOf(tuple{permission, k}))
		}
	}
	return r
}

// usual is the gift of a tuple that has a bit.
func (r *rights) usual(permission, restrict uint32) uint32 { return permission*kindUnknown + restrict }

// permission numbers a permission, new or not.
func (r *rights) permission(p braintrust.Permission) uint32 {
	n, known := r.find(p)
	if !known {
		n = knownRights + uint32(len(r.unknown))
		r.unknown[p] = n
	}
	return n
}

// find is permission for one that may not be in the snapshot.
func (r *rights) find(p braintrust.Permission) (uint32, bool) {
	if bit, known := right(p); known {
		return bit, true
	}
	n, known := r.unknown[p]
	return n, known
}

// gift numbers the gift of any tuple.
func (r *rights) gift(t tuple) uint32 {
	if t.permission < knownRights && t.restrict < kindUnknown {
		return r.usual(t.permission, t.restrict)
	}
	n, known := r.tuples[t]
	if !known {
		n = uint32(len(r.gifts))
		r.tuples[t] = n
		r.gifts = append(r.gifts, giftOf(t))
	}
	return n
}

// addRoles closes the roles over their member roles at any depth. Roles on a cycle give the same.
func (r *rights) addRoles(d *directory, roles []*braintrust.Role) {
	edges := newLists(len(roles))
	for _, role := range roles {
		for _, id := range role.MemberRoles {
			if inner, live := d.roles.get(id); live {
				edges.items = append(edges.items, inner)
			}
		}
		edges.close()
	}
	of, count := components(&edges)
	whole := make([]gift, count)
	byComponent := (&lists{start: upTo(len(roles)), items: of}).inverse(count)
	for c := range uint32(count) {
		for _, i := range byComponent.of(c) {
			for _, m := range roles[i].MemberPermissions {
				one := giftOf(tuple{r.permission(m.Permission), d.addKind(m.RestrictObjectType)})
				whole[c].add(&one)
			}
			for _, inner := range edges.of(i) {
				if of[inner] != c {
					whole[c].add(&whole[of[inner]])
				}
			}
		}
	}
	first := uint32(len(r.gifts))
	r.gifts = append(r.gifts, whole...)
	r.roles = make([]uint32, len(roles))
	for i, c := range of {
		r.roles[i] = first + c
	}
}
