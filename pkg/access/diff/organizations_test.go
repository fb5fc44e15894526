package diff_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

const org = "o"

// permissions are few, so that grants meet, and one is not known to this program.
func permissions() []braintrust.Permission {
	return []braintrust.Permission{"create", "read", "update", "delete_acls", "approve"}
}

func pool(prefix string, n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
	}
	return ids
}

// parts draws the parts of organizations in which the same few ids mean the same things.
type parts struct{ users, groups, roles, projects, sets, objects []string }

func newParts() parts {
	return parts{
		users: pool("u", 4), groups: pool("g", 4), roles: pool("r", 3), projects: pool("p", 3), sets: pool("s", 2), objects: pool("x", 4),
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

func (w parts) group(t *rapid.T, id string) braintrust.Group {
	return braintrust.Group{
		ID: id, Name: rapid.SampledFrom([]string{"Owners", "Engineers", "QA", "Ops"}).Draw(t, "name"), DeletedAt: deleted(t),
		MemberUsers: some(t, "users of "+id, w.users, 3), MemberGroups: some(t, "groups of "+id, w.groups, 2),
	}
}

func (w parts) role(t *rapid.T, id string) braintrust.Role {
	role := braintrust.Role{ID: id, Name: "R", DeletedAt: deleted(t), MemberRoles: some(t, "roles of "+id, w.roles, 2)}
	for range rapid.IntRange(0, 3).Draw(t, "tuples") {
		role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: w.permission(t), RestrictObjectType: w.restriction(t)})
	}
	return role
}

func (w parts) project(t *rapid.T, id string) braintrust.Project {
	return braintrust.Project{ID: id, Name: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name"), DeletedAt: deleted(t)}
}

func (w parts) set(t *rapid.T, id string) braintrust.ProjectGroup {
	return braintrust.ProjectGroup{ID: id, DeletedAt: deleted(t), MemberProjects: some(t, "projects of "+id, w.projects, 3)}
}

func (w parts) object(t *rapid.T, id string) access.Object {
	kind := rapid.SampledFrom([]braintrust.ObjectKind{"experiment", "function", "monitor", "project"}).Draw(t, "kind")
	return access.Object{Kind: kind, Object: braintrust.Object{
		ID: id, ProjectID: rapid.SampledFrom(append(w.projects, "nowhere")).Draw(t, "project"), DeletedAt: deleted(t),
	}}
}

func (w parts) permission(t *rapid.T) braintrust.Permission {
	return rapid.SampledFrom(permissions()).Draw(t, "permission")
}

func (w parts) restriction(t *rapid.T) braintrust.ObjectType {
	if rapid.Bool().Draw(t, "unrestricted") {
		return ""
	}
	return rapid.SampledFrom([]braintrust.ObjectType{"experiment", "project_log", "project", "prompt", "monitor", "group", "organization"}).Draw(t, "restrict")
}

func (w parts) acl(t *rapid.T) braintrust.ACL {
	n := rapid.SampledFrom(w.nodes()).Draw(t, "node")
	item := braintrust.ACLItem{ObjectType: n.Type, ObjectID: n.ID}
	if rapid.IntRange(0, 2).Draw(t, "to a user") == 0 {
		item.UserID = rapid.SampledFrom(append(w.users, "stranger")).Draw(t, "user")
	} else {
		item.GroupID = rapid.SampledFrom(append(w.groups, "nowhere")).Draw(t, "group")
	}
	if rapid.IntRange(0, 2).Draw(t, "by role") == 0 {
		item.RoleID = rapid.SampledFrom(append(w.roles, "nowhere")).Draw(t, "role")
	} else {
		item.Permission, item.RestrictObjectType = w.permission(t), w.restriction(t)
	}
	return braintrust.ACL{ID: fmt.Sprint("a", rapid.IntRange(0, 60).Draw(t, "acl")), ACLItem: item}
}

// nodes is all that grants can be drawn on; containers twice, because they are what matters.
func (w parts) nodes() []access.Node {
	all := []access.Node{{Type: "organization", ID: org}, {Type: "org_project", ID: org}, {Type: "org_project", ID: org}, {Type: "org_member", ID: org}}
	for _, id := range w.projects {
		n := access.Node{Type: "project", ID: id}
		all = append(all, n, n, access.Node{Type: "project_log", ID: id})
	}
	at := func(t braintrust.ObjectType, ids []string) {
		for _, id := range ids {
			all = append(all, access.Node{Type: t, ID: id})
		}
	}
	at("group", w.groups)
	at("role", w.roles)
	at("project_group", w.sets)
	at("experiment", append(w.objects, "unlisted"))
	at("prompt", w.objects)
	at("monitor", w.objects)
	return all
}

// organization draws a whole one.
func (w parts) organization(t *rapid.T) *access.Snapshot {
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}}
	s.Complete = rapid.Bool().Draw(t, "complete")
	for _, id := range some(t, "users", w.users, 6) {
		s.Users = append(s.Users, braintrust.User{ID: id, Email: id})
	}
	for _, id := range some(t, "groups", w.groups, 5) {
		s.Groups = append(s.Groups, w.group(t, id))
	}
	for _, id := range some(t, "roles", w.roles, 3) {
		s.Roles = append(s.Roles, w.role(t, id))
	}
	for _, id := range some(t, "projects", w.projects, 4) {
		s.Projects = append(s.Projects, w.project(t, id))
	}
	for _, id := range some(t, "sets", w.sets, 2) {
		s.ProjectGroups = append(s.ProjectGroups, w.set(t, id))
	}
	for _, id := range some(t, "objects", w.objects, 5) {
		s.Objects = append(s.Objects, w.object(t, id))
	}
	for range rapid.IntRange(0, 10).Draw(t, "grants") {
		s.ACLs = append(s.ACLs, w.acl(t))
	}
	return s
}

