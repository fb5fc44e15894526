package compiled_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// everything answers every question about an organization: everybody, everywhere, and about what could be
// created inside the containers. Only users are asked about if so wanted.
func everything(w world, engine *compiled.Engine, usersOnly bool) []byte {
	var all []byte
	project := []braintrust.ObjectType{"project", "project_log", "experiment", "dataset", "prompt", "prompt_session", "ai_secret", "", "monitor", "view", "nobody-names-this"}
	for _, p := range principals(w) {
		if usersOnly && p.Kind != access.PrincipalUser {
			continue
		}
		for _, n := range nodes(w) {
			asked := []braintrust.ObjectType{n.Type}
			switch n.Type {
			case "organization":
				asked = types()
			case "org_project", "project_group", "project":
				asked = append(project, n.Type)
			}
			for _, child := range asked {
				all = append(all, byte(engine.EffectiveChild(p, child, n)))
				for _, permission := range []braintrust.Permission{"approve", "ship", ""} {
					all = append(all, 0)
					if engine.CheckChild(p, permission, child, n) {
						all[len(all)-1] = 1
					}
				}
			}
		}
	}
	return all
}

func without(s *access.Snapshot, positions ...int) *access.Snapshot {
	less := *s
	less.ACLs = nil
	for i, a := range s.ACLs {
		if !slices.Contains(positions, i) {
			less.ACLs = append(less.ACLs, a)
		}
	}
	return &less
}

// hard draws an organization whose grants have ids of their own, so that removing one removes one.
func hard(t *rapid.T) *access.Snapshot {
	s := organizations(t)
	for i := range s.ACLs {
		s.ACLs[i].ID = pool("a", len(s.ACLs))[i]
	}
	return s
}

// Every grant is removed in turn: what is called waste changes nothing, and all that changes nothing is found.
func TestWasteEqualsRemovingEachGrant(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s := hard(t)
		engine := compiled.Compile(s)
		before, found := everything(w, engine, false), engine.Waste()
		for i, a := range s.ACLs {
			less := compiled.Compile(without(s, i))
			same := bytes.Equal(before, everything(w, less, false))
			if got := found[i] == compiled.Powerless || found[i] == compiled.Redundant; got != same {
				t.Fatalf("%+v is judged %d, nothing changes without it: %v", a.ACLItem, found[i], same)
			}
			alone := *s
			alone.ACLs = s.ACLs[i : i+1]
			answers := everything(w, compiled.Compile(&alone), false)
			nothing := bytes.Count(answers, []byte{0}) == len(answers)
			if got := found[i] == compiled.Powerless; got != nothing {
				t.Fatalf("%+v is judged %d, it gives nothing alone: %v", a.ACLItem, found[i], nothing)
			}
			if found[i] == compiled.Unmanned && !bytes.Equal(everything(w, engine, true), everything(w, less, true)) {
				t.Fatalf("%+v is judged unmanned, but some user loses something", a.ACLItem)
			}
		}
	})
}

// All that is removable goes at once and changes nothing; nothing that is left could go, too.
func TestRemovableGoesTogether(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s := hard(t)
		engine := compiled.Compile(s)
		less := without(s, engine.Removable()...)
		after := compiled.Compile(less)
		if !bytes.Equal(everything(w, engine, false), everything(w, after, false)) {
			t.Fatalf("something changes without %v", engine.Removable())
		}
		for i, waste := range after.Waste() {
			if waste == compiled.Powerless || waste == compiled.Redundant {
				t.Fatalf("%+v could go, too: %d", less.ACLs[i].ACLItem, waste)
			}
		}
		if found := engine.Waste(); len(found) != len(s.ACLs) {
			t.Fatalf("%d verdicts on %d grants", len(found), len(s.ACLs))
		}
	})
}

// What covers a grant is all that is needed to make up for it, and every one of them gives something of it.
func TestCoveredByIsWhatMakesUpForAGrant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := hard(t)
		engine := compiled.Compile(s)
		for i, waste := range engine.Waste() {
			others := engine.CoveredBy(i)
			if slices.Contains(others, i) {
				t.Fatal("a grant covers itself")
			}
			if waste == compiled.Powerless {
				if len(others) > 0 {
					t.Fatalf("a grant that gives nothing is covered by %v", others)
				}
				continue
			}
			few := *s
			few.ACLs = nil
			for _, at := range append(others, i) {
				few.ACLs = append(few.ACLs, s.ACLs[at])
			}
			if got := compiled.Compile(&few).Waste()[len(others)] == compiled.Redundant; got != (waste == compiled.Redundant) {
				t.Fatalf("%+v: judged %d, beside what covers it redundant: %v", s.ACLs[i].ACLItem, waste, got)
			}
		}
	})
}

