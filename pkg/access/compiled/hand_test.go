package compiled_test

import (
	"fmt"
	"testing"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// An organization whose answers were worked out by hand: a cycle of groups below a group that is granted
// something, a cycle of roles, a project in a project group, and what is deleted.
func byHand() *access.Snapshot {
	gone := &time.Time{}
	grant := func(id, group, user, role string, n access.Node, permission braintrust.Permission, restrict braintrust.ObjectType) braintrust.ACL {
		return braintrust.ACL{ID: id, ACLItem: braintrust.ACLItem{ObjectType: n.Type, ObjectID: n.ID, GroupID: group, UserID: user, RoleID: role, Permission: permission, RestrictObjectType: restrict}}
	}
	node := func(t braintrust.ObjectType, id string) access.Node { return access.Node{Type: t, ID: id} }
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: org},
		Users:        []braintrust.User{{ID: "ann"}, {ID: "bob"}, {ID: "cleo"}},
		Groups: []braintrust.Group{
			{ID: "staff", MemberGroups: []string{"red"}},
			{ID: "red", MemberUsers: []string{"ann"}, MemberGroups: []string{"blue"}},
			{ID: "blue", MemberUsers: []string{"bob"}, MemberGroups: []string{"red", "old"}},
			{ID: "old", MemberUsers: []string{"cleo"}, DeletedAt: gone},
		},
		Roles: []braintrust.Role{
			{ID: "reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}, MemberRoles: []string{"writer"}},
			{ID: "writer", MemberPermissions: []braintrust.RolePermission{{Permission: "update", RestrictObjectType: "dataset"}}, MemberRoles: []string{"reader"}},
			{ID: "dead", MemberPermissions: []braintrust.RolePermission{{Permission: "delete"}}, DeletedAt: gone},
		},
		Projects:      []braintrust.Project{{ID: "web"}, {ID: "app"}, {ID: "closed", DeletedAt: gone}},
		ProjectGroups: []braintrust.ProjectGroup{{ID: "set", MemberProjects: []string{"web"}}},
		Objects: []access.Object{
			{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "d", ProjectID: "web"}},
			{Kind: braintrust.KindFunction, Object: braintrust.Object{ID: "f", ProjectID: "web"}},
			{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "lost", ProjectID: "closed"}},
		},
		ACLs: []braintrust.ACL{
			grant("1", "staff", "", "writer", node("project_group", "set"), "", ""),
			grant("2", "red", "", "", node("project", "app"), "read", "prompt"),
			grant("3", "", "cleo", "dead", node("organization", org), "", ""),
			grant("4", "", "cleo", "", node("dataset", "lost"), "read", ""),
			grant("5", "", "cleo", "", node("prompt_session", "unlisted"), "read", ""),
			grant("6", "", "cleo", "", node("organization", org), "create", "experiment"),
			grant("7", "", "cleo", "", node("project", "app"), "approve", ""),
		},
	}
}

