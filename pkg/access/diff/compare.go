package diff

import (
	"math/bits"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Options are what a comparison is told beside the two states.
type Options struct {
	// Implied adds the grants of the built-in groups that a server gives without listing them, to both states
	// (access.State.AddImplied).
	Implied bool
	// Complete says that the later state lists every object of every project, so that one that is missing is
	// gone. Otherwise such an object is taken to be where it was.
	Complete bool
}

// most is how many permissions are compared at once: a set has so many bits.
const most = 64

// set is a set of permissions: bit i is the i-th of those that are compared.
type set uint64

// first is the number of the first permission.
func (s set) first() int { return bits.TrailingZeros64(uint64(s)) }

// change is what a principal gained and lost in one place.
type change struct{ gained, lost set }

func (c change) empty() bool { return c == change{} }

func (c change) without(other change) change {
	return change{c.gained &^ other.gained, c.lost &^ other.lost}
}

// Compare says what differs between two states of one organization: the same id, or the answer is that
// everything is gone and everything is new.
func Compare(before, after *access.Snapshot, o Options) *Report {
	al := align(before, after, o.Complete)
	c := &comparison{
		before: newSide(before, al.before, o.Implied), after: newSide(after, al.after, o.Implied),
		u: newUniverse(al, kinds(before, after)),
	}
	c.before.find(c.u)
	c.after.find(c.u)
	c.findRows(al)
	c.owners()
	named := union(c.before.state.NamedPermissions(), c.after.state.NamedPermissions())
	everybody := c.affected()
	g := newGrouping(c)
	c.known = len(braintrust.Permissions())
	for c.permissions = range slices.Chunk(named, most) {
		c.each(everybody, g.add)
		c.known = 0
		g.round++
	}
	c.report.Changes = g.changes()
	c.report.Appeared, c.report.Vanished, c.report.Renamed = al.appeared, al.vanished, al.renamed
	c.report.universe = c.u
	return &c.report
}

// comparison is one run of Compare.
type comparison struct {
	before, after *side
	u             *universe
	rows          map[access.Principal][]int32 // the places at which grants to a principal can make a difference
	touched       map[int32]bool               // those places at which grants differ, for whomever
	moved         []int32                      // the places where containers can, for everybody
	permissions   []braintrust.Permission      // of this round
	known         int                          // how many of them come first and have their bit in a mask
	report        Report
}

func union[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// owners notes who became an owner of the organization and who is one no more.
func (c *comparison) owners() {
	were, are := c.before.state.Owners(), c.after.state.Owners()
	for _, id := range are {
		if !slices.Contains(were, id) {
			c.report.BecameOwner = append(c.report.BecameOwner, access.Principal{Kind: access.PrincipalUser, ID: id})
		}
	}
	for _, id := range were {
		if !slices.Contains(are, id) {
			c.report.NoLongerOwner = append(c.report.NoLongerOwner, access.Principal{Kind: access.PrincipalUser, ID: id})
		}
	}
}
