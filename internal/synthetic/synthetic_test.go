package synthetic_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

func TestSameSeedSameOrganization(t *testing.T) {
	t.Parallel()
	first, second := synthetic.Organization(synthetic.Small(), 7), synthetic.Organization(synthetic.Small(), 7)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Fatal(diff)
	}
	if other := synthetic.Organization(synthetic.Small(), 8); cmp.Equal(first.ACLs, other.ACLs) {
		t.Fatal("the seed does not matter")
	}
}

// What the generator never makes, no comparison can find wrong.
func TestEverythingHardIsMade(t *testing.T) {
	t.Parallel()
	size := synthetic.Medium()
	size.Cycles = true
	s := synthetic.Organization(size, 1)
	if len(s.ACLs) != size.ACLs || len(s.Users) != size.Users || len(s.Groups) != size.Groups {
		t.Fatalf("%d grants, %d users, %d groups", len(s.ACLs), len(s.Users), len(s.Groups))
	}
	state := access.NewState(s)
	found := map[string]bool{}
	items := map[braintrust.ACLItem]bool{}
	for _, a := range s.ACLs {
		found["on "+string(a.ObjectType)] = true
		found["twice"] = found["twice"] || items[a.ACLItem]
		items[a.ACLItem] = true
		found["on nothing"] = found["on nothing"] || !state.Exists(access.NodeOf(a.ACLItem))
	}
	objects := map[string]int{}
	for _, o := range s.Objects {
		objects[o.ProjectID]++
	}
	for _, p := range s.Projects {
		found["empty project"] = found["empty project"] || objects[p.ID] == 0
		found["huge project"] = found["huge project"] || objects[p.ID] > 255
		found["deleted project"] = found["deleted project"] || p.DeletedAt != nil
		found["project groups"] = found["project groups"] || len(state.Parents(access.Node{Type: "project", ID: p.ID})) > 2
	}
	for _, g := range s.Groups {
		found["empty group"] = found["empty group"] || len(g.MemberUsers)+len(g.MemberGroups) == 0
		for _, inner := range g.MemberGroups {
			if other, live := state.Group(inner); live {
				found["cycle"] = found["cycle"] || slices.Contains(other.MemberGroups, g.ID)
			}
		}
	}
	for _, want := range []string{
		"on organization", "on org_project", "on org_member", "on org_audit_logs", "on org_ai_secret", "on project", "on project_log",
		"on experiment", "on dataset", "on prompt", "on prompt_session", "on group", "on role", "on project_group", "on nothing", "twice",
		"empty project", "huge project", "deleted project", "project groups", "empty group", "cycle",
	} {
		if !found[want] {
			t.Errorf("nothing is %q", want)
		}
	}
}

