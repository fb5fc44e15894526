package change_test

import (
	"fmt"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// crowded is an organization with 120 people, 51 of them in Crowd, and one more in Few.
func crowded(t *testing.T) (w *world, users []string) {
	t.Helper()
	w = newWorldWith(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 120, Groups: 1, Projects: 2, ACLs: 1}})
	for i := range 120 {
		users = append(users, w.user(fmt.Sprintf("user%05d@large.example.com", i+1)).ID)
	}
	w.do(
		&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Crowd", MemberUsers: users[:51]}},
		&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Few", MemberUsers: users[60:61]}},
	)
	return w, users
}

// G8: 51 people newly reach something, by a grant to their group, by grants of their own, by entering a group, by a
// group inside another, or by a role that grows; 50 do not, and those who reach it anyway do not count.
func TestG8Exposure(t *testing.T) {
	t.Parallel()
	w, users := crowded(t)
	first := access.Node{Type: "project", ID: w.project("Project 00001").ID}
	second := access.Node{Type: "project", ID: w.project("Project 00002").ID}
	team := func(name string) access.Principal { return w.team(name) }
	grant := func(p access.Principal, n access.Node) *change.AddACLs {
		return &change.AddACLs{Items: grants(p, n, "read")}
	}
	each := func(ids []string) *change.AddACLs {
		step := &change.AddACLs{}
		for _, id := range ids {
			step.Items = append(step.Items, grants(access.Principal{Kind: access.PrincipalUser, ID: id}, first, "read")...)
		}
		return step
	}
	join := func(group string, users []string, inner ...string) *change.PatchGroup {
		return &change.PatchGroup{Group: w.group(group), Patch: braintrust.GroupPatch{AddMemberUsers: users, AddMemberGroups: inner}}
	}
	w.wantGuards(t, w.review(grant(team("Crowd"), first)), "G8")
	w.wantGuards(t, w.review(grant(team("Few"), first)))
	w.wantGuards(t, w.review(each(users[:51])), "G8")
	w.wantGuards(t, w.review(each(users[:50])))
	w.wantGuards(t, w.review(grant(team("Crowd"), w.node("org_project"))), "G8")

	w.do(grant(team("Few"), first))
	w.wantGuards(t, w.review(join("Few", users[:50])))
	w.wantGuards(t, w.review(join("Few", users[:51])), "G8")
	w.wantGuards(t, w.review(join("Few", nil, w.group("Crowd").ID)), "G8")
	w.wantGuards(t, w.review(join("Crowd", users[51:])))                                             // which may do nothing
	w.wantGuards(t, w.review(grant(team("Crowd"), second), grant(team("Crowd"), first)), "G8")       // both are named
	w.wantGuards(t, w.review(&change.PatchGroup{Group: w.group("Few"), Patch: braintrust.GroupPatch{ // in one request
		AddMemberUsers: users[:51], RemoveMemberUsers: users[60:61],
	}}), "G8")

	role := &change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Nothing yet"}}
	w.do(role)
	w.do(&change.AddACLs{Items: []braintrust.ACLItem{access.RoleItem(team("Crowd"), second, role.Out.ID)}})
	more := &change.PatchRole{Role: role.Out, Patch: braintrust.RolePatch{AddMemberPermissions: []braintrust.RolePermission{{Permission: "read"}}}}
	w.wantGuards(t, w.reviewPlan(func(p *change.Plan) { p.Base = w.base() }, more), "G8")

	review := w.review(grant(team("Crowd"), first))
	settled(t, review, change.Approval{}, false)
	settled(t, review, change.Approval{Exposure: "0123"}, false)
	settled(t, review, change.Approval{Superuser: review.Hash}, false)
	settled(t, review, change.Approval{Exposure: review.Hash}, true)
	if _, err := review.Settle(change.Approval{Override: "G8", Reason: "r"}); err == nil {
		t.Error("G8 can be overridden")
	}
	w.do(grant(team("Crowd"), first))
	w.wantGuards(t, w.review(grant(team("Crowd"), access.Node{Type: "project_log", ID: first.ID}))) // they reach it anyway
	w.wantGuards(t, w.review(join("Few", nil, w.group("Crowd").ID)))
}

// Whoever restricts a grant to a type exposes the things of that type, also to those who reach others there.
func TestG8CountsTypesApart(t *testing.T) {
	t.Parallel()
	w, _ := crowded(t)
	node := access.Node{Type: "project", ID: w.project("Project 00001").ID}
	on := func(t braintrust.ObjectType) *change.AddACLs {
		return &change.AddACLs{Items: []braintrust.ACLItem{access.GrantItem(w.team("Crowd"), node, access.Tuple{Permission: "read", Restrict: t})}}
	}
	w.do(on("experiment"))
	w.wantGuards(t, w.review(on("experiment")))
	w.wantGuards(t, w.review(on("dataset")), "G8")
	w.wantGuards(t, w.review(on("")), "G8")
}

// A delegated administrator who may not read what a group may do is told so, and can answer.
func TestG8Unread(t *testing.T) {
	t.Parallel()
	w, users := crowded(t)
	few := w.group("Few")
	w.delegate(map[access.Node][]braintrust.Permission{{Type: "group", ID: few.ID}: {"read", "update"}})
	enter := func(n int) *change.PatchGroup {
		return &change.PatchGroup{Group: few, Patch: braintrust.GroupPatch{AddMemberUsers: users[:n]}}
	}
	w.wantGuards(t, w.review(enter(50)))
	review := w.review(enter(51))
	w.wantGuards(t, review, "G8")
	settled(t, review, change.Approval{Exposure: review.Hash}, true)
}
