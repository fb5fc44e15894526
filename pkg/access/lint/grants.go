package lint

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// goneSubject reports whether a grant is to nobody who exists.
func (l *linter) goneSubject(a *braintrust.ACL) bool {
	if a.GroupID != "" {
		return l.groups[a.GroupID] == nil
	}
	_, member := l.users[a.UserID]
	return !member
}

func (l *linter) goneRole(a *braintrust.ACL) bool { return a.RoleID != "" && l.roles[a.RoleID] == nil }

// each gathers the grants that a test picks.
func (l *linter) each(test func(i int, a *braintrust.ACL) bool) *gather {
	found := newGather()
	for i := range l.in.Snapshot.ACLs {
		if a := &l.in.Snapshot.ACLs[i]; test(i, a) {
			found.add(i, a)
		}
	}
	return found
}

func (l *linter) danglingSubjects() []Finding {
	found := l.each(func(_ int, a *braintrust.ACL) bool { return l.goneSubject(a) })
	return found.findings(func(key pair, ids []string) string {
		gone := "is no member any more"
		if key.principal.Kind == access.PrincipalGroup {
			gone = "is deleted"
		}
		return fmt.Sprintf("%s %s, but has %s on %s", l.name(key.principal), gone, count(len(ids), "grant"), l.node(key.node))
	})
}

func (l *linter) danglingRoles() []Finding {
	found := l.each(func(_ int, a *braintrust.ACL) bool { return !l.goneSubject(a) && l.goneRole(a) })
	return found.findings(func(key pair, _ []string) string {
		return fmt.Sprintf("%s is granted a role on %s that is deleted", l.name(key.principal), l.node(key.node))
	})
}

// findGone marks the grants on what is known to be gone. Playgrounds and newer types cannot be listed, and
// single objects are only missed where all of them were read.
func (l *linter) findGone() []bool {
	live := make(map[string]bool, len(l.in.Snapshot.Objects)) // ids of objects, and whether they exist
	for i := range l.in.Snapshot.Objects {
		o := &l.in.Snapshot.Objects[i]
		live[o.ID] = o.DeletedAt == nil && l.projects[o.ProjectID]
	}
	gone := make([]bool, len(l.in.Snapshot.ACLs))
	for i := range l.in.Snapshot.ACLs {
		switch a := &l.in.Snapshot.ACLs[i]; a.ObjectType {
		case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
			gone[i] = a.ObjectID != l.org.ID
		case braintrust.ObjectGroup:
			gone[i] = l.groups[a.ObjectID] == nil
		case braintrust.ObjectRole:
			gone[i] = l.roles[a.ObjectID] == nil
		case braintrust.ObjectProject, braintrust.ObjectProjectLog:
			gone[i] = !l.projects[a.ObjectID]
		case braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt:
			is, listed := live[a.ObjectID]
			gone[i] = listed && !is || !listed && l.in.AllObjects
		default:
			is, listed := live[a.ObjectID]
			gone[i] = listed && !is
		}
	}
	return gone
}

func (l *linter) danglingObjects() []Finding {
	gone := l.gone()
	found := l.each(func(i int, a *braintrust.ACL) bool { return gone[i] && !l.goneSubject(a) && !l.goneRole(a) })
	return found.findings(func(key pair, ids []string) string {
		return fmt.Sprintf("%s has %s on %s, which does not exist any more", l.name(key.principal), count(len(ids), "grant"), l.node(key.node))
	})
}

// powerlessGrants are those that give nothing although all that they name is there.
func (l *linter) powerlessGrants() []Finding {
	waste, gone := l.waste(), l.gone()
	found := l.each(func(i int, a *braintrust.ACL) bool {
		return waste[i] == compiled.Powerless && !gone[i] && !l.goneSubject(a) && !l.goneRole(a)
	})
	return found.findings(func(key pair, ids []string) string {
		return fmt.Sprintf("%s has %s on %s that can give nothing there", l.name(key.principal), count(len(ids), "grant"), l.node(key.node))
	})
}

func (l *linter) grantsToEmptyGroups() []Finding {
	waste := l.waste()
	// One finding a group: what to do about it is one decision.
	var order []string
	ids := map[string][]string{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		group := l.groups[a.GroupID]
		if waste[i] != compiled.Unmanned || group == nil || access.IsBuiltInGroup(group.Name) {
			continue
		}
		if ids[a.GroupID] == nil {
			order = append(order, a.GroupID)
		}
		ids[a.GroupID] = append(ids[a.GroupID], a.ID)
	}
	var out []Finding
	for _, id := range order {
		out = append(out, Finding{
			Message:    fmt.Sprintf("%s has no users, but %s", l.name(groupOf(id)), count(len(ids[id]), "grant")),
			Principals: []access.Principal{groupOf(id)}, ACLs: ids[id], Fix: deleteACLs(ids[id]),
		})
	}
	return out
}

// explained is for how many redundant grants it is looked up what covers them.
const explained = 50

func (l *linter) redundantGrants() []Finding {
	waste, found := l.waste(), newGather()
	acls := l.in.Snapshot.ACLs
	for _, i := range l.removable() {
		if waste[i] == compiled.Redundant {
			found.add(i, &acls[i])
		}
	}
	findings := found.findings(func(key pair, ids []string) string {
		verb := "gives"
		if len(ids) > 1 {
			verb = "give"
		}
		return fmt.Sprintf("%s of %s on %s %s nothing that other grants do not give", count(len(ids), "grant"), l.name(key.principal), l.node(key.node), verb)
	})
	for i, key := range found.order {
		if i == explained {
			break
		}
		for _, by := range l.in.Engine.CoveredBy(found.first[key]) {
			findings[i].CoveredBy = append(findings[i].CoveredBy, acls[by].ID)
		}
	}
	return findings
}

