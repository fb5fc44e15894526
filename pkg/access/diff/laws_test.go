package diff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// What was done and undone leaves no difference, although grants have new ids and lists another order then.
func TestApplyThenRevertIsNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, _ := pair(t)
		reverted := *before
		reverted.ACLs = firsts(before.ACLs, func(a braintrust.ACL) string { return a.ID })
		for i := range reverted.ACLs {
			reverted.ACLs[i].ID = fmt.Sprint("again", i)
		}
		random := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		random.Shuffle(len(reverted.ACLs), func(i, j int) { reverted.ACLs[i], reverted.ACLs[j] = reverted.ACLs[j], reverted.ACLs[i] })
		if r := diff.Compare(before, &reverted, options(t)); !r.Empty() || len(r.Renamed) > 0 {
			t.Fatalf("%+v", *r)
		}
	})
}

// firsts keeps the first of each id, as access.State does with grants.
func firsts[T any](list []T, id func(T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(item T) bool {
		again := seen[id(item)]
		seen[id(item)] = true
		return again
	})
}

// A difference told the other way round is the same with gains and losses exchanged, as long as the same
// things exist.
func TestTheOtherWayRound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, _ := pair(t)
		after := *before
		after.ACLs = altered(t, before.ACLs, func() braintrust.ACL { return newParts().acl(t) })
		o := options(t)
		there, back := map[diff.Cell]bool{}, map[diff.Cell]bool{}
		for cell := range diff.Compare(before, &after, o).Cells() {
			there[cell] = true
		}
		for cell := range diff.Compare(&after, before, o).Cells() {
			cell.Gained = !cell.Gained
			back[cell] = true
		}
		for cell := range there {
			if !back[cell] {
				t.Fatalf("%v only there", cell)
			}
		}
		if len(there) != len(back) {
			t.Fatalf("%d there, %d back", len(there), len(back))
		}
	})
}

// Every reason is a proof in the state that has the right, all proofs are told, and each names a link that
// the other state lacks.
func TestReasonsAreTheProofs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := pair(t)
		implied := rapid.Bool().Draw(t, "implied")
		was, is := newWorld(before, implied), newWorld(after, implied)
		for _, c := range diff.Compare(before, after, diff.Options{Implied: implied}).Changes {
			state := is
			if !c.Gained {
				state = was
			}
			told := map[string]bool{}
			for _, r := range c.Through {
				if len(r.Changed) == 0 {
					t.Fatalf("%+v: nothing in %+v is due to a change", c, r)
				}
				for _, id := range r.ACLs {
					told[id] = true
				}
			}
			proved := map[string]bool{}
			for _, p := range c.Principals {
				for _, place := range c.Places {
					for _, permission := range c.Permissions {
						n, child := place.Node, place.Child
						if child == "project_log" && n.Type == "project" {
							n, child = access.Node{Type: child, ID: n.ID}, ""
						}
						for _, path := range state.Trace(p).Explain(permission, n, child).Paths {
							proved[path.ACL.ID] = true
						}
					}
				}
			}
			if fmt.Sprint(told) != fmt.Sprint(proved) {
				t.Fatalf("%+v: told %v, proved %v", c, told, proved)
			}
		}
	})
}
