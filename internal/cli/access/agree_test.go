package access

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"btadmin/internal/orgview"
	"btadmin/internal/resolve"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

func demo(t *testing.T) *orgview.View {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	orgs, err := braintrust.Collect(client.Organizations(t.Context(), braintrust.OrganizationFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	view, err := orgview.Live(t.Context(), client, orgs[0], "127.0.0.1", time.Now(), orgview.Options{Objects: true})
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// check, explain, who-can, list and matrix say the same about everybody, every place and every permission of
// the demo organization.
func TestEveryQuestionHasOneAnswer(t *testing.T) {
	t.Parallel()
	v := demo(t)
	matrix := map[string][]braintrust.Permission{} // by principal and place
	for _, by := range []string{byProject, byPrincipal} {
		found := map[string][]braintrust.Permission{}
		for c, err := range newGrid(v, by).rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			found[fmt.Sprint(c.PrincipalID, c.ObjectType, c.ObjectID, "")] = c.Access
			for child, held := range c.Inside {
				found[fmt.Sprint(c.PrincipalID, c.ObjectType, c.ObjectID, child)] = held
			}
		}
		if by == byPrincipal && fmt.Sprint(found) != fmt.Sprint(matrix) {
			t.Error("the matrix depends on its order")
		}
		matrix = found
	}
	places, parents := diff.Places(v.Snapshot)
	grid := newGrid(v, byProject)
	cells, yes, members := 0, 0, 0
	for _, w := range grid.principals {
		who := resolve.Named{Principal: w.Principal}
		trace := v.State().Trace(w.Principal)
		listed := map[string][]braintrust.Permission{}
		for _, h := range holdings(v, who, nil, nil, true) {
			listed[fmt.Sprint(h.ObjectType, h.ObjectID, h.ChildType)] = h.Permissions
		}
		brief := map[string]bool{}
		for _, h := range holdings(v, who, nil, nil, false) {
			brief[fmt.Sprint(h.ObjectType, h.ObjectID, h.ChildType)] = true
		}
		for i, place := range places {
			key := fmt.Sprint(place.Node.Type, place.Node.ID, place.Child)
			cell, inMatrix := matrix[w.ID+key]
			for _, permission := range braintrust.Permissions() {
				one := partOf(place, permission)
				why := one.explain(trace)
				want := len(why.Paths) > 0 // by grants; what every member may is told by some commands only
				if why.byMembership == want && why.Allowed {
					t.Errorf("%v %s %v: allowed by membership %v, by grants %v", w.Principal, permission, place, why.byMembership, want)
				}
				told := slices.ContainsFunc(holders(v, question{word: "x", parts: []part{one}}), func(h whoCanRow) bool {
					return h.PrincipalID == w.ID && h.PrincipalType == string(w.Kind)
				})
				if told != why.Allowed {
					t.Errorf("%v %s %v: who-can says %v, explain %v", w.Principal, permission, place, told, why.Allowed)
				}
				if got := slices.Contains(listed[key], permission); got != why.Allowed {
					t.Errorf("%v %s %v: list says %v, explain %v", w.Principal, permission, place, got, why.Allowed)
				}
				if !inMatrix && single(place.Node.Type) && parents[i] >= 0 { // no more than its kind
					above := partOf(places[parents[i]], permission)
					if got := len(above.explain(trace).Paths) > 0; got != want {
						t.Errorf("%v %s %v: missing in the matrix, and %v above", w.Principal, permission, place, got)
					}
				} else if got := slices.Contains(cell, permission); got != want {
					t.Errorf("%v %s %v: matrix says %v, explain %v", w.Principal, permission, place, got, want)
				}
				if parents[i] >= 0 && want && !brief[key] {
					above := partOf(places[parents[i]], permission)
					if len(above.explain(trace).Paths) == 0 {
						t.Errorf("%v %s %v: list leaves it out", w.Principal, permission, place)
					}
				}
				cells++
				if want {
					yes++
				}
				if why.byMembership {
					members++
				}
			}
		}
	}
	if cells < 10_000 || yes < 1_000 || members < 10 {
		t.Fatalf("only %d cells, %d of them yes, %d by membership", cells, yes, members)
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for want, held := range map[string][]braintrust.Permission{
		"":          nil,
		"crudM":     braintrust.Permissions(),
		".r...":     {"read"},
		"c...m":     {"create", "read_acls", "delete_acls"},
		".r..M":     {"read", "create_acls", "read_acls", "update_acls", "delete_acls"},
		".....+fly": {"fly"},
	} {
		if got := letters(held); got != want {
			t.Errorf("%v: got %q, want %q", held, got, want)
		}
	}
}
