package diff

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// grouping gathers the differences of principals and makes the changes of a report: what is the same for
// several is told once.
type grouping struct {
	c        *comparison
	round    int32 // of permissions
	who      []access.Principal
	throughs map[string]int32 // reasons, joined, to their number
	reasons  map[reasonKey]int32
	proofs   map[proof]int32
	proof    []proof
	classes  map[class]*members
	order    []class
}

// class is what the principals and places of one or several changes have in common.
type class struct {
	gained      bool
	through     int32
	permissions set
	round       int32 // whose permissions these are
}

// members are the pairs of a principal and a place that belong to a class.
type members struct {
	named []braintrust.Permission // of the round
	pairs []pair
}

// pair is a principal and a place, with the ways that lead there and what the line does not reach.
type pair struct {
	who    int32
	place  int32
	proofs []int32
	except []exception
}

// exception is an Exception in numbers; in a pair, who is that of the pair, in a change the position among its
// principals.
type exception struct {
	who, place  int32
	permissions set
}

func newGrouping(c *comparison) *grouping {
	return &grouping{
		c: c, throughs: map[string]int32{}, reasons: map[reasonKey]int32{}, proofs: map[proof]int32{}, classes: map[class]*members{},
	}
}

// add enters what one principal gained and lost.
func (g *grouping) add(d difference) {
	if len(d.lines) == 0 {
		return
	}
	who := int32(len(g.who))
	g.who = append(g.who, d.who)
	for _, l := range d.lines {
		g.addLine(d, who, l, true)
		g.addLine(d, who, l, false)
	}
}

// addLine enters the permissions of a line by what they are due to.
func (g *grouping) addLine(d difference, who int32, l line, gained bool) {
	permissions, ways := l.gained, l.gains
	if !gained {
		permissions, ways = l.lost, l.losses
	}
	type part struct {
		permissions set
		proofs      []int32
	}
	parts := map[int32]*part{}
	var order []int32
	for left := permissions; left != 0; left &= left - 1 {
		i := left.first()
		proofs := g.number(ways[0])
		ways = ways[1:]
		through := g.through(proofs)
		if parts[through] == nil {
			parts[through] = &part{}
			order = append(order, through)
		}
		parts[through].permissions |= 1 << i
		parts[through].proofs = append(parts[through].proofs, proofs...)
	}
	for _, through := range order {
		p := parts[through]
		slices.Sort(p.proofs)
		one := pair{who: who, place: l.place, proofs: slices.Compact(p.proofs)}
		for _, m := range d.misses {
			missed := m.gained
			if !gained {
				missed = m.lost
			}
			if m.under == l.place && missed&p.permissions != 0 {
				one.except = append(one.except, exception{place: m.place, permissions: missed & p.permissions})
			}
		}
		key := class{gained, through, p.permissions, g.round}
		if g.classes[key] == nil {
			g.classes[key] = &members{named: g.c.permissions}
			g.order = append(g.order, key)
		}
		g.classes[key].pairs = append(g.classes[key].pairs, one)
	}
}

// number numbers the ways to a right.
func (g *grouping) number(proofs []proof) []int32 {
	out := make([]int32, len(proofs))
	for i, p := range proofs {
		n, known := g.proofs[p]
		if !known {
			n = int32(len(g.proof))
			g.proofs[p] = n
			g.proof = append(g.proof, p)
		}
		out[i] = n
	}
	return out
}

// through numbers the set of reasons behind some ways.
func (g *grouping) through(proofs []int32) int32 {
	var reasons []int32
	for _, n := range proofs {
		key := g.proof[n].reasonKey
		number, known := g.reasons[key]
		if !known {
			number = int32(len(g.reasons))
			g.reasons[key] = number
		}
		reasons = append(reasons, number)
	}
	slices.Sort(reasons)
	key := joined(slices.Compact(reasons))
	number, known := g.throughs[key]
	if !known {
		number = int32(len(g.throughs))
		g.throughs[key] = number
	}
	return number
}

// joined is a list of numbers as a key.
func joined(numbers []int32) string {
	var key []byte
	for _, n := range numbers {
		key = binary.LittleEndian.AppendUint32(key, uint32(n))
	}
	return string(key)
}

// list names the permissions of a set.
func (s set) list(named []braintrust.Permission) []braintrust.Permission {
	var out []braintrust.Permission
	for ; s != 0; s &= s - 1 {
		out = append(out, named[s.first()])
	}
	return out
}