// directGrants are what people hold themselves, one finding a person. What is wasted is reported elsewhere.
func (l *linter) directGrants() []Finding {
	waste := l.waste()
	type direct struct {
		ids   []string
		nodes map[access.Node]bool
		roles int
	}
	var order []string
	found := map[string]*direct{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		if a.UserID == "" || waste[i] != compiled.Needed || !l.person(a.UserID) {
			continue
		}
		d := found[a.UserID]
		if d == nil {
			d = &direct{nodes: map[access.Node]bool{}}
			found[a.UserID], order = d, append(order, a.UserID)
		}
		d.ids = append(d.ids, a.ID)
		d.nodes[access.NodeOf(a.ACLItem)] = true
		if role := l.roles[a.RoleID]; role != nil && role.OrgID == "" && role.Name == "Owner" {
			d.roles++
		}
	}
	var out []Finding
	for _, id := range order {
		d := found[id]
		message := fmt.Sprintf("%s has %s of his own on %s", l.name(userOf(id)), count(len(d.ids), "grant"), count(len(d.nodes), "object"))
		if d.roles > 0 {
			message += fmt.Sprintf(", %d of them as creators have", d.roles)
		}
		out = append(out, Finding{
			Message: message + ": leaving a group does not end them", Principals: []access.Principal{userOf(id)}, ACLs: d.ids, Fix: deleteACLs(d.ids),
		})
	}
	return out
}

func (l *linter) unknownPermissions() []Finding {
	known := braintrust.Permissions()
	words := map[pair][]string{}
	found := l.each(func(_ int, a *braintrust.ACL) bool {
		if a.RoleID != "" || slices.Contains(known, a.Permission) {
			return false
		}
		key := pair{access.PrincipalOf(a.ACLItem), access.NodeOf(a.ACLItem)}
		words[key] = append(words[key], string(a.Permission))
		return true
	})
	out := found.findings(func(key pair, _ []string) string {
		return fmt.Sprintf("%s has the unknown permission %s on %s", l.name(key.principal), strings.Join(words[key], ", "), l.node(key.node))
	})
	for i := range l.in.Snapshot.Roles {
		role := &l.in.Snapshot.Roles[i]
		var unknown []string
		for _, m := range role.MemberPermissions {
			if !slices.Contains(known, m.Permission) {
				unknown = append(unknown, string(m.Permission))
			}
		}
		if len(unknown) == 0 || role.DeletedAt != nil {
			continue
		}
		n := access.Node{Type: braintrust.ObjectRole, ID: role.ID}
		f := Finding{Message: fmt.Sprintf("%s carries the unknown permission %s", l.node(n), strings.Join(unknown, ", ")), Nodes: []access.Node{n}}
		if role.OrgID != "" {
			f.Fix = []Command{l.patch("role", role.ID, "remove_member_permissions", tuplesJSON(role, known))}
		} else {
			f.Fix = []Command{{"btadmin", "acl", "list", "--role", role.Name}}
		}
		out = append(out, f)
	}
	return out
}

// partialManageAccess finds one to three of the four permissions, granted singly in one row. Roles are made in
// parts on purpose, and read_acls alone is what an auditor is given.
func (l *linter) partialManageAccess() []Finding {
	type row struct {
		pair
		restrict braintrust.ObjectType
	}
	four := braintrust.ACLPermissions()
	var order []row
	have, ids := map[row][]braintrust.Permission{}, map[row][]string{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		if !slices.Contains(four, a.Permission) || l.goneSubject(a) {
			continue
		}
		key := row{pair{access.PrincipalOf(a.ACLItem), access.NodeOf(a.ACLItem)}, a.RestrictObjectType}
		if have[key] == nil {
			order = append(order, key)
		}
		if !slices.Contains(have[key], a.Permission) {
			have[key] = append(have[key], a.Permission)
		}
		ids[key] = append(ids[key], a.ID)
	}
	var out []Finding
	for _, key := range order {
		if len(have[key]) == len(four) || len(have[key]) == 1 && have[key][0] == braintrust.PermissionReadACLs {
			continue
		}
		var words []string
		for _, p := range four {
			if slices.Contains(have[key], p) {
				words = append(words, string(p))
			}
		}
		message := fmt.Sprintf("%s has %s on %s, not the whole of manage access", l.name(key.principal), strings.Join(words, ", "), l.node(key.node))
		if key.restrict != "" {
			message = fmt.Sprintf("%s has %s on every %s in %s, not the whole of manage access", l.name(key.principal), strings.Join(words, ", "), key.restrict, l.node(key.node))
		}
		if slices.Contains(have[key], braintrust.PermissionCreateACLs) {
			message += "; create_acls is enough to take the rest"
		}
		f := Finding{Message: message, Principals: []access.Principal{key.principal}, Nodes: []access.Node{key.node}, ACLs: ids[key], Fix: deleteACLs(ids[key])}
		if key.restrict != "" {
			f.Nodes = append(f.Nodes, access.Node{Type: key.restrict})
		}
		out = append(out, f)
	}
	return out
}
