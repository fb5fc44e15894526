package change_test

import (
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func item(p access.Principal, n access.Node, t access.Tuple) *change.AddACLs {
	return &change.AddACLs{Items: []braintrust.ACLItem{access.GrantItem(p, n, t)}}
}

// G7 sees the ways to become a super-user that do not say so: through groups in groups, restrictions, roles.
func TestG7Detours(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		prepare func(w *world) []change.Step
		steps   func(w *world) []change.Step
		want    []string
	}{
		{"into a group that may change Owners", func(w *world) []change.Step {
			owners := access.Node{Type: "group", ID: w.group("Owners").ID}
			return []change.Step{item(w.team("Evaluators"), owners, access.Tuple{Permission: "update"})}
		}, func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{AddMemberUsers: []string{w.person("goran@acme.example.com").ID}}}}
		}, []string{"G7"}},
		{"who could change Owners before does not gain it", func(w *world) []change.Step {
			owners := access.Node{Type: "group", ID: w.group("Owners").ID}
			return []change.Step{item(w.team("Evaluators"), owners, access.Tuple{Permission: "update"})}
		}, func(w *world) []change.Step {
			owners := access.Node{Type: "group", ID: w.group("Owners").ID}
			return []change.Step{item(w.team("Evaluators"), owners, access.Tuple{Permission: "update"})}
		}, nil},
		{"update on a group inside Owners", func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{w.group("Evaluators").ID}}}}
		}, func(w *world) []change.Step {
			inner := access.Node{Type: "group", ID: w.group("Evaluators").ID}
			return []change.Step{item(w.person("goran@acme.example.com"), inner, access.Tuple{Permission: "update"})}
		}, []string{"G7"}},
		{"an empty group inside Owners", func(w *world) []change.Step {
			return []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Empty"}}}
		}, func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{w.group("Empty").ID}}}}
		}, []string{"G7"}},
		{"manage access on every project, by its type", nil, func(w *world) []change.Step {
			return []change.Step{item(w.team("Evaluators"), w.node("org_project"), access.Tuple{Permission: "create_acls", Restrict: "project"})}
		}, []string{"G7"}},
		{"the same from the organization", nil, func(w *world) []change.Step {
			return []change.Step{item(w.team("Evaluators"), w.node("organization"), access.Tuple{Permission: "create_acls", Restrict: "project"})}
		}, []string{"G7"}},
		{"manage access on every experiment does not", nil, func(w *world) []change.Step {
			return []change.Step{item(w.team("Evaluators"), w.node("org_project"), access.Tuple{Permission: "create_acls", Restrict: "experiment"})}
		}, nil},
		{"manage access on every group reaches Owners", nil, func(w *world) []change.Step {
			return []change.Step{item(w.team("Evaluators"), w.node("organization"), access.Tuple{Permission: "create_acls", Restrict: "group"})}
		}, []string{"G7"}},
		{"a role inside a role", func(w *world) []change.Step {
			return []change.Step{&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Inner"}}}
		}, func(w *world) []change.Step {
			inner := w.role("Inner")
			return []change.Step{
				&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Outer", MemberRoles: []string{inner.ID}}},
				&change.AddACLs{Items: []braintrust.ACLItem{access.RoleItem(w.team("Evaluators"), w.node("organization"), change.New("role", "Outer"))}},
				&change.PatchRole{Role: inner, Patch: braintrust.RolePatch{AddMemberPermissions: []braintrust.RolePermission{{Permission: "create_acls"}}}},
			}
		}, []string{"G7"}},
		{"an unknown permission in a new role", nil, func(w *world) []change.Step {
			return []change.Step{&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Odd", MemberPermissions: []braintrust.RolePermission{{Permission: "teleport"}}}}}
		}, []string{"G7"}},
		{"an unknown permission for an old role", func(w *world) []change.Step {
			return []change.Step{&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Odd"}}}
		}, func(w *world) []change.Step {
			return []change.Step{&change.PatchRole{Role: w.role("Odd"), Patch: braintrust.RolePatch{AddMemberPermissions: []braintrust.RolePermission{{Permission: "teleport"}}}}}
		}, []string{"G7"}},
		{"all read permissions there are", nil, func(w *world) []change.Step {
			return []change.Step{item(w.team("Evaluators"), w.node("organization"), access.Tuple{Permission: "read"})}
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.prepare != nil {
				w.do(tt.prepare(w)...)
			}
			w.wantGuards(t, w.review(tt.steps(w)...), tt.want...)
		})
	}
}

// G7 says everybody who gains, also when two accounts have one name, and the plan's hash tells them apart.
func TestG7NamesakesAreTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := &change.CreateServiceAccount{Name: "twin"}, &change.CreateServiceAccount{Name: "twin"}
	w.do(one)
	w.do(two)
	into := func(ids ...string) *change.Review {
		if _, err := w.resolver.Users(t.Context()); err != nil {
			t.Fatal(err)
		}
		return w.review(&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberUsers: ids}})
	}
	owners := 0
	both := into(one.Out.ID, two.Out.ID)
	for _, f := range both.Findings {
		if strings.HasSuffix(f.Message, "as a member of Owners") {
			owners++
		}
	}
	if owners != 2 {
		t.Errorf("two accounts become owners, %d findings say so: %+v", owners, both.Findings)
	}
}