// changed draws what became of an organization: each list loses some and gains some.
func (w parts) changed(t *rapid.T, s *access.Snapshot) *access.Snapshot {
	out := *s
	out.Complete = s.Complete != (rapid.IntRange(0, 9).Draw(t, "completeness changes") == 0)
	out.Users = altered(t, s.Users, func() braintrust.User {
		id := rapid.SampledFrom(w.users).Draw(t, "user")
		return braintrust.User{ID: id, Email: rapid.SampledFrom([]string{id, "renamed"}).Draw(t, "email")}
	})
	out.Groups = altered(t, s.Groups, func() braintrust.Group { return w.group(t, rapid.SampledFrom(w.groups).Draw(t, "id")) })
	out.Roles = altered(t, s.Roles, func() braintrust.Role { return w.role(t, rapid.SampledFrom(w.roles).Draw(t, "id")) })
	out.Projects = altered(t, s.Projects, func() braintrust.Project { return w.project(t, rapid.SampledFrom(w.projects).Draw(t, "id")) })
	out.ProjectGroups = altered(t, s.ProjectGroups, func() braintrust.ProjectGroup { return w.set(t, rapid.SampledFrom(w.sets).Draw(t, "id")) })
	out.Objects = altered(t, s.Objects, func() access.Object { return w.object(t, rapid.SampledFrom(w.objects).Draw(t, "id")) })
	out.ACLs = altered(t, s.ACLs, func() braintrust.ACL { return w.acl(t) })
	return &out
}

func altered[T any](t *rapid.T, list []T, draw func() T) []T {
	out := slices.Clone(list)
	switch rapid.IntRange(0, 3).Draw(t, "altered") {
	case 0:
		out = append(out, draw())
	case 1:
		if len(out) > 0 {
			i := rapid.IntRange(0, len(out)-1).Draw(t, "removed")
			out = slices.Delete(out, i, i+1)
		}
	}
	return out
}

// pair draws two states: one after some changes to the other, or two that have only ids in common.
func pair(t *rapid.T) (before, after *access.Snapshot) {
	w := newParts()
	before = w.organization(t)
	switch rapid.IntRange(0, 4).Draw(t, "relation") {
	case 0:
		return before, w.organization(t)
	case 1:
		return w.changed(t, before), before
	}
	after = before
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		after = w.changed(t, after)
	}
	return before, after
}
