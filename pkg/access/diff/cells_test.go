package diff_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// The difference as the package describes it, written down a second time: every principal, every permission,
// every place, asked one by one from the definition.

// world is one state with what its lists say.
type world struct {
	*access.State
	users, groups, roles, projects, sets map[string]bool
	objects                              map[access.Node]*access.Object // last records
	named                                map[access.Node]bool           // objects that grants name
}

func live[T any](list []T, describe func(T) (string, bool)) map[string]bool {
	out := map[string]bool{}
	for _, item := range list {
		id, alive := describe(item)
		delete(out, id)
		if alive {
			out[id] = true
		}
	}
	return out
}

func newWorld(s *access.Snapshot, implied bool) *world {
	w := &world{
		State:    access.NewState(s),
		users:    live(s.Users, func(u braintrust.User) (string, bool) { return u.ID, true }),
		groups:   live(s.Groups, func(g braintrust.Group) (string, bool) { return g.ID, g.DeletedAt == nil }),
		roles:    live(s.Roles, func(r braintrust.Role) (string, bool) { return r.ID, r.DeletedAt == nil }),
		projects: live(s.Projects, func(p braintrust.Project) (string, bool) { return p.ID, p.DeletedAt == nil }),
		sets:     live(s.ProjectGroups, func(g braintrust.ProjectGroup) (string, bool) { return g.ID, g.DeletedAt == nil }),
		objects:  map[access.Node]*access.Object{}, named: map[access.Node]bool{},
	}
	if implied {
		w.AddImplied()
	}
	for i := range s.Objects {
		if s.Objects[i].Node().Type != "project" {
			w.objects[s.Objects[i].Node()] = &s.Objects[i]
		}
	}
	for _, a := range s.ACLs {
		switch a.ObjectType {
		case "experiment", "prompt", "monitor":
			w.named[access.NodeOf(a.ACLItem)] = true
		}
	}
	for n := range w.named {
		if s.Complete && n.Type != "monitor" && w.objects[n] == nil {
			w.objects[n] = &access.Object{Object: braintrust.Object{DeletedAt: &time.Time{}}} // would be listed
		}
	}
	return w
}

// lives reports whether a listed object and its project do.
func (w *world) lives(n access.Node) bool {
	o := w.objects[n]
	return o != nil && o.DeletedAt == nil && w.projects[o.ProjectID]
}

func (w *world) has(p access.Principal) bool {
	if p.Kind == access.PrincipalUser {
		return w.users[p.ID]
	}
	return w.groups[p.ID]
}

// cell asks for one right; in is where a thing is that this state does not list.
func (w *world) cell(p access.Principal, permission braintrust.Permission, at diff.Place, in string) bool {
	n, child := at.Node, at.Child
	all := access.Node{Type: "org_project", ID: org}
	missing := false
	switch n.Type {
	case "group":
		missing = !w.groups[n.ID]
	case "role":
		missing = !w.roles[n.ID]
	case "project_group":
		missing = !w.sets[n.ID]
	case "project":
		if !w.projects[n.ID] {
			if child == "" {
				child = "project"
			}
			return w.AllowedChild(p, permission, child, all)
		}
		if child == "project_log" {
			return w.Allowed(p, permission, access.Node{Type: child, ID: n.ID})
		}
	case "experiment", "prompt", "monitor":
		if !w.lives(n) {
			inside := in != "" && w.cell(p, permission, diff.Place{Node: access.Node{Type: "project", ID: in}, Child: n.Type}, "")
			return inside || w.objects[n] == nil && w.Allowed(p, permission, n)
		}
	}
	if missing {
		return w.AllowedChild(p, permission, n.Type, access.Node{Type: "organization", ID: org})
	}
	if child != "" {
		return w.AllowedChild(p, permission, child, n)
	}
	return w.Allowed(p, permission, n)
}