// changes makes the changes.
func (g *grouping) changes() []Change {
	type placed struct {
		Change
		first int32
	}
	var all []placed
	for _, key := range g.order {
		m := g.classes[key]
		for _, pairs := range m.split() {
			all = append(all, placed{g.change(key, m, pairs), slices.MinFunc(pairs, func(a, b pair) int { return cmp.Compare(a.place, b.place) }).place})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(
			gainsFirst(a.Gained)-gainsFirst(b.Gained), cmp.Compare(a.first, b.first),
			cmp.Compare(len(b.Principals), len(a.Principals)), cmp.Compare(len(b.Permissions), len(a.Permissions)),
			comparePrincipals(a.Principals[0], b.Principals[0]),
		)
	})
	var out []Change
	for _, one := range all {
		out = append(out, one.Change)
	}
	return out
}

func gainsFirst(gained bool) int {
	if gained {
		return 0
	}
	return 1
}

// split cuts the pairs of a class into products of principals and places, in the way that gives fewer:
// principals with the same places, or places with the same principals.
func (m *members) split() [][]pair {
	byWho := products(m.pairs, func(p pair) (of, in int32) { return p.who, p.place })
	byPlace := products(m.pairs, func(p pair) (of, in int32) { return p.place, p.who })
	if len(byPlace) < len(byWho) {
		return byPlace
	}
	return byWho
}

// products gathers what has the same list.
func products(pairs []pair, sides func(pair) (of, in int32)) [][]pair {
	lists := map[int32][]pair{}
	var order []int32
	for _, p := range pairs {
		of, _ := sides(p)
		if lists[of] == nil {
			order = append(order, of)
		}
		lists[of] = append(lists[of], p)
	}
	slices.Sort(order)
	var out [][]pair
	known := map[string]int{}
	for _, of := range order {
		var in []int32
		for _, p := range lists[of] {
			_, other := sides(p)
			in = append(in, other)
		}
		slices.Sort(in)
		key := joined(in)
		at, met := known[key]
		if !met {
			at = len(out)
			known[key] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], lists[of]...)
	}
	return out
}

// change makes one change of a product.
func (g *grouping) change(key class, m *members, pairs []pair) Change {
	out := Change{Gained: key.gained, Permissions: key.permissions.list(m.named), named: m.named, u: g.c.u}
	who, places, used := map[int32]bool{}, map[int32]bool{}, map[int32]bool{}
	for _, p := range pairs {
		who[p.who], places[p.place] = true, true
		for _, n := range p.proofs {
			used[n] = true
		}
	}
	position := map[int32]int32{} // principals are numbered in their order
	for _, n := range sortedNumbers(who) {
		position[n] = int32(len(out.Principals))
		out.Principals = append(out.Principals, g.who[n])
	}
	for _, at := range sortedNumbers(places) {
		out.Places = append(out.Places, g.c.u.places[at])
	}
	for _, p := range pairs {
		for _, e := range p.except {
			e.who = position[p.who]
			out.except = append(out.except, e)
		}
	}
	out.Through = g.reasonsOf(used)
	return out
}

// reasonsOf makes the reasons of some ways.
func (g *grouping) reasonsOf(used map[int32]bool) []Reason {
	byKey := map[reasonKey]*Reason{}
	links := map[reasonKey]links{}
	for _, n := range sortedNumbers(used) {
		p := g.proof[n]
		r := byKey[p.reasonKey]
		if r == nil {
			r = &Reason{Group: p.group, On: p.on, Role: p.role, BuiltIn: p.builtIn}
			byKey[p.reasonKey] = r
		}
		links[p.reasonKey] |= p.changed
		r.ACLs = append(r.ACLs, p.acl)
		if via := splitIDs(p.via); p.via != "" && !slices.ContainsFunc(r.Via, func(v []access.Principal) bool { return slices.Equal(v, via) }) {
			r.Via = append(r.Via, via)
		}
	}
	var out []Reason
	for _, key := range slices.SortedFunc(maps.Keys(byKey), compareReasons) {
		r := byKey[key]
		r.Changed = links[key].list()
		slices.Sort(r.ACLs)
		r.ACLs = slices.Compact(r.ACLs)
		slices.SortFunc(r.Via, func(a, b []access.Principal) int {
			return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, comparePrincipals))
		})
		out = append(out, *r)
	}
	return out
}

func sortedNumbers(set map[int32]bool) []int32 { return slices.Sorted(maps.Keys(set)) }