// What is deleted and still named, what lists name twice, and the shares that sizes promise.
func TestSharesAndLeftovers(t *testing.T) {
	t.Parallel()
	s := synthetic.Organization(synthetic.Medium(), 1)
	gone := map[string]string{}
	for _, g := range s.Groups {
		if g.DeletedAt != nil {
			gone[g.ID] = "group"
		}
	}
	for _, r := range s.Roles {
		if r.DeletedAt != nil {
			gone[r.ID] = "role"
		}
	}
	for _, p := range s.Projects {
		if p.DeletedAt != nil {
			gone[p.ID] = "project"
		}
	}
	for _, o := range s.Objects {
		if o.DeletedAt != nil {
			gone[o.ID] = "object"
		}
	}
	for _, set := range s.ProjectGroups {
		if set.DeletedAt != nil {
			gone[set.ID] = "project group"
		}
	}
	left, inProjects, creators, onObjects, direct := map[string]bool{}, 0, 0, 0, 0
	for _, a := range s.ACLs {
		left[gone[a.ObjectID]+" as object"], left[gone[a.GroupID]+" as subject"], left[gone[a.RoleID]+" given"] = true, true, true
		switch a.ObjectType {
		case "project":
			inProjects++
			if a.UserID != "" {
				direct++
			}
		case "experiment", "dataset", "prompt", "prompt_session":
			onObjects++
			if a.UserID != "" && a.RoleID == s.Roles[0].ID {
				creators++
			}
		}
	}
	for _, want := range []string{
		"group as subject", "group as object", "role given", "role as object", "project as object", "object as object", "project group as object",
	} {
		if !left[want] {
			t.Errorf("no grant has a deleted %s", want)
		}
	}
	near := func(what string, part, whole int, want float64) {
		if share := float64(part) / float64(whole); share < want-0.05 || share > want+0.05 {
			t.Errorf("%s: %.2f, want about %.2f", what, share, want)
		}
	}
	near("grants on projects", inProjects, len(s.ACLs), 0.7)
	near("direct ones among them", direct, inProjects, 0.1)
	near("creators' grants among those on objects", creators, onObjects, 0.6)
	near("service accounts", len(s.Tokens), len(s.Users), 0.02)
	depth := map[string]int{}
	var deep func(id string) int
	groups := map[string]braintrust.Group{}
	for _, g := range s.Groups {
		groups[g.ID] = g
	}
	deep = func(id string) int {
		if depth[id] == 0 {
			depth[id] = 1
			for _, inner := range groups[id].MemberGroups {
				depth[id] = max(depth[id], 1+deep(inner))
			}
		}
		return depth[id]
	}
	deepest := 0
	for id := range groups {
		deepest = max(deepest, deep(id))
	}
	if deepest < synthetic.Medium().Depth {
		t.Errorf("groups are nested %d deep", deepest)
	}
}

// The compiled engine on an organization of real size, on questions spread over it.
func TestCompiledEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	for _, cycles := range []bool{false, true} {
		size := synthetic.Small()
		size.Cycles = cycles
		s := synthetic.Organization(size, 3)
		state, engine := access.NewState(s), compiled.Compile(s)
		for i, q := range questions(s, 20_000) {
			if got, want := engine.Check(q.p, q.permission, q.n), state.Allowed(q.p, q.permission, q.n); got != want {
				t.Fatalf("question %d, %v: got %v, want %v", i, q, got, want)
			}
		}
		for _, q := range questions(s, 200) {
			got := map[access.Principal]bool{}
			for p := range engine.WhoCan(q.permission, q.n, compiled.Everybody) {
				got[p] = true
			}
			if diff := cmp.Diff(state.Holders(q.permission, q.n), got); diff != "" {
				t.Fatalf("who can %v (-want +got):\n%s", q, diff)
			}
		}
		for _, q := range questions(s, 15) {
			listed := maps.Collect(engine.List(q.p, compiled.MaskOf(q.permission)))
			for _, o := range s.Objects {
				if got, want := listed[o.Node()] != 0, state.Allowed(q.p, q.permission, o.Node()); got != want {
					t.Fatalf("list of %v: %v is %v, want %v", q, o.Node(), got, want)
				}
			}
		}
		for row := range engine.Matrix(compiled.Users) {
			inside := contents(s, row.Project.ID)
			for _, c := range row.Cells[:min(3, len(row.Cells))] {
				var want compiled.Counts
				for _, n := range inside {
					for bit, permission := range braintrust.Permissions() {
						if state.Allowed(row.Principal(c), permission, n) {
							want[bit]++
						}
					}
				}
				if got := row.Counts(c); got != want {
					t.Fatalf("%v in %v: got %v, want %v", row.Principal(c), row.Project, got, want)
				}
			}
		}
	}
}

// contents is a project, its log and its objects.
func contents(s *access.Snapshot, project string) []access.Node {
	all := []access.Node{{Type: "project", ID: project}, {Type: "project_log", ID: project}}
	for _, o := range s.Objects {
		if o.ProjectID == project && o.DeletedAt == nil {
			all = append(all, o.Node())
		}
	}
	return all
}