func TestWasteWorkedOutByHand(t *testing.T) {
	t.Parallel()
	node := func(t braintrust.ObjectType, id string) access.Node { return access.Node{Type: t, ID: id} }
	u, g, inner, idle := userOf("u"), groupOf("g"), groupOf("inner"), groupOf("idle")
	read := func(p access.Principal, n access.Node, restrict braintrust.ObjectType) braintrust.ACLItem {
		return access.GrantItem(p, n, access.Tuple{Permission: "read", Restrict: restrict})
	}
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: org}, Complete: true,
		Users: []braintrust.User{{ID: "u"}},
		Groups: []braintrust.Group{
			{ID: "g", MemberGroups: []string{"inner"}}, {ID: "inner", MemberUsers: []string{"u"}}, {ID: "idle", MemberUsers: []string{"left"}},
		},
		Roles:    []braintrust.Role{{ID: "nothing"}},
		Projects: []braintrust.Project{{ID: "p"}, {ID: "q"}},
		Objects:  []access.Object{{Kind: "dataset", Object: braintrust.Object{ID: "d", ProjectID: "p"}}},
	}
	want := []compiled.Waste{}
	for i, tt := range []struct {
		item braintrust.ACLItem
		want compiled.Waste
	}{
		{read(g, node("project", "p"), ""), compiled.Needed},
		{read(inner, node("project", "p"), "dataset"), compiled.Redundant},                                                       // its users are g's users
		{read(u, node("dataset", "d"), ""), compiled.Redundant},                                                                  // from the project, through two groups
		{read(u, node("project", "q"), ""), compiled.Redundant},                                                                  // the next one is the same
		{read(u, node("project", "q"), ""), compiled.Redundant},                                                                  // and each is so while the other stays
		{read(u, node("project", "q"), "dataset"), compiled.Redundant},                                                           //
		{read(u, node("dataset", "d"), "experiment"), compiled.Powerless},                                                        // a dataset is no experiment
		{read(u, node("dataset", "gone"), ""), compiled.Powerless},                                                               // no list shows it
		{read(userOf("left"), node("project", "p"), ""), compiled.Powerless},                                                     // nor him
		{access.RoleItem(u, node("project", "p"), "nothing"), compiled.Powerless},                                                //
		{access.RoleItem(u, node("project", "p"), "deleted"), compiled.Powerless},                                                //
		{read(idle, node("project", "p"), ""), compiled.Unmanned},                                                                // who was in it has left
		{read(u, node("project", "p"), "experiment"), compiled.Redundant},                                                        // although it has none
		{access.GrantItem(u, node("project", "p"), access.Tuple{Permission: "update"}), 0},                                       // another permission
		{read(g, node("organization", org), "dataset"), compiled.Needed},                                                         // wider, narrower
		{access.GrantItem(u, node("project", "q"), access.Tuple{Permission: "delete", Restrict: "dataset"}), compiled.Redundant}, // the next
		{access.GrantItem(u, node("project", "q"), access.Tuple{Permission: "delete"}), compiled.Needed},                         // is wider
		{read(groupOf("deleted"), node("organization", org), "dataset"), compiled.Powerless},                                     //
	} {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: pool("a", 20)[i], ACLItem: tt.item})
		want = append(want, tt.want)
	}
	engine := compiled.Compile(s)
	if diff := cmp.Diff(want, engine.Waste()); diff != "" {
		t.Errorf("waste (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 15, 17}, engine.Removable()); diff != "" {
		t.Errorf("removable (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 1, 14}, engine.CoveredBy(2)); diff != "" {
		t.Errorf("what covers the grant on the dataset (-want +got):\n%s", diff)
	}
}

func userOf(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func groupOf(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}

// A server that does not list what its built-in groups have still has grants to judge: one that says the same again
// can go, what the server gives cannot.
func TestRemovableBesideBuiltInGrants(t *testing.T) {
	t.Parallel()
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: "o"}, Complete: true,
		Users:    []braintrust.User{{ID: "u"}},
		Groups:   []braintrust.Group{{ID: "v", Name: "Viewers", MemberUsers: []string{"u"}}},
		Projects: []braintrust.Project{{ID: "p"}},
		ACLs: []braintrust.ACL{
			{ID: "0", ACLItem: braintrust.ACLItem{ObjectType: "org_project", ObjectID: "o", GroupID: "v", Permission: "read", RestrictObjectType: "dataset"}},
			{ID: "1", ACLItem: braintrust.ACLItem{ObjectType: "project", ObjectID: "p", GroupID: "v", Permission: "read"}},
			{ID: "2", ACLItem: braintrust.ACLItem{ObjectType: "project", ObjectID: "p", GroupID: "v", Permission: "update"}},
		},
	}
	engine := compiled.Compile(s, compiled.WithImplied())
	if diff := cmp.Diff([]int{0, 1}, engine.Removable()); diff != "" {
		t.Errorf("removable (-want +got):\n%s", diff)
	}
	if got := len(engine.Waste()); got != len(s.ACLs) {
		t.Errorf("%d verdicts", got)
	}
}
