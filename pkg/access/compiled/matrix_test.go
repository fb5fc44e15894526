package compiled_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

type cell struct {
	principal access.Principal
	project   string
}

// countedBy asks the definition about every node of every project.
func countedBy(s *access.Snapshot, state *access.State, w world) map[cell]compiled.Counts {
	all := map[cell]compiled.Counts{}
	for n := range listable(s, state) {
		project := n.ID
		switch n.Type {
		case "project", "project_log":
		default:
			parents := state.Parents(n)
			if len(parents) != 1 || parents[0].Type != "project" {
				continue
			}
			project = parents[0].ID
		}
		for _, p := range principals(w) {
			held := compiled.MaskOf(state.Effective(p, n)...)
			counts := all[cell{p, project}]
			for i, permission := range braintrust.Permissions() {
				if held.Has(permission) {
					counts[i]++
				}
			}
			if held != 0 {
				all[cell{p, project}] = counts
			}
		}
	}
	return all
}

func TestMatrixEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s, state, engine := pair(t)
		include := compiled.Include(rapid.IntRange(1, 7).Draw(t, "include"))
		listed := map[string]bool{}
		for _, u := range s.Users {
			listed[u.ID] = true
		}
		want := countedBy(s, state, w)
		for c := range want {
			kind := compiled.Groups
			if c.principal.Kind == access.PrincipalUser {
				kind = compiled.Strangers
				if listed[c.principal.ID] {
					kind = compiled.Users
				}
			}
			if include&kind == 0 {
				delete(want, c)
			}
		}
		got := map[cell]compiled.Counts{}
		for row := range engine.Matrix(include) {
			for _, c := range row.Cells {
				key := cell{row.Principal(c), row.Project.ID}
				if _, twice := got[key]; twice {
					t.Fatalf("two cells of %v", key)
				}
				got[key] = row.Counts(c)
				if c.Own() != engine.Effective(key.principal, row.Project) {
					t.Fatalf("%v: on the project %v", key, c.Own().Permissions())
				}
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(cell{})); diff != "" {
			t.Fatalf("matrix of %b (-want +got):\n%s", include, diff)
		}
	})
}

// Not parallel: it looks at all goroutines.
func TestMatrixCanBeLeft(t *testing.T) {
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}, Users: []braintrust.User{{ID: "u0"}}}
	for _, id := range pool("p", 300) {
		s.Projects = append(s.Projects, braintrust.Project{ID: id})
	}
	engine := compiled.Compile(s)
	before := goleak.IgnoreCurrent()
	for range engine.Matrix(compiled.Users) {
		break
	}
	goleak.VerifyNone(t, before)
	rows := 0
	for row := range engine.Matrix(compiled.Everybody) {
		if want := s.Projects[rows].ID; row.Project.ID != want {
			t.Fatalf("row %d is %v, want %s", rows, row.Project, want)
		}
		rows++
	}
	if rows != len(s.Projects) {
		t.Fatalf("%d rows", rows)
	}
}

// What is held on a whole project is not counted again on its objects, nothing leaks into the next project,
// and more objects than fit in a byte are counted.
func TestMatrixWorkedOutByHand(t *testing.T) {
	t.Parallel()
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: org},
		Users:        []braintrust.User{{ID: "u"}},
		Groups:       []braintrust.Group{{ID: "g", MemberUsers: []string{"u"}}},
		Projects:     []braintrust.Project{{ID: "first"}, {ID: "second"}, {ID: "third"}},
	}
	for _, id := range pool("x", 300) {
		s.Objects = append(s.Objects, access.Object{Kind: braintrust.KindExperiment, Object: braintrust.Object{ID: id, ProjectID: "first"}})
	}
	u, g := access.Principal{Kind: access.PrincipalUser, ID: "u"}, access.Principal{Kind: access.PrincipalGroup, ID: "g"}
	for i, item := range []braintrust.ACLItem{
		access.GrantItem(g, access.Node{Type: "project", ID: "first"}, access.Tuple{Permission: "read"}),
		access.GrantItem(u, access.Node{Type: "experiment", ID: "x0"}, access.Tuple{Permission: "read"}),
		access.GrantItem(u, access.Node{Type: "experiment", ID: "x0"}, access.Tuple{Permission: "update"}),
		access.GrantItem(g, access.Node{Type: "experiment", ID: "x0"}, access.Tuple{Permission: "update"}),
		access.GrantItem(u, access.Node{Type: "experiment", ID: "x1"}, access.Tuple{Permission: "update"}),
		access.GrantItem(u, access.Node{Type: "project", ID: "second"}, access.Tuple{Permission: "delete", Restrict: "project_log"}),
	} {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: pool("a", 9)[i], ACLItem: item})
	}
	got := map[cell]compiled.Counts{}
	for row := range compiled.Compile(s).Matrix(compiled.Everybody) {
		for _, c := range row.Cells {
			got[cell{row.Principal(c), row.Project.ID}] = row.Counts(c)
		}
	}
	want := map[cell]compiled.Counts{ // create, read, update, delete, ...
		{u, "first"}:  {0, 302, 2, 0},
		{g, "first"}:  {0, 302, 1, 0},
		{u, "second"}: {0, 0, 0, 1},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(cell{})); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}