func TestAnswersWorkedOutByHand(t *testing.T) {
	t.Parallel()
	engine := compiled.Compile(byHand())
	for _, tt := range []struct {
		who, permission, kind, id string
		want                      bool
	}{
		{"ann", "read", "dataset", "d", true},   // staff lists red lists her
		{"bob", "read", "dataset", "d", true},   // staff lists red lists blue lists him
		{"ann", "update", "dataset", "d", true}, // the restriction is to datasets
		{"ann", "update", "prompt", "f", false}, // and a function is a prompt
		{"ann", "read", "prompt", "f", true},    // the roles lead to one another
		{"ann", "read", "project_group", "set", true},
		{"ann", "read", "project", "web", true},
		{"ann", "read", "project_log", "web", true},
		{"ann", "read", "project", "app", false}, // restricted to prompts
		{"ann", "read", "organization", org, false},
		{"cleo", "read", "dataset", "d", false}, // her group is deleted
		{"cleo", "delete", "organization", org, false},
		{"cleo", "read", "dataset", "lost", false}, // its project is deleted
		{"cleo", "read", "prompt_session", "unlisted", true},
		{"cleo", "create", "experiment", "unlisted", false},
		{"cleo", "create", "organization", org, false},
		{"cleo", "approve", "project_log", "app", true},
		{"cleo", "approve", "project", "web", false},
		{"nobody", "read", "project", "web", false},
	} {
		p := access.Principal{Kind: access.PrincipalUser, ID: tt.who}
		n := access.Node{Type: braintrust.ObjectType(tt.kind), ID: tt.id}
		if got := engine.Check(p, braintrust.Permission(tt.permission), n); got != tt.want {
			t.Errorf("%s %s %v: got %v", tt.who, tt.permission, n, got)
		}
	}
	cleo, web := access.Principal{Kind: access.PrincipalUser, ID: "cleo"}, access.Node{Type: braintrust.ObjectProject, ID: "web"}
	if !engine.CheckChild(cleo, braintrust.PermissionCreate, braintrust.ObjectExperiment, web) {
		t.Error("cleo may create experiments everywhere")
	}
	if engine.CheckChild(cleo, braintrust.PermissionCreate, braintrust.ObjectDataset, web) {
		t.Error("cleo may not create datasets")
	}
	var named []string
	for p := range engine.WhoCan(braintrust.PermissionRead, web, compiled.Everybody) {
		named = append(named, p.ID)
	}
	if got, want := fmt.Sprint(named), "[ann bob staff red blue]"; got != want {
		t.Errorf("who may read web: got %s, want %s", got, want)
	}
}

// A chain of groups as long as there are groups, then closed to a ring: no recursion, one component.
func TestLongChainsOfGroups(t *testing.T) {
	t.Parallel()
	const n = 3000
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}, Users: []braintrust.User{{ID: "u"}}}
	for i := range n {
		s.Groups = append(s.Groups, braintrust.Group{ID: fmt.Sprint("g", i), MemberGroups: []string{fmt.Sprint("g", i+1)}})
	}
	s.Groups[n-1].MemberUsers = []string{"u"}
	s.ACLs = []braintrust.ACL{{ID: "a", ACLItem: braintrust.ACLItem{ObjectType: braintrust.ObjectOrganization, ObjectID: org, GroupID: "g0", Permission: braintrust.PermissionRead}}}
	u, node := access.Principal{Kind: access.PrincipalUser, ID: "u"}, access.Node{Type: braintrust.ObjectOrganization, ID: org}
	chain := compiled.Compile(s)
	if !chain.Check(u, braintrust.PermissionRead, node) {
		t.Error("the grant of the first group does not reach the last one's user")
	}
	ring := s.Groups[n-1]
	ring.MemberGroups = []string{"g0"}
	closed, err := chain.With(compiled.Change{Groups: []braintrust.Group{ring}})
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []*compiled.Engine{chain, closed} {
		named := 0
		for range engine.WhoCan(braintrust.PermissionRead, node, compiled.Everybody) {
			named++
		}
		if named != n+1 {
			t.Errorf("%d may read, want every group and the user", named)
		}
	}
}

func TestCheckAllocatesNothing(t *testing.T) {
	engine := compiled.Compile(byHand())
	ann := access.Principal{Kind: access.PrincipalUser, ID: "ann"}
	for _, n := range []access.Node{{Type: braintrust.ObjectDataset, ID: "d"}, {Type: braintrust.ObjectGroup, ID: "red"}, {Type: "unheard of", ID: "x"}} {
		for _, permission := range []braintrust.Permission{braintrust.PermissionRead, "approve", "unheard of"} {
			if got := testing.AllocsPerRun(100, func() { engine.Check(ann, permission, n) }); got != 0 {
				t.Errorf("%s on %v: %v allocations", permission, n, got)
			}
		}
	}
}
