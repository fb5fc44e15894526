package compiled_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Small organizations with everything that makes them hard. Ids are drawn from few, so that things collide,
// are listed twice, are deleted, or are named without existing.

const org = "o"

func permissions() []braintrust.Permission {
	return append(braintrust.Permissions(), "approve", "ship")
}

func types() []braintrust.ObjectType {
	return append(braintrust.ObjectTypes(), "", "monitor", "view", "nobody-names-this")
}

// pool is n ids with a prefix.
func pool(prefix string, n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
	}
	return ids
}

// world is what a drawn organization can name: more than exists.
type world struct {
	users, groups, roles, projects, sets, objects []string
	// dense organizations have little to name, so that grants meet on the same nodes.
	dense bool
	times int // how many more records there are than usual, 0 for usual
}

func newWorld() world {
	return world{
		users: pool("u", 5), groups: pool("g", 6), roles: pool("r", 4), projects: pool("p", 3), sets: pool("s", 2),
		objects: append(pool("x", 4), "p0", "g0"),
	}
}

// wide has 12 users and 40 objects.
func wide() world {
	return world{
		users: pool("u", 12), groups: pool("g", 8), roles: pool("r", 6), projects: pool("p", 5), sets: pool("s", 3),
		objects: append(pool("x", 38), "p0", "g0"), times: 4,
	}
}

func some(t *rapid.T, label string, ids []string, most int) []string {
	return rapid.SliceOfN(rapid.SampledFrom(ids), 0, most).Draw(t, label)
}

func deleted(t *rapid.T) *time.Time {
	if rapid.IntRange(0, 5).Draw(t, "deleted") > 0 {
		return nil
	}
	return &time.Time{}
}

func (w world) permission(t *rapid.T) braintrust.Permission {
	if w.dense {
		return rapid.SampledFrom([]braintrust.Permission{"read", "read", "update", "approve"}).Draw(t, "permission")
	}
	if rapid.IntRange(0, 7).Draw(t, "odd permission") > 0 {
		return rapid.SampledFrom(braintrust.Permissions()).Draw(t, "permission")
	}
	return rapid.SampledFrom([]braintrust.Permission{"approve", "ship", ""}).Draw(t, "permission")
}

func (w world) restriction(t *rapid.T) braintrust.ObjectType {
	if rapid.Bool().Draw(t, "unrestricted") {
		return ""
	}
	if w.dense {
		return rapid.SampledFrom([]braintrust.ObjectType{"experiment", "monitor", "group"}).Draw(t, "restrict")
	}
	return rapid.SampledFrom(types()).Draw(t, "restrict")
}

func organizations(t *rapid.T) *access.Snapshot { return newWorld().organization(t) }

// organization draws one with few records of each kind, or with times as many.
func (w world) organization(t *rapid.T) *access.Snapshot {
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}, Complete: rapid.Bool().Draw(t, "complete")}
	kinds := []braintrust.ObjectKind{"experiment", "dataset", "prompt", "function", "prompt_session", "monitor", "view", "ai_secret", "project", "group", ""}
	times := max(1, w.times)
	if w.dense = w.times == 0 && rapid.Bool().Draw(t, "dense"); w.dense {
		w.users, w.groups, w.projects, w.objects = w.users[:2], w.groups[:2], w.projects[:2], w.objects[:3]
		kinds = []braintrust.ObjectKind{"experiment", "monitor"}
		for _, id := range w.projects {
			s.Projects = append(s.Projects, braintrust.Project{ID: id})
		}
	}
	for _, id := range some(t, "users", w.users, 6*times) {
		s.Users = append(s.Users, braintrust.User{ID: id})
	}
	w.drawGroups(t, s, 8*times)
	w.drawRoles(t, s, 6*times)
	for _, id := range some(t, "projects", w.projects, 4*times) {
		s.Projects = append(s.Projects, braintrust.Project{ID: id, DeletedAt: deleted(t)})
	}
	for i, id := range some(t, "sets", w.sets, 3*times) {
		s.ProjectGroups = append(s.ProjectGroups, braintrust.ProjectGroup{ID: id, DeletedAt: deleted(t), MemberProjects: some(t, fmt.Sprint("projects of ", i), w.projects, 4)})
	}
	for _, id := range some(t, "objects", w.objects, 8*times) {
		s.Objects = append(s.Objects, access.Object{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Object: braintrust.Object{
			ID: id, ProjectID: rapid.SampledFrom(w.projects).Draw(t, "project"), DeletedAt: deleted(t),
		}})
	}
	near := named(s)
	for range rapid.IntRange(0, 14*times).Draw(t, "grants") {
		id := fmt.Sprint("a", rapid.IntRange(0, 40*times).Draw(t, "acl"))
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: id, ACLItem: w.grant(t, near)})
	}
	return s
}

