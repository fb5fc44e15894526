package access_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// organizations draws small organizations with everything that makes them hard: cycles of groups and roles,
// restrictions, roles, dangling references, projects in several project groups.
func organizations(t *rapid.T) *access.Snapshot {
	few := func(label, prefix string) []string {
		var ids []string
		for i := range rapid.IntRange(1, 4).Draw(t, label) {
			ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
		}
		return ids
	}
	users, groups, roles, projects := few("users", "u"), few("groups", "g"), few("roles", "r"), few("projects", "p")
	some := func(label string, ids []string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(append(slices.Clone(ids), "nowhere")), 0, 3, rapid.ID[string]).Draw(t, label)
	}
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}}
	for _, id := range users {
		s.Users = append(s.Users, braintrust.User{ID: id})
	}
	for _, id := range groups {
		s.Groups = append(s.Groups, braintrust.Group{ID: id, Name: id, MemberUsers: some(id+" users", users), MemberGroups: some(id+" groups", groups)})
	}
	for _, id := range roles {
		role := braintrust.Role{ID: id, Name: id, MemberRoles: some(id+" roles", roles)}
		for _, tuple := range rapid.SliceOfN(rapid.Custom(tuples), 0, 3).Draw(t, id+" tuples") {
			role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: tuple.Permission, RestrictObjectType: tuple.Restrict})
		}
		s.Roles = append(s.Roles, role)
	}
	for i, id := range projects {
		s.Projects = append(s.Projects, braintrust.Project{ID: id, Name: id})
		kind := []braintrust.ObjectKind{braintrust.KindExperiment, braintrust.KindDataset, braintrust.KindFunction}[i%3]
		s.Objects = append(s.Objects, access.Object{Kind: kind, Object: braintrust.Object{ID: "o-" + id, ProjectID: id}})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "sets") {
		id := fmt.Sprintf("s%d", i)
		s.ProjectGroups = append(s.ProjectGroups, braintrust.ProjectGroup{ID: id, MemberProjects: some(id, projects)})
	}
	for i, item := range rapid.SliceOfN(rapid.Custom(func(t *rapid.T) braintrust.ACLItem { return grants(t, s) }), 0, 8).Draw(t, "grants") {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: fmt.Sprintf("a%d", i), ACLItem: item})
	}
	return s
}

func tuples(t *rapid.T) access.Tuple {
	return access.Tuple{
		Permission: rapid.SampledFrom([]braintrust.Permission{"read", "create", "update", "create_acls"}).Draw(t, "permission"),
		Restrict:   rapid.SampledFrom([]braintrust.ObjectType{"", "", "experiment", "dataset", "project", "group"}).Draw(t, "restrict"),
	}
}

func principals(t *rapid.T, s *access.Snapshot) access.Principal {
	all := []access.Principal{user("nowhere"), group("nowhere")}
	for _, u := range s.Users {
		all = append(all, user(u.ID))
	}
	for _, g := range s.Groups {
		all = append(all, group(g.ID))
	}
	return rapid.SampledFrom(all).Draw(t, "principal")
}

func nodes(s *access.Snapshot) []access.Node {
	all := []access.Node{organization, allProjects, node("org_member", org), node("project", "nowhere")}
	for _, p := range s.Projects {
		all = append(all, node("project", p.ID), node("project_log", p.ID))
	}
	for _, o := range s.Objects {
		all = append(all, o.Node())
	}
	for _, g := range s.Groups {
		all = append(all, node("group", g.ID))
	}
	for _, set := range s.ProjectGroups {
		all = append(all, node("project_group", set.ID))
	}
	return all
}

func grants(t *rapid.T, s *access.Snapshot) braintrust.ACLItem {
	p, n := principals(t, s), rapid.SampledFrom(nodes(s)).Draw(t, "node")
	if rapid.Bool().Draw(t, "by role") {
		return access.RoleItem(p, n, rapid.SampledFrom(s.Roles).Draw(t, "role").ID)
	}
	return access.GrantItem(p, n, tuples(t))
}

// question is one that a state can be asked.
type question struct {
	p          access.Principal
	permission braintrust.Permission
	n          access.Node
}

func questions(s *access.Snapshot) []question {
	var all []question
	for _, n := range nodes(s) {
		for _, permission := range []braintrust.Permission{"read", "create", "update", "create_acls"} {
			for _, u := range s.Users {
				all = append(all, question{user(u.ID), permission, n})
			}
			for _, g := range s.Groups {
				all = append(all, question{group(g.ID), permission, n})
			}
		}
	}
	return all
}

func TestAddingAGrantNeverTakesAnythingAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		before := access.NewState(s)
		after := before.Clone()
		after.PutACL(braintrust.ACL{ID: "new", ACLItem: grants(t, s)})
		for _, q := range questions(s) {
			if before.Allowed(q.p, q.permission, q.n) && !after.Allowed(q.p, q.permission, q.n) {
				t.Fatalf("%+v was lost", q)
			}
		}
	})
}

func TestEffectiveIsTheUnionOfSingleGrants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		whole := access.NewState(s)
		var singles []*access.State
		for _, acl := range s.ACLs {
			one := *s
			one.ACLs = []braintrust.ACL{acl}
			singles = append(singles, access.NewState(&one))
		}
		for _, q := range questions(s) {
			union := slices.ContainsFunc(singles, func(one *access.State) bool { return one.Allowed(q.p, q.permission, q.n) })
			if got := whole.Allowed(q.p, q.permission, q.n); got != union {
				t.Fatalf("%+v: together %v, one by one %v", q, got, union)
			}
		}
	})
}

