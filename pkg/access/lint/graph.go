package lint

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func (l *linter) groupCycles() []Finding {
	edges := func(id string) []string { return l.groups[id].MemberGroups }
	return l.cycles(l.top.Groups(), edges, braintrust.ObjectGroup, func(outer, inner string) Command {
		return Command{"btadmin", "groups", "members", "remove", l.groups[outer].Name, l.name(groupOf(inner))}
	})
}

func (l *linter) roleCycles() []Finding {
	edges := func(id string) []string { return l.roles[id].MemberRoles }
	return l.cycles(l.top.Roles(), edges, braintrust.ObjectRole, func(outer, inner string) Command {
		return Command{"btadmin", "roles", "edit", l.roles[outer].Name, "--remove-role", l.roles[inner].Name}
	})
}

// cycles finds the references that close a cycle, one finding each: without all of them nothing is a member of
// itself any more.
func (l *linter) cycles(ids []string, edges func(string) []string, t braintrust.ObjectType, cut func(outer, inner string) Command) []Finding {
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	const open, closed = 1, 2
	state := map[string]int{}
	type frame struct {
		id   string
		next int
	}
	var out []Finding
	for _, root := range ids {
		if state[root] != 0 {
			continue
		}
		state[root] = open
		path := []frame{{id: root}}
		for len(path) > 0 {
			at := &path[len(path)-1]
			inner := edges(at.id)
			if at.next == len(inner) {
				state[at.id] = closed
				path = path[:len(path)-1]
				continue
			}
			to := inner[at.next]
			at.next++
			switch {
			case !known[to]:
			case state[to] == open:
				first := slices.IndexFunc(path, func(f frame) bool { return f.id == to })
				f := Finding{Fix: []Command{cut(at.id, to)}}
				var names []string
				for _, step := range path[first:] {
					n := access.Node{Type: t, ID: step.id}
					f.Nodes, names = append(f.Nodes, n), append(names, l.node(n))
				}
				slices.SortFunc(f.Nodes, func(a, b access.Node) int { return strings.Compare(a.ID, b.ID) })
				if len(names) == 1 {
					f.Message = fmt.Sprintf("%s is a member of itself", names[0])
				} else {
					f.Message = strings.Join(append(names, names[0]), " includes ")
				}
				out = append(out, f)
			case state[to] == 0:
				state[to] = open
				path = append(path, frame{id: to})
			}
		}
	}
	return out
}

func (l *linter) danglingMembers() []Finding {
	var out []Finding
	missing := func(ids []string, known func(string) bool) []string {
		var gone []string
		for _, id := range ids {
			if !known(id) && !slices.Contains(gone, id) {
				gone = append(gone, id)
			}
		}
		return gone
	}
	isUser := func(id string) bool { _, known := l.users[id]; return known }
	isGroup := func(id string) bool { return l.groups[id] != nil }
	isRole := func(id string) bool { return l.roles[id] != nil }
	for _, id := range l.top.Groups() {
		users, groups := missing(l.groups[id].MemberUsers, isUser), missing(l.groups[id].MemberGroups, isGroup)
		if len(users)+len(groups) == 0 {
			continue
		}
		f := Finding{Principals: []access.Principal{groupOf(id)}}
		var what []string
		if len(users) > 0 {
			what = append(what, count(len(users), "user"))
			f.Fix = append(f.Fix, l.patch("group", id, "remove_member_users", encoded(users)))
		}
		if len(groups) > 0 {
			what = append(what, count(len(groups), "group"))
			f.Fix = append(f.Fix, l.patch("group", id, "remove_member_groups", encoded(groups)))
		}
		f.Message = fmt.Sprintf("%s lists %s that cannot be found any more", l.name(groupOf(id)), strings.Join(what, " and "))
		out = append(out, f)
	}
	for _, id := range l.top.Roles() {
		gone := missing(l.roles[id].MemberRoles, isRole)
		if len(gone) == 0 {
			continue
		}
		n := access.Node{Type: braintrust.ObjectRole, ID: id}
		out = append(out, Finding{
			Message: fmt.Sprintf("%s includes %s that cannot be found any more", l.node(n), count(len(gone), "role")),
			Nodes:   []access.Node{n}, Fix: []Command{l.patch("role", id, "remove_member_roles", encoded(gone))},
		})
	}
	return out
}

func (l *linter) unusedRoles() []Finding {
	used := map[string]bool{}
	for i := range l.in.Snapshot.ACLs {
		used[l.in.Snapshot.ACLs[i].RoleID] = true
	}
	for _, role := range l.roles {
		for _, inner := range role.MemberRoles {
			if inner != role.ID {
				used[inner] = true
			}
		}
	}
	var out []Finding
	for _, id := range l.top.Roles() {
		if role := l.roles[id]; role.OrgID != "" && !used[id] {
			n := access.Node{Type: braintrust.ObjectRole, ID: id}
			out = append(out, Finding{
				Message: l.node(n) + " is granted to nobody", Nodes: []access.Node{n}, Fix: []Command{{"btadmin", "roles", "delete", role.Name}},
			})
		}
	}
	return out
}

// patch changes what no other command can name any more.
func (l *linter) patch(kind, id, field, value string) Command {
	return Command{"btadmin", "api", "PATCH", "/v1/" + kind + "/" + id, "-F", field + "=" + value}
}

func encoded(v any) string {
	raw, err := json.Marshal(v)
	if err != nil { // strings do not fail
		return "[]"
	}
	return string(raw)
}

// tuplesJSON are the unknown permissions of a role as the API wants them.
func tuplesJSON(role *braintrust.Role, known []braintrust.Permission) string {
	type tuple struct {
		Permission braintrust.Permission `json:"permission"`
		Restrict   braintrust.ObjectType `json:"restrict_object_type,omitempty"`
	}
	var unknown []tuple
	for _, m := range role.MemberPermissions {
		if !slices.Contains(known, m.Permission) {
			unknown = append(unknown, tuple{m.Permission, m.RestrictObjectType})
		}
	}
	return encoded(unknown)
}
