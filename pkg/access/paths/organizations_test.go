package paths_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

const org = "org"

func user(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func group(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}

func node(t braintrust.ObjectType, id string) access.Node { return access.Node{Type: t, ID: id} }

var organization = node(braintrust.ObjectOrganization, org)

// organizations draws small organizations in which chains are likely: grants mostly on groups and roles, roles
// in roles, groups in groups, cycles, restrictions, roles of the system, references that lead nowhere.
func organizations(t *rapid.T) *access.Snapshot {
	few := func(label, prefix string, most int) []string {
		var ids []string
		for i := range rapid.IntRange(1, most).Draw(t, label) {
			ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
		}
		return ids
	}
	users, groups, roles := few("users", "u", 3), few("groups", "g", 5), few("roles", "r", 3)
	some := func(label string, ids []string, most int) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(append(slices.Clone(ids), "nowhere")), 0, most, rapid.ID[string]).Draw(t, label)
	}
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}}
	for _, id := range users {
		s.Users = append(s.Users, braintrust.User{ID: id})
	}
	for i, id := range groups {
		g := braintrust.Group{ID: id, Name: id, MemberUsers: some(id+" users", users, 1), MemberGroups: some(id+" groups", groups, 2)}
		if i == 0 && rapid.Bool().Draw(t, "owners") {
			g.Name = access.OwnersGroup
		}
		s.Groups = append(s.Groups, g)
	}
	for i, id := range roles {
		role := braintrust.Role{ID: id, OrgID: org, Name: id, MemberRoles: some(id+" roles", roles, 2)}
		if i == 0 {
			role.OrgID = "" // the system's: nobody edits it
		}
		for _, tuple := range rapid.SliceOfN(rapid.Custom(tuples), 0, 2).Draw(t, id+" tuples") {
			role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: tuple.Permission, RestrictObjectType: tuple.Restrict})
		}
		s.Roles = append(s.Roles, role)
	}
	s.Projects = []braintrust.Project{{ID: "p0"}, {ID: "p1"}}
	s.Objects = []access.Object{{Kind: braintrust.KindExperiment, Object: braintrust.Object{ID: "e0", ProjectID: "p0"}}}
	s.ProjectGroups = []braintrust.ProjectGroup{{ID: "s0", MemberProjects: []string{"p0"}}}
	for i := range rapid.IntRange(0, 8).Draw(t, "grants") {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: fmt.Sprintf("a%d", i), ACLItem: grants(t, s)})
	}
	return s
}

func tuples(t *rapid.T) access.Tuple {
	return access.Tuple{
		Permission: rapid.SampledFrom([]braintrust.Permission{"read", "update", "update", "create_acls", "delete_acls"}).Draw(t, "permission"),
		Restrict:   rapid.SampledFrom([]braintrust.ObjectType{"", "", "", "group", "role", "project", "experiment", "organization"}).Draw(t, "restrict"),
	}
}

func grants(t *rapid.T, s *access.Snapshot) braintrust.ACLItem {
	who := []access.Principal{user("nowhere")}
	for _, u := range s.Users {
		who = append(who, user(u.ID))
	}
	for _, g := range s.Groups {
		who = append(who, group(g.ID), group(g.ID))
	}
	p := rapid.SampledFrom(who).Draw(t, "principal")
	n := rapid.SampledFrom(nodes(s)).Draw(t, "node")
	if rapid.IntRange(0, 2).Draw(t, "by role") == 0 {
		return access.RoleItem(p, n, rapid.SampledFrom(s.Roles).Draw(t, "role").ID)
	}
	return access.GrantItem(p, n, tuples(t))
}

func nodes(s *access.Snapshot) []access.Node {
	all := []access.Node{
		organization, node("org_project", org), node("org_member", org), node("project", "p0"), node("project", "p1"),
		node("project_log", "p0"), node("project_group", "s0"), node("experiment", "e0"),
	}
	for _, g := range s.Groups {
		all = append(all, node("group", g.ID), node("group", g.ID))
	}
	for _, r := range s.Roles {
		all = append(all, node("role", r.ID))
	}
	return all
}
