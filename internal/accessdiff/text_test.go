package accessdiff_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/accessdiff"
	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// plain names things by what their ids say.
type plain struct{}

func (plain) Role(id string) string               { return id }
func (plain) Principal(p access.Principal) string { return string(p.Kind) + ":" + p.ID + "'s" }
func (plain) Node(n access.Node) string           { return string(n.Type) + ":" + n.ID + "'s" }

func names() accessdiff.Names { return accessdiff.Names{Before: plain{}, After: plain{}} }

// A group of many gains on several projects: one sentence that counts, with the names below it. Names can do no harm.
func TestManyAreCounted(t *testing.T) {
	t.Parallel()
	before := &access.Snapshot{Organization: braintrust.Organization{ID: "o"}}
	group := braintrust.Group{ID: "qa"}
	for i := range 5 {
		id := fmt.Sprint("u", i)
		before.Users = append(before.Users, braintrust.User{ID: id})
		group.MemberUsers = append(group.MemberUsers, id)
		before.Projects = append(before.Projects, braintrust.Project{ID: fmt.Sprint("p\x1b", i)})
	}
	before.Groups = []braintrust.Group{group}
	after := *before
	for i, p := range before.Projects[:4] {
		after.ACLs = append(after.ACLs, braintrust.ACL{ID: fmt.Sprint(i), ACLItem: access.GrantItem(
			access.Principal{Kind: access.PrincipalGroup, ID: "qa"}, access.Node{Type: braintrust.ObjectProject, ID: p.ID},
			access.Tuple{Permission: braintrust.PermissionRead})})
	}
	want := `+ 5 people gained read on 4 projects and everything in them through group:qa's (new grant)
    who: user:u0's, user:u1's, user:u2's, user:u3's, user:u4's
    on:  project:p\x1b0's, project:p\x1b1's, project:p\x1b2's, project:p\x1b3's
+ group:qa's gained read on 4 projects and everything in them by an own grant (new grant)
    on:  project:p\x1b0's, project:p\x1b1's, project:p\x1b2's, project:p\x1b3's
`
	if d := cmp.Diff(want, accessdiff.Text(diff.Compare(before, &after, diff.Options{}), names())); d != "" {
		t.Errorf("text (-want +got):\n%s", d)
	}
}

// BenchmarkD18 compares organizations of the size that reliability asks for: nothing, one grant, and one grant in a
// hundred changed.
func BenchmarkD18(b *testing.B) {
	before := synthetic.Organization(synthetic.Size{Users: 25_000, Groups: 5_000, Depth: 5, Projects: 4_000, Objects: 20, ACLs: 100_000}, 1)
	one, some := *before, *before
	one.ACLs, some.ACLs = slices.Clone(before.ACLs), slices.Clone(before.ACLs)
	one.ACLs = append(one.ACLs, braintrust.ACL{ID: "new", ACLItem: braintrust.ACLItem{
		ObjectType: braintrust.ObjectProject, ObjectID: before.Projects[5].ID, GroupID: before.Groups[7].ID, Permission: braintrust.PermissionDeleteACLs,
	}})
	for i := 3; i < len(some.ACLs); i += 100 {
		some.ACLs[i].ACLItem = some.ACLs[i+1].ACLItem
	}
	for _, c := range []struct {
		name  string
		after *access.Snapshot
	}{{"same", before}, {"one", &one}, {"some", &some}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r := diff.Compare(before, c.after, diff.Options{Implied: true})
				b.ReportMetric(float64(len(r.Principals())), "affected")
			}
		})
	}
}
