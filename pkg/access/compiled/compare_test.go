package compiled_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// changed draws a later state of an organization: most of it is as it was.
func changed(t *rapid.T, s *access.Snapshot) *access.Snapshot {
	other, after := organizations(t), *s
	after.ACLs = nil
	for i, a := range s.ACLs {
		if rapid.IntRange(0, 4).Draw(t, "keep") > 0 {
			after.ACLs = append(after.ACLs, a)
		}
		if i < len(other.ACLs) && rapid.IntRange(0, 4).Draw(t, "add") == 0 {
			other.ACLs[i].ID = fmt.Sprint("later", i)
			after.ACLs = append(after.ACLs, other.ACLs[i])
		}
	}
	maybe := func(what string) bool { return rapid.IntRange(0, 4).Draw(t, what) == 0 }
	if maybe("other users") {
		after.Users = other.Users
	}
	if maybe("other groups") {
		after.Groups = other.Groups
	}
	if maybe("other roles") {
		after.Roles = other.Roles
	}
	if maybe("other projects") {
		after.Projects = other.Projects
	}
	if maybe("other project groups") {
		after.ProjectGroups = other.ProjectGroups
	}
	if maybe("other objects") {
		after.Objects = other.Objects
	}
	if maybe("shuffled") {
		after.Groups = rapid.Permutation(after.Groups).Draw(t, "groups")
		after.Projects = rapid.Permutation(after.Projects).Draw(t, "projects")
		after.Users = rapid.Permutation(after.Users).Draw(t, "users")
	}
	return &after
}

type place struct {
	p access.Principal
	n access.Node
}

func TestCompareEqualsAskingBoth(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		before, after := compiled.Compile(s), compiled.Compile(changed(t, s))
		equalDifferences(t, w, before, after)
	})
}

func TestCompareAfterWhatIf(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		before := compiled.Compile(s)
		after, err := before.With(compiled.Change{Add: []braintrust.ACLItem{item(t, w, s)}})
		if err != nil {
			t.Fatal(err)
		}
		equalDifferences(t, w, before, after)
		for range compiled.Affected(before, before, compiled.Everybody) {
			t.Fatal("somebody differs from himself")
		}
	})
}

// equalDifferences asks both engines about everything that either knows.
func equalDifferences(t *rapid.T, w world, before, after *compiled.Engine) {
	want, got := map[place]compiled.Difference{}, map[place]compiled.Difference{}
	affected := map[access.Principal]bool{}
	for p := range compiled.Affected(before, after, compiled.Everybody) {
		if affected[p] {
			t.Fatalf("%v is affected twice", p)
		}
		affected[p] = true
	}
	for _, p := range principals(w) {
		for _, n := range nodes(w) {
			was, is := before.Effective(p, n), after.Effective(p, n)
			if was != is {
				want[place{p, n}] = compiled.Difference{Principal: p, Node: n, Gained: is &^ was, Lost: was &^ is}
			}
			if affected[p] {
				continue
			}
			for _, permission := range []braintrust.Permission{"approve", "ship"} {
				if before.Check(p, permission, n) != after.Check(p, permission, n) {
					t.Fatalf("%v is affected on %v: %q", p, n, permission)
				}
			}
			for _, child := range types() {
				if a, b := before.EffectiveChild(p, child, n), after.EffectiveChild(p, child, n); a != b {
					t.Fatalf("%v is affected in %v: %q", p, n, child)
				}
			}
		}
	}
	for d := range compiled.Compare(before, after, compiled.Everybody) {
		if _, twice := got[place{d.Principal, d.Node}]; twice {
			t.Fatalf("%v twice", d)
		}
		got[place{d.Principal, d.Node}] = d
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{})); diff != "" {
		t.Fatalf("differences (-want +got):\n%s", diff)
	}
	for d := range compiled.Compare(after, before, compiled.Users) {
		if back := want[place{d.Principal, d.Node}]; d.Principal.Kind != access.PrincipalUser || back.Gained != d.Lost || back.Lost != d.Gained {
			t.Fatalf("backwards %v, forwards %v", d, back)
		}
	}
}

// A user leaves a group whose grants stay, and a project goes from one project group to another.
func TestCompareWorkedOutByHand(t *testing.T) {
	t.Parallel()
	project := access.Node{Type: braintrust.ObjectProject, ID: "p"}
	before := &access.Snapshot{
		Organization:  braintrust.Organization{ID: org},
		Users:         []braintrust.User{{ID: "ana"}, {ID: "ben"}, {ID: "cleo"}, {ID: "dan"}},
		Groups:        []braintrust.Group{{ID: "g", MemberUsers: []string{"ana", "ben"}}},
		Projects:      []braintrust.Project{{ID: "p"}},
		ProjectGroups: []braintrust.ProjectGroup{{ID: "s", MemberProjects: []string{"p"}}, {ID: "t"}},
	}
	for i, item := range []braintrust.ACLItem{
		access.GrantItem(groupOf("g"), access.Node{Type: "organization", ID: org}, access.Tuple{Permission: "read", Restrict: "project"}),
		access.GrantItem(userOf("cleo"), access.Node{Type: "project_group", ID: "s"}, access.Tuple{Permission: "update", Restrict: "project"}),
		access.GrantItem(userOf("dan"), access.Node{Type: "project_group", ID: "t"}, access.Tuple{Permission: "update", Restrict: "project"}),
	} {
		before.ACLs = append(before.ACLs, braintrust.ACL{ID: pool("a", 9)[i], ACLItem: item})
	}
	left, moved := *before, *before
	left.Groups = []braintrust.Group{{ID: "g", MemberUsers: []string{"ana"}}}
	moved.ProjectGroups = []braintrust.ProjectGroup{{ID: "s"}, {ID: "t", MemberProjects: []string{"p"}}}
	update := compiled.MaskOf(braintrust.PermissionUpdate)
	for _, tt := range []struct {
		name  string
		after *access.Snapshot
		want  []compiled.Difference
	}{
		{"nothing", before, nil},
		{"ben leaves the group", &left, []compiled.Difference{{Principal: userOf("ben"), Node: project, Lost: compiled.MaskOf(braintrust.PermissionRead)}}},
		{"the project moves", &moved, []compiled.Difference{
			{Principal: userOf("cleo"), Node: project, Lost: update}, {Principal: userOf("dan"), Node: project, Gained: update},
		}},
	} {
		got := slices.Collect(compiled.Compare(compiled.Compile(before), compiled.Compile(tt.after), compiled.Everybody))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
