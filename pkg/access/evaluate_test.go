package access_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// The organization of these tests, written by hand like every expected answer:
//
//	ana  in Leads           Leads lists Crew as a member group: Crew's users receive what Leads is granted
//	ben  in Crew
//	eve  in nothing
//	project P (experiment E, dataset D) in project group S; project Q
const (
	org = "org"
)

func user(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func group(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}

func node(t braintrust.ObjectType, id string) access.Node { return access.Node{Type: t, ID: id} }

var (
	organization = node(braintrust.ObjectOrganization, org)
	allProjects  = node(braintrust.ObjectOrgProject, org)
	projectP     = node(braintrust.ObjectProject, "P")
	projectQ     = node(braintrust.ObjectProject, "Q")
	logsP        = node(braintrust.ObjectProjectLog, "P")
	experimentE  = node(braintrust.ObjectExperiment, "E")
	datasetD     = node(braintrust.ObjectDataset, "D")
	setS         = node(braintrust.ObjectProjectGroup, "S")
)

func snapshot(grants ...braintrust.ACLItem) *access.Snapshot {
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: org, Name: "Acme"},
		Users:        []braintrust.User{{ID: "ana"}, {ID: "ben"}, {ID: "eve"}},
		Groups: []braintrust.Group{
			{ID: "leads", Name: "Leads", MemberUsers: []string{"ana"}, MemberGroups: []string{"crew"}},
			{ID: "crew", Name: "Crew", MemberUsers: []string{"ben"}},
		},
		Roles: []braintrust.Role{
			{ID: "reader", Name: "Reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}},
			{ID: "outer", Name: "Outer", MemberRoles: []string{"inner"}},
			{ID: "inner", Name: "Inner", MemberPermissions: []braintrust.RolePermission{{Permission: "update", RestrictObjectType: "dataset"}}, MemberRoles: []string{"outer"}},
		},
		Projects:      []braintrust.Project{{ID: "P", Name: "P"}, {ID: "Q", Name: "Q"}},
		ProjectGroups: []braintrust.ProjectGroup{{ID: "S", Name: "S", MemberProjects: []string{"P"}}},
		Objects: []access.Object{
			{Kind: braintrust.KindExperiment, Object: braintrust.Object{ID: "E", ProjectID: "P"}},
			{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "D", ProjectID: "P"}},
		},
	}
	for i, item := range grants {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: string(rune('a' + i)), ACLItem: item})
	}
	return s
}