// G7 judges an invitation into a group inside Owners for a caller who may see groups but no grants.
func TestG7InvitationByWhoSeesNoGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{w.group("Evaluators").ID}}})
	w.delegate(map[access.Node][]braintrust.Permission{
		w.node("org_member"):                          {"create"},
		w.node("organization"):                        {"read"},
		{Type: "group", ID: w.group("Evaluators").ID}: {"update"},
	})
	evaluators := w.group("Evaluators")
	for name, step := range map[string]change.Step{
		"invite":  &change.InviteMembers{Emails: []string{"new@acme.example.com"}, Groups: []braintrust.Group{evaluators}},
		"account": &change.CreateServiceAccount{Name: "new", Groups: []braintrust.Group{evaluators}},
		"member":  &change.PatchGroup{Group: evaluators, Patch: braintrust.GroupPatch{AddMemberUsers: []string{w.user("goran@acme.example.com").ID}}},
	} {
		t.Run(name, func(t *testing.T) { w.wantGuards(t, w.review(step), "G7") })
	}
}

// Who administers all projects, or one, may hand out what makes nobody a super-user, without seeing the
// organization.
func TestDelegatesMayGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	project, evaluators := access.Node{Type: "project", ID: w.project("Chatbot").ID}, w.team("Evaluators")
	// What is taken away is there before.
	w.do(&change.AddACLs{Items: append(grants(evaluators, project, manageAccess...), grants(evaluators, w.node("org_project"), "read")...)})
	groupNode := access.Node{Type: "group", ID: evaluators.ID}
	w.delegate(map[access.Node][]braintrust.Permission{
		w.node("org_project"): append([]braintrust.Permission{"read"}, manageAccess...),
		groupNode:             {"read"},
	})
	acl := func(items []braintrust.ACLItem) *change.RemoveACLs {
		acls := make([]braintrust.ACL, len(items))
		for i := range items {
			acls[i].ACLItem = items[i]
		}
		return &change.RemoveACLs{ACLs: acls}
	}
	for _, tt := range []struct {
		name string
		step change.Step
		want []string
	}{
		{"read and write on all projects", &change.AddACLs{Items: grants(evaluators, w.node("org_project"), "read", "create", "update", "delete")}, nil},
		{"manage access on all projects", &change.AddACLs{Items: grants(evaluators, w.node("org_project"), manageAccess...)}, []string{"G16"}},
		{"manage access on a project", &change.AddACLs{Items: grants(evaluators, project, manageAccess...)}, nil},
		{"no more reading of all projects", acl(grants(evaluators, w.node("org_project"), "read")), nil},
		{"no more managing of a project", acl(grants(evaluators, project, manageAccess...)), nil},
	} {
		t.Run(tt.name, func(t *testing.T) { w.wantGuards(t, w.review(tt.step), tt.want...) })
	}
}