func (w world) drawGroups(t *rapid.T, s *access.Snapshot, most int) {
	acyclic := rapid.Bool().Draw(t, "without cycles")
	for i, id := range some(t, "groups", w.groups, most) {
		name := rapid.SampledFrom([]string{"Owners", "Engineers", "Viewers", "QA", "Ops"}).Draw(t, "name")
		inner := some(t, fmt.Sprint("groups of ", i), w.groups, 3)
		if acyclic { // the lists only lead to later ids
			inner = slices.DeleteFunc(inner, func(other string) bool { return other <= id })
		}
		s.Groups = append(s.Groups, braintrust.Group{
			ID: id, Name: name, DeletedAt: deleted(t), MemberUsers: some(t, fmt.Sprint("users of ", i), w.users, 3), MemberGroups: inner,
		})
	}
}

func (w world) drawRoles(t *rapid.T, s *access.Snapshot, most int) {
	for i, id := range some(t, "roles", w.roles, most) {
		role := braintrust.Role{ID: id, Name: "Owner", DeletedAt: deleted(t), MemberRoles: some(t, fmt.Sprint("roles of ", i), w.roles, 2)}
		for range rapid.IntRange(0, 3).Draw(t, "tuples") {
			role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: w.permission(t), RestrictObjectType: w.restriction(t)})
		}
		s.Roles = append(s.Roles, role)
	}
}

func item(t *rapid.T, w world, s *access.Snapshot) braintrust.ACLItem { return w.grant(t, named(s)) }

// grant is on something near, or on anything.
func (w world) grant(t *rapid.T, near []access.Node) braintrust.ACLItem {
	n := rapid.SampledFrom(nodes(w)).Draw(t, "node")
	if w.dense || rapid.IntRange(0, 2).Draw(t, "somewhere") > 0 {
		n = rapid.SampledFrom(near).Draw(t, "near")
	}
	one := braintrust.ACLItem{ObjectType: n.Type, ObjectID: n.ID}
	switch rapid.IntRange(0, 9).Draw(t, "subject") {
	case 0, 1, 2:
		one.UserID = rapid.SampledFrom(w.users).Draw(t, "user")
	case 3:
		one.UserID = rapid.SampledFrom([]string{"stranger", ""}).Draw(t, "user")
	default:
		one.GroupID = rapid.SampledFrom(append(w.groups, "nowhere")).Draw(t, "group")
	}
	if rapid.IntRange(0, 2).Draw(t, "by role") == 0 {
		one.RoleID = rapid.SampledFrom(append(w.roles, "nowhere")).Draw(t, "role")
		if rapid.IntRange(0, 3).Draw(t, "both") > 0 {
			return one
		}
	}
	one.Permission, one.RestrictObjectType = w.permission(t), w.restriction(t)
	return one
}

// named is what the lists name, deleted or not.
func named(s *access.Snapshot) []access.Node {
	all := []access.Node{{Type: "organization", ID: org}, {Type: "org_project", ID: org}}
	for _, p := range s.Projects {
		all = append(all, access.Node{Type: "project", ID: p.ID}, access.Node{Type: "project_log", ID: p.ID})
	}
	for _, set := range s.ProjectGroups {
		all = append(all, access.Node{Type: "project_group", ID: set.ID})
	}
	for _, o := range s.Objects {
		all = append(all, o.Node())
	}
	return all
}

// nodes is everything that can be asked about, whether it exists or not.
func nodes(w world) []access.Node {
	var all []access.Node
	at := func(t braintrust.ObjectType, ids ...string) {
		for _, id := range ids {
			all = append(all, access.Node{Type: t, ID: id})
		}
	}
	for _, t := range []braintrust.ObjectType{"organization", "org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		at(t, org)
	}
	at("org_project", "elsewhere")
	at("organization", "elsewhere")
	at("group", w.groups...)
	at("role", w.roles...)
	at("project_group", w.sets...)
	at("project", w.projects...)
	at("project_log", w.projects...)
	for _, t := range []braintrust.ObjectType{"experiment", "dataset", "prompt", "prompt_session", "ai_secret", "monitor", "view", "never-listed", ""} {
		at(t, w.objects...)
		at(t, "unlisted")
	}
	return all
}

// principals is everybody who can be asked about, whether they exist or not.
func principals(w world) []access.Principal {
	var all []access.Principal
	for _, id := range append(w.users, "stranger", "", "unheard of") {
		all = append(all, access.Principal{Kind: access.PrincipalUser, ID: id})
	}
	for _, id := range append(w.groups, "nowhere", "") {
		all = append(all, access.Principal{Kind: access.PrincipalGroup, ID: id})
	}
	return all
}