func give(p access.Principal, n access.Node, permission braintrust.Permission, restrict braintrust.ObjectType) braintrust.ACLItem {
	return access.GrantItem(p, n, access.Tuple{Permission: permission, Restrict: restrict})
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		grant braintrust.ACLItem
		who   access.Principal
		what  braintrust.Permission
		on    access.Node
		want  bool
	}{
		{"direct", give(user("eve"), projectP, "read", ""), user("eve"), "read", projectP, true},
		{"another permission", give(user("eve"), projectP, "read", ""), user("eve"), "update", projectP, false},
		{"another user", give(user("eve"), projectP, "read", ""), user("ana"), "read", projectP, false},
		{"another project", give(user("eve"), projectP, "read", ""), user("eve"), "read", projectQ, false},
		{"inherited by an experiment", give(user("eve"), projectP, "read", ""), user("eve"), "read", experimentE, true},
		{"inherited by the logs", give(user("eve"), projectP, "read", ""), user("eve"), "read", logsP, true},
		{"from all projects", give(user("eve"), allProjects, "read", ""), user("eve"), "read", experimentE, true},
		{"from the organization", give(user("eve"), organization, "read", ""), user("eve"), "read", experimentE, true},
		{"from a project group", give(user("eve"), setS, "read", ""), user("eve"), "read", experimentE, true},
		{"a project group reaches its projects only", give(user("eve"), setS, "read", ""), user("eve"), "read", projectQ, false},
		{"never upwards", give(user("eve"), experimentE, "read", ""), user("eve"), "read", projectP, false},
		{"never sideways", give(user("eve"), experimentE, "read", ""), user("eve"), "read", datasetD, false},
		{"all projects is not the organization", give(user("eve"), allProjects, "read", ""), user("eve"), "read", organization, false},
		{"all projects does not reach groups", give(user("eve"), allProjects, "read", ""), user("eve"), "read", node("group", "crew"), false},
		{"the organization reaches groups", give(user("eve"), organization, "read", ""), user("eve"), "read", node("group", "crew"), true},

		{"restricted to the type", give(user("eve"), projectP, "read", "dataset"), user("eve"), "read", datasetD, true},
		{"restricted to another type", give(user("eve"), projectP, "read", "dataset"), user("eve"), "read", experimentE, false},
		{"restricted, and the project itself", give(user("eve"), projectP, "read", "dataset"), user("eve"), "read", projectP, false},
		{"restricted to its own type", give(user("eve"), organization, "update", "organization"), user("eve"), "update", organization, true},
		{"restricted to the organization, not its projects", give(user("eve"), organization, "update", "organization"), user("eve"), "update", projectP, false},

		{"through a group", give(group("leads"), projectP, "read", ""), user("ana"), "read", projectP, true},
		{"users of a member group receive", give(group("leads"), projectP, "read", ""), user("ben"), "read", projectP, true},
		{"users of the listing group do not", give(group("crew"), projectP, "read", ""), user("ana"), "read", projectP, false},
		{"a group asks for itself", give(group("leads"), projectP, "read", ""), group("crew"), "read", projectP, true},
		{"not in the other direction", give(group("crew"), projectP, "read", ""), group("leads"), "read", projectP, false},

		{"a role", access.RoleItem(user("eve"), projectP, "reader"), user("eve"), "read", experimentE, true},
		{"a role through a role, in a cycle", access.RoleItem(user("eve"), projectP, "outer"), user("eve"), "update", datasetD, true},
		{"a role's restriction", access.RoleItem(user("eve"), projectP, "outer"), user("eve"), "update", experimentE, false},
		{"a role that does not exist", access.RoleItem(user("eve"), projectP, "nowhere"), user("eve"), "read", projectP, false},

		{"a deleted project", give(user("eve"), node("project", "gone"), "read", ""), user("eve"), "read", node("project", "gone"), false},
		{"a playground that cannot be listed", give(user("eve"), node("prompt_session", "X"), "read", ""), user("eve"), "read", node("prompt_session", "X"), true},
		{"an unknown permission is kept", give(user("eve"), projectP, "teleport", ""), user("eve"), "teleport", experimentE, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := access.NewState(snapshot(tt.grant))
			if got := s.Allowed(tt.who, tt.what, tt.on); got != tt.want {
				t.Errorf("Allowed(%s, %s, %s) = %v, want %v", tt.who, tt.what, tt.on, got, tt.want)
			}
			if e := s.Explain(tt.who, tt.what, tt.on); e.Allowed != tt.want {
				t.Errorf("Explain says %v, want %v", e.Allowed, tt.want)
			}
		})
	}
}

func TestAllowedChild(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		grant braintrust.ACLItem
		child braintrust.ObjectType
		in    access.Node
		want  bool
	}{
		{"unrestricted", give(user("eve"), projectP, "create", ""), "dataset", projectP, true},
		{"restricted to the child", give(user("eve"), projectP, "create", "dataset"), "dataset", projectP, true},
		{"restricted to another", give(user("eve"), projectP, "create", "dataset"), "experiment", projectP, false},
		{"from above", give(user("eve"), allProjects, "create", "dataset"), "dataset", projectP, true},
		{"a project", give(user("eve"), allProjects, "create", ""), "project", allProjects, true},
		{"a project, by all projects restricted to datasets", give(user("eve"), allProjects, "create", "dataset"), "project", allProjects, false},
		{"a group", give(user("eve"), organization, "create", ""), "group", organization, true},
		{"an invitation", give(user("eve"), node("org_member", org), "create", ""), "org_member", node("org_member", org), true},
		{"a grant on one dataset creates nothing", give(user("eve"), datasetD, "create", ""), "dataset", projectP, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := access.NewState(snapshot(tt.grant))
			if got := s.AllowedChild(user("eve"), "create", tt.child, tt.in); got != tt.want {
				t.Errorf("AllowedChild(create %s in %s) = %v, want %v", tt.child, tt.in, got, tt.want)
			}
		})
	}
}

