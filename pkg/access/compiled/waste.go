package compiled

import "slices"

// Waste says why a grant may go.
type Waste uint8

// The kinds of waste. A grant has one: the first that fits.
const (
	// Needed is no waste: without the grant somebody may do less.
	Needed Waste = iota
	// Powerless grants give nothing to anybody: what they name is gone, the role holds nothing, or the
	// restriction is to a type that the object neither has nor contains.
	Powerless
	// Redundant grants give nothing that other grants do not give the same principal. Each is so while all
	// others stay; Removable says which can go together. A group counts like its users: a grant to a group
	// is not redundant because every user of today has the same in another way, for the next one would not.
	Redundant
	// Unmanned grants are to a group that has no users, itself or inside it.
	Unmanned
)

// Waste judges every grant of the snapshot, in its order. What would change is counted for everybody, users
// and groups, on everything there is and everything that may be created inside organization, projects and
// project groups.
func (e *Engine) Waste() []Waste { return e.waste()[:e.given] }

// waste is Waste, with the built-in grants that no row lists behind the rest: these cannot be removed.
func (e *Engine) waste() []Waste {
	a := e.newAudit()
	found := make([]Waste, len(e.records))
	for i := range e.records {
		if e.records[i].node == none {
			found[i] = Powerless
		}
	}
	inShares(a.start, func(first, last uint32) {
		for node := first; node < last; node++ {
			for row := range a.rows(node) {
				a.judge(node, row, found)
			}
		}
	})
	for i := e.given; i < len(found); i++ {
		found[i] = Needed
	}
	return found
}

// Removable lists the grants that can all be removed and nothing changes, in the order of the snapshot: the
// powerless ones, and of the redundant ones as many as go together, so that none is left that could go, too.
// Narrow grants go before wide ones: objects before projects, users before groups, the later of two.
func (e *Engine) Removable() []int {
	found := e.waste()
	left := *e
	left.rows = e.rows.clone()
	a := (&left).newAudit()
	for node := uint32(len(e.kindOf)); node > 0; node-- {
		rows := slices.Collect(a.rows(node - 1))
		slices.Reverse(rows)
		for _, row := range rows {
			a.thin(node-1, row, found)
		}
	}
	var all []int
	for i, waste := range found {
		if waste == Powerless || waste == Redundant {
			all = append(all, i)
		}
	}
	return all
}

// CoveredBy lists the grants that give some of what a grant of the snapshot gives, to the same principal on
// the same node: all the reasons why a redundant one is. Built-in grants that no row lists are not named.
func (e *Engine) CoveredBy(grant int) []int {
	one := e.records[grant]
	if one.node == none {
		return nil
	}
	who, r, mine := e.subjects.principal(one.subject), e.reachOf(one.node), &e.rights.gifts[one.gift]
	var nodes []uint32
	for i := 0; ; i++ {
		n, more := e.above(one.node, i)
		if !more {
			break
		}
		nodes = append(nodes, n)
	}
	var all []int
	for i, other := range e.records[:e.given] {
		if i == grant || !slices.Contains(nodes, other.node) || !e.receivesFrom(who, e.subjects.principal(other.subject)) {
			continue
		}
		if r.share(mine, &e.rights.gifts[other.gift]) {
			all = append(all, i)
		}
	}
	return all
}
