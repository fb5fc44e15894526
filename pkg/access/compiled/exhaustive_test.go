package compiled_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// Every cell of organizations with up to 12 users, 40 objects and all types, by every way to ask. Run with
// -rapid.checks=2500 there are four shares of it, 10,000 organizations: `scripts/check.sh equality`.
func TestEveryCellEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	shares := 4
	if flag.Lookup("rapid.checks").Value.String() == flag.Lookup("rapid.checks").DefValue {
		shares = 1
	}
	for share := range shares {
		t.Run(fmt.Sprint(share), func(t *testing.T) {
			t.Parallel()
			w := wide()
			rapid.Check(t, func(t *rapid.T) {
				s := w.organization(t)
				x := newTruth(w, access.NewState(s))
				engine := compiled.Compile(s)
				x.equalChecks(t, engine)
				x.equalNames(t, engine)
				x.equalLists(t, engine, listable(s, x.state))
				x.equalMatrix(t, engine, listable(s, x.state))
			})
		})
	}
}

// truth is what the definition says about an organization: who holds what where.
type truth struct {
	state       *access.State
	principals  []access.Principal
	number      map[access.Principal]int
	nodes       []access.Node
	permissions []braintrust.Permission // the known ones first
	held        map[access.Node][]rights
}

// rights is a set of permissions: bit i is the i-th of truth.permissions.
type rights uint32

func newTruth(w world, state *access.State) *truth {
	x := &truth{
		state: state, principals: principals(w), number: map[access.Principal]int{}, nodes: nodes(w),
		permissions: append(permissions(), "unheard of", ""), held: map[access.Node][]rights{},
	}
	for i, p := range x.principals {
		x.number[p] = i
	}
	for _, n := range x.nodes {
		x.held[n] = make([]rights, len(x.principals))
		for i, permission := range x.permissions {
			for p := range state.Holders(permission, n) {
				x.held[n][x.number[p]] |= 1 << i
			}
		}
	}
	return x
}

// equalChecks compares checks, masks and checks without names. Of each organization some cells are asked of
// the definition one by one: it has to agree with itself.
func (x *truth) equalChecks(t *rapid.T, engine *compiled.Engine) {
	sampled := rapid.IntRange(0, 30).Draw(t, "sampled")
	for i, p := range x.principals {
		subject, named := engine.Subject(p)
		for j, n := range x.nodes {
			held := x.held[n][i]
			if got := engine.Effective(p, n); got != compiled.Mask(held) {
				t.Fatalf("Effective(%v, %v): got %v, want %v", p, n, got.Permissions(), compiled.Mask(held).Permissions())
			}
			place, exists := engine.Place(n)
			for bit, permission := range x.permissions {
				want := held&(1<<bit) != 0
				if got := engine.Check(p, permission, n); got != want {
					t.Fatalf("Check(%v, %q, %v): got %v", p, permission, n, got)
				}
				if mask := compiled.MaskOf(permission); mask != 0 && (named && exists && engine.Holds(subject, mask, place)) != want {
					t.Fatalf("Holds(%v, %q, %v): not %v", p, permission, n, want)
				}
				if (i+j)%31 != sampled {
					continue
				}
				if x.state.Allowed(p, permission, n) != want || x.state.Explain(p, permission, n).Allowed != want {
					t.Fatalf("Allowed or Explain(%v, %q, %v): not what Holders says", p, permission, n)
				}
			}
		}
	}
}

func (x *truth) equalNames(t *rapid.T, engine *compiled.Engine) {
	for _, n := range x.nodes {
		got := make([]rights, len(x.principals))
		for bit, permission := range x.permissions {
			for p := range engine.WhoCan(permission, n, compiled.Everybody) {
				got[x.number[p]] |= 1 << bit
			}
		}
		if !slices.Equal(x.held[n], got) {
			t.Fatalf("WhoCan on %v, of %v: got %b, want %b", n, x.principals, got, x.held[n])
		}
	}
}

func (x *truth) equalLists(t *rapid.T, engine *compiled.Engine, there map[access.Node]bool) {
	for i, p := range x.principals {
		want := map[access.Node]compiled.Mask{}
		for n := range there {
			if held := compiled.Mask(x.held[n][i]); held != 0 {
				want[n] = held
			}
		}
		if got := maps.Collect(engine.List(p, compiled.AllKnown)); !maps.Equal(got, want) {
			t.Fatalf("List(%v): %s", p, cmp.Diff(want, got))
		}
	}
}

func (x *truth) equalMatrix(t *rapid.T, engine *compiled.Engine, there map[access.Node]bool) {
	want, got := map[cell]compiled.Counts{}, map[cell]compiled.Counts{}
	for n := range there {
		project := projectOf(x.state, n)
		if project == "" {
			continue
		}
		for i, p := range x.principals {
			held := compiled.Mask(x.held[n][i])
			if held == 0 {
				continue
			}
			counts := want[cell{p, project}]
			for bit := range counts {
				counts[bit] += uint32(held >> bit & 1)
			}
			want[cell{p, project}] = counts
		}
	}
	for row := range engine.Matrix(compiled.Everybody) {
		for _, c := range row.Cells {
			got[cell{row.Principal(c), row.Project.ID}] = row.Counts(c)
		}
	}
	if !maps.Equal(got, want) {
		t.Fatalf("matrix: %s", cmp.Diff(want, got, cmp.AllowUnexported(cell{})))
	}
}

// projectOf is the project that a node is or is in, "" when it is in none.
func projectOf(state *access.State, n access.Node) string {
	if n.Type == braintrust.ObjectProject || n.Type == braintrust.ObjectProjectLog {
		return n.ID
	}
	if parents := state.Parents(n); len(parents) == 1 && parents[0].Type == braintrust.ObjectProject {
		return parents[0].ID
	}
	return ""
}