// places lists what is compared, each with the project that an object is in.
func places(before, after *world, complete bool) map[diff.Place]string {
	all := map[diff.Place]string{}
	add := func(t braintrust.ObjectType, id string, child braintrust.ObjectType, in string) {
		all[diff.Place{Node: access.Node{Type: t, ID: id}, Child: child}] = in
	}
	for _, t := range []braintrust.ObjectType{"organization", "org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		add(t, org, "", "")
	}
	kinds := []braintrust.ObjectType{"project_log", "experiment", "dataset", "prompt", "prompt_session", "monitor"}
	for _, t := range []braintrust.ObjectType{"group", "role", "project_group"} {
		add("organization", org, t, "")
	}
	for _, t := range append(kinds, "project") {
		add("org_project", org, t, "")
	}
	for t, ids := range map[braintrust.ObjectType]map[string]bool{"group": after.groups, "role": after.roles, "project_group": after.sets} {
		for id := range ids {
			add(t, id, "", "")
		}
	}
	for id := range after.projects {
		for _, t := range append(kinds, "") {
			add("project", id, t, "")
		}
	}
	nodes := maps.Clone(before.named)
	maps.Copy(nodes, after.named)
	for n := range before.objects {
		nodes[n] = true
	}
	for n := range after.objects {
		nodes[n] = true
	}
	for n := range nodes {
		switch {
		case after.lives(n):
			add(n.Type, n.ID, "", after.objects[n].ProjectID)
		case after.objects[n] != nil:
		case before.lives(n) && after.projects[before.objects[n].ProjectID] && !complete:
			add(n.Type, n.ID, "", before.objects[n].ProjectID)
		case before.objects[n] == nil:
			add(n.Type, n.ID, "", "")
		}
	}
	return all
}

func everybody(worlds ...*world) []access.Principal {
	var out []access.Principal
	for _, id := range newParts().users {
		out = append(out, access.Principal{Kind: access.PrincipalUser, ID: id})
	}
	for _, id := range newParts().groups {
		out = append(out, access.Principal{Kind: access.PrincipalGroup, ID: id})
	}
	return slices.DeleteFunc(out, func(p access.Principal) bool {
		return !slices.ContainsFunc(worlds, func(w *world) bool { return w.has(p) })
	})
}

// bruteForce is every cell that differs.
func bruteForce(before, after *access.Snapshot, o diff.Options) map[diff.Cell]bool {
	was, is := newWorld(before, o.Implied), newWorld(after, o.Implied)
	cells := map[diff.Cell]bool{}
	for at, in := range places(was, is, o.Complete) {
		for _, p := range everybody(was, is) {
			for _, permission := range append(braintrust.Permissions(), "approve") {
				held := was.has(p) && was.cell(p, permission, at, in)
				holds := is.has(p) && is.cell(p, permission, at, in)
				if held != holds {
					cells[diff.Cell{Gained: holds, Principal: p, Permission: permission, Place: at}] = true
				}
			}
		}
	}
	return cells
}

func options(t *rapid.T) diff.Options {
	return diff.Options{Implied: rapid.Bool().Draw(t, "implied"), Complete: rapid.Bool().Draw(t, "complete")}
}

func TestCellsEqualTheBruteForceDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := pair(t)
		o := options(t)
		got := map[diff.Cell]bool{}
		for cell := range diff.Compare(before, after, o).Cells() {
			if got[cell] {
				t.Fatalf("%v comes twice", cell)
			}
			got[cell] = true
		}
		want := bruteForce(before, after, o)
		if !namesMonitors(before, after) { // kinds that nothing names are not compared
			maps.DeleteFunc(want, func(c diff.Cell, _ bool) bool { return c.Place.Child == "monitor" })
		}
		if d := cmp.Diff(lines(want), lines(got)); d != "" {
			t.Fatalf("cells (-want +got):\n%s", d)
		}
	})
}

func namesMonitors(snapshots ...*access.Snapshot) bool {
	for _, s := range snapshots {
		for _, o := range s.Objects {
			if o.Kind == "monitor" {
				return true
			}
		}
		for _, a := range s.ACLs {
			if a.ObjectType == "monitor" || a.RestrictObjectType == "monitor" {
				return true
			}
		}
		for _, r := range s.Roles {
			for _, m := range r.MemberPermissions {
				if m.RestrictObjectType == "monitor" {
					return true
				}
			}
		}
	}
	return false
}

func lines(cells map[diff.Cell]bool) []string {
	var out []string
	for c := range cells {
		out = append(out, fmt.Sprint(c.Gained, " ", c.Principal, " ", c.Permission, " ", c.Place))
	}
	slices.Sort(out)
	return out
}