func TestDeletedGrantsNothing(t *testing.T) {
	t.Parallel()
	now := time.Unix(1, 0)
	s := snapshot(give(group("leads"), projectP, "read", ""), access.RoleItem(user("eve"), projectP, "reader"))
	s.Groups[1].DeletedAt = &now // Crew: its users receive nothing through Leads
	s.Roles[0].DeletedAt = &now
	state := access.NewState(s)
	if state.Allowed(user("ben"), "read", projectP) {
		t.Error("the users of a deleted member group still receive")
	}
	if !state.Allowed(user("ana"), "read", projectP) {
		t.Error("the users of the live group lost access")
	}
	if state.Allowed(user("eve"), "read", projectP) {
		t.Error("a deleted role still grants")
	}
	state.DeleteGroup("leads")
	if state.Allowed(user("ana"), "read", projectP) {
		t.Error("a deleted group still grants")
	}
}

func TestOwners(t *testing.T) {
	t.Parallel()
	var all []braintrust.ACLItem
	for _, permission := range braintrust.Permissions() {
		all = append(all, give(group("leads"), organization, permission, ""))
	}
	if diff := cmp.Diff([]string{"ana", "ben"}, access.NewState(snapshot(all...)).Owners()); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
	if got := access.NewState(snapshot(all[1:]...)).Owners(); len(got) > 0 {
		t.Errorf("seven of eight permissions make an owner: %v", got)
	}
	all[3].RestrictObjectType = braintrust.ObjectProject
	if got := access.NewState(snapshot(all...)).Owners(); len(got) > 0 {
		t.Errorf("a restricted permission makes an owner: %v", got)
	}
}

func TestImpliedGrantsOfBuiltInGroups(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Groups = append(s.Groups, braintrust.Group{ID: "o", Name: "Owners", MemberUsers: []string{"eve"}},
		braintrust.Group{ID: "v", Name: "Viewers", MemberUsers: []string{"ben"}})
	state := access.NewState(s)
	if state.IsOwner("eve") {
		t.Fatal("an owner without any grant")
	}
	state.AddImplied()
	if !state.IsOwner("eve") || !state.Allowed(user("ben"), "read", experimentE) || state.Allowed(user("ben"), "update", experimentE) {
		t.Error("the built-in groups do not give what they stand for")
	}
	e := state.Explain(user("ben"), "read", experimentE)
	if len(e.Paths) != 1 || !e.Paths[0].BuiltIn {
		t.Errorf("the grant is not marked as built in: %+v", e.Paths)
	}
	count := len(state.ACLsOn(organization))
	state.AddImplied()
	if len(state.ACLsOn(organization)) != count {
		t.Error("implied grants were doubled")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	s := access.NewState(snapshot(
		access.RoleItem(group("leads"), allProjects, "outer"),
		give(user("ben"), projectP, "update", "experiment"),
	))
	e := s.Explain(user("ben"), "update", datasetD)
	if !e.Allowed || len(e.Paths) != 1 || len(e.Near) != 1 {
		t.Fatalf("Explain = %+v", e)
	}
	path := e.Paths[0]
	if diff := cmp.Diff([]access.Principal{user("ben"), group("crew"), group("leads")}, path.Subjects); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]access.Node{datasetD, projectP, allProjects}, path.Nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"outer", "inner"}, path.Roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if e.Near[0].Restrict != braintrust.ObjectExperiment {
		t.Errorf("near: %+v", e.Near[0])
	}
}