// The definition of domain.md, section 5, written down a second time in the most literal way: least
// fixpoints, all ancestors, all tuples.
func literally(s *access.Snapshot, q question) bool {
	members := map[string]map[string]bool{} // group -> users*
	for _, g := range s.Groups {
		members[g.ID] = map[string]bool{}
		for _, u := range g.MemberUsers {
			members[g.ID][u] = true
		}
	}
	subgroups := map[string]map[string]bool{} // group -> itself and groups whose users are its users
	for _, g := range s.Groups {
		subgroups[g.ID] = map[string]bool{g.ID: true}
	}
	for range s.Groups {
		for _, g := range s.Groups {
			for _, inner := range g.MemberGroups {
				for u := range members[inner] {
					members[g.ID][u] = true
				}
				for h := range subgroups[inner] {
					subgroups[g.ID][h] = true
				}
			}
		}
	}
	perms := map[string]map[access.Tuple]bool{}
	for _, r := range s.Roles {
		perms[r.ID] = map[access.Tuple]bool{}
		for _, m := range r.MemberPermissions {
			perms[r.ID][access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}] = true
		}
	}
	for range s.Roles {
		for _, r := range s.Roles {
			for _, inner := range r.MemberRoles {
				for tuple := range perms[inner] {
					perms[r.ID][tuple] = true
				}
			}
		}
	}
	if q.n == node("project", "nowhere") {
		return false
	}
	for _, acl := range s.ACLs {
		subject := access.PrincipalOf(acl.ACLItem)
		matches := subject == q.p
		if subject.Kind == access.PrincipalGroup {
			_, live := members[subject.ID]
			matches = live && (matches || q.p.Kind == access.PrincipalUser && members[subject.ID][q.p.ID] || q.p.Kind == access.PrincipalGroup && subgroups[subject.ID][q.p.ID])
		}
		if !matches || !above(s, access.NodeOf(acl.ACLItem), q.n) {
			continue
		}
		given := perms[acl.RoleID]
		if acl.RoleID == "" {
			given = map[access.Tuple]bool{{Permission: acl.Permission, Restrict: acl.RestrictObjectType}: true}
		}
		for tuple := range given {
			if tuple.Permission == q.permission && (tuple.Restrict == "" || tuple.Restrict == q.n.Type) {
				return true
			}
		}
	}
	return false
}

// above reports whether x is y or an ancestor of it.
func above(s *access.Snapshot, x, y access.Node) bool {
	if x == y {
		return true
	}
	switch y.Type {
	case "org_project", "org_member", "group", "project_group":
		return x == organization
	case "project":
		for _, set := range s.ProjectGroups {
			if x == node("project_group", set.ID) && slices.Contains(set.MemberProjects, y.ID) {
				return true
			}
		}
		return above(s, x, allProjects)
	case "project_log":
		return above(s, x, node("project", y.ID))
	}
	for _, o := range s.Objects {
		if o.Node() == y {
			return above(s, x, node("project", o.ProjectID))
		}
	}
	return false
}

func TestEvaluatorMatchesTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		state := access.NewState(s)
		for _, q := range questions(s) {
			if got, want := state.Allowed(q.p, q.permission, q.n), literally(s, q); got != want {
				t.Fatalf("%+v: got %v, want %v", q, got, want)
			}
			if e := state.Explain(q.p, q.permission, q.n); e.Allowed != literally(s, q) {
				t.Fatalf("%+v: Explain says %v", q, e.Allowed)
			}
		}
		for _, n := range nodes(s) {
			holders := state.Holders("read", n)
			for _, q := range questions(s) {
				if q.permission == "read" && q.n == n && holders[q.p] != state.Allowed(q.p, "read", n) {
					t.Fatalf("Holders disagrees with Allowed about %+v", q)
				}
			}
		}
	})
}

// What is changed step by step is the same as what is built anew.
func TestIncrementalStateEqualsABuiltOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		state := access.NewState(s)
		other := organizations(t)
		for _, g := range other.Groups {
			state.PutGroup(g)
		}
		for _, set := range other.ProjectGroups {
			state.PutProjectGroup(set)
		}
		for _, acl := range s.ACLs {
			state.DeleteACL(acl.ID)
		}
		for _, acl := range other.ACLs {
			state.PutACL(acl)
		}
		merged := *s
		merged.ACLs = other.ACLs
		merged.Groups = overlay(s.Groups, other.Groups, func(g braintrust.Group) string { return g.ID })
		merged.ProjectGroups = overlay(s.ProjectGroups, other.ProjectGroups, func(g braintrust.ProjectGroup) string { return g.ID })
		fresh := access.NewState(&merged)
		for _, q := range questions(&merged) {
			if state.Allowed(q.p, q.permission, q.n) != fresh.Allowed(q.p, q.permission, q.n) {
				t.Fatalf("%+v differs after changes", q)
			}
		}
	})
}

func overlay[T any](base, over []T, id func(T) string) []T {
	out := slices.DeleteFunc(slices.Clone(base), func(b T) bool {
		return slices.ContainsFunc(over, func(o T) bool { return id(o) == id(b) })
	})
	return append(out, over...)
}
