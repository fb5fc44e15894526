package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

const org = "0rg"

// maker draws one small organization with everything that makes evaluators differ: cycles of groups and of roles,
// restrictions that fit and that do not, projects in several project groups, what is deleted, what leads nowhere,
// rows listed twice, and words that nobody knows.
type maker struct {
	*rand.Rand
	s *access.Snapshot
}

func organization(seed uint64) *access.Snapshot {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), s: &access.Snapshot{Organization: braintrust.Organization{ID: org, Name: "acme"}}}
	m.s.Complete = m.oneIn(2)
	for _, id := range ids("user", 5) {
		m.s.Users = append(m.s.Users, braintrust.User{ID: id})
	}
	m.groups()
	m.roles()
	m.projects()
	for i := range 20 + m.IntN(30) {
		// A row listed again under the id of another counts for nothing.
		id := fmt.Sprint("acl", i)
		if i > 0 && m.oneIn(20) {
			id = fmt.Sprint("acl", m.IntN(i))
		}
		m.s.ACLs = append(m.s.ACLs, braintrust.ACL{ID: id, ACLItem: m.grant()})
	}
	return m.s
}

func ids(prefix string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s %d", prefix, i)) // a space, which OpenFGA does not allow
	}
	return all
}

func (m *maker) oneIn(n int) bool { return m.IntN(n) == 0 }

func pick[T any](m *maker, from ...T) T { return from[m.IntN(len(from))] }

func (m *maker) deleted(n int) *time.Time {
	if m.oneIn(n) {
		return &time.Time{}
	}
	return nil
}

// some draws ids of a kind, and now and then one that leads nowhere.
func (m *maker) some(prefix string, of, most int) []string {
	var all []string
	for range 1 + m.IntN(most) {
		if m.oneIn(12) {
			all = append(all, prefix+" nowhere")
		} else {
			all = append(all, fmt.Sprintf("%s %d", prefix, m.IntN(of)))
		}
	}
	return all
}

func (m *maker) groups() {
	for i, id := range ids("group", 5) {
		g := braintrust.Group{ID: id, Name: id, DeletedAt: m.deleted(10), MemberUsers: m.some("user", 6, 2), MemberGroups: m.some("group", 5, 2)}
		if i == 0 && m.oneIn(2) { // a built-in one, mostly without a row for what it gives
			g.Name, g.MemberUsers = pick(m, "Owners", "Engineers", "Viewers"), g.MemberUsers[:min(1, len(g.MemberUsers))]
		}
		m.s.Groups = append(m.s.Groups, g)
	}
}

func (m *maker) roles() {
	for _, id := range ids("role", 3) {
		r := braintrust.Role{ID: id, Name: id, DeletedAt: m.deleted(10), MemberRoles: m.some("role", 3, 2)}
		for range 1 + m.IntN(3) {
			r.MemberPermissions = append(r.MemberPermissions, braintrust.RolePermission{Permission: m.permission(), RestrictObjectType: m.restriction()})
		}
		m.s.Roles = append(m.s.Roles, r)
	}
}

func (m *maker) projects() {
	kinds := []braintrust.ObjectKind{"experiment", "dataset", "prompt", "function", "prompt_session", "ai_secret", "view:more"}
	for _, id := range ids("project", 3) {
		m.s.Projects = append(m.s.Projects, braintrust.Project{ID: id, DeletedAt: m.deleted(10)})
	}
	for _, id := range ids("set", 2) {
		m.s.ProjectGroups = append(m.s.ProjectGroups, braintrust.ProjectGroup{ID: id, DeletedAt: m.deleted(10), MemberProjects: m.some("project", 3, 2)})
	}
	for i, id := range ids("object", 8) {
		m.s.Objects = append(m.s.Objects, access.Object{Kind: kinds[i%len(kinds)], Object: braintrust.Object{
			ID: id, ProjectID: pick(m, append(ids("project", 3), "project nowhere")...), DeletedAt: m.deleted(10),
		}})
	}
}

func (m *maker) permission() braintrust.Permission {
	switch {
	case m.oneIn(12):
		return "approve"
	case m.oneIn(3):
		return braintrust.PermissionRead
	}
	return pick(m, braintrust.Permissions()...)
}

func (m *maker) restriction() braintrust.ObjectType {
	if m.IntN(5) < 3 {
		return ""
	}
	return pick(m, append(braintrust.ObjectTypes(), "experiment", "dataset", "project", "view:more", "monitor")...)
}

func (m *maker) grant() braintrust.ACLItem {
	p := access.Principal{Kind: access.PrincipalGroup, ID: pick(m, append(ids("group", 5), "group nowhere")...)}
	if m.oneIn(3) {
		p = access.Principal{Kind: access.PrincipalUser, ID: pick(m, append(ids("user", 5), "user nowhere")...)}
	}
	n := pick(m, nodes(m.s)...)
	if m.oneIn(3) {
		return access.RoleItem(p, n, pick(m, append(ids("role", 3), "role nowhere")...))
	}
	return access.GrantItem(p, n, access.Tuple{Permission: m.permission(), Restrict: m.restriction()})
}

// nodes is everything that is asked about, whether it exists or not.
func nodes(s *access.Snapshot) []access.Node {
	var all []access.Node
	for _, t := range []braintrust.ObjectType{"organization", "org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		all = append(all, access.Node{Type: t, ID: org})
	}
	for _, g := range s.Groups {
		all = append(all, access.Node{Type: "group", ID: g.ID})
	}
	for _, r := range s.Roles {
		all = append(all, access.Node{Type: "role", ID: r.ID})
	}
	for _, p := range s.Projects {
		all = append(all, access.Node{Type: "project", ID: p.ID}, access.Node{Type: "project_log", ID: p.ID})
	}
	for _, g := range s.ProjectGroups {
		all = append(all, access.Node{Type: "project_group", ID: g.ID})
	}
	for _, o := range s.Objects {
		all = append(all, o.Node())
	}
	return append(all, access.Node{Type: "prompt_session", ID: "not listed"}, access.Node{Type: "project", ID: "project nowhere"}, access.Node{Type: "organization", ID: "another"})
}

// users are the members of the organization.
func users(s *access.Snapshot) []access.Principal {
	var all []access.Principal
	for _, u := range s.Users {
		all = append(all, access.Principal{Kind: access.PrincipalUser, ID: u.ID})
	}
	return all
}

// groups are those that are listed, deleted or not, and one that is not.
func groups(s *access.Snapshot) []access.Principal {
	all := []access.Principal{{Kind: access.PrincipalGroup, ID: "group nowhere"}}
	for _, g := range s.Groups {
		all = append(all, access.Principal{Kind: access.PrincipalGroup, ID: g.ID})
	}
	return all
}
