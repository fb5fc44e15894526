package diff

import (
	"maps"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// alignment is two states made to have the same nodes. What is new is put into the earlier one, with no
// grants, so that a right on it is compared with what containers would have given there. What the later
// state does not list, although it may still be there, is put into that.
type alignment struct {
	before, after      *access.Snapshot
	things             []access.Node // groups, roles and project groups of the later state
	projects           []string
	objects            []located
	moved              []access.Node // objects that are in another project now
	appeared, vanished []Thing
	renamed            []Rename
}

// located is an object and its project, "" when nobody knows.
type located struct {
	node    access.Node
	project string
}

// align makes the states comparable. With complete, what the later state's list of objects lacks is gone.
func align(before, after *access.Snapshot, complete bool) *alignment {
	b, a := *before, *after
	al := &alignment{before: &b, after: &a}
	unwanted := map[access.Node]bool{} // nodes whose grants the earlier state must not count
	fresh := func(t braintrust.ObjectType, id string) { unwanted[access.Node{Type: t, ID: id}] = true }

	was, is := byID(before.Users, userOf), byID(after.Users, userOf)
	compareLists(al, KindUser, was, is)

	wereGroups, areGroups := byID(before.Groups, groupOf), byID(after.Groups, groupOf)
	b.Groups = slices.Clip(b.Groups)
	for _, id := range compareLists(al, braintrust.ObjectGroup, wereGroups, areGroups) {
		b.Groups = append(b.Groups, braintrust.Group{ID: id})
		fresh(braintrust.ObjectGroup, id)
	}
	wereRoles, areRoles := byID(before.Roles, roleOf), byID(after.Roles, roleOf)
	b.Roles = slices.Clip(b.Roles)
	for _, id := range compareLists(al, braintrust.ObjectRole, wereRoles, areRoles) {
		b.Roles = append(b.Roles, braintrust.Role{ID: id})
		fresh(braintrust.ObjectRole, id)
	}
	wereSets, areSets := byID(before.ProjectGroups, setOf), byID(after.ProjectGroups, setOf)
	b.ProjectGroups = slices.Clip(b.ProjectGroups)
	for _, id := range compareLists(al, braintrust.ObjectProjectGroup, wereSets, areSets) {
		b.ProjectGroups = append(b.ProjectGroups, braintrust.ProjectGroup{ID: id})
		fresh(braintrust.ObjectProjectGroup, id)
	}
	al.addThings(braintrust.ObjectGroup, areGroups)
	al.addThings(braintrust.ObjectRole, areRoles)
	al.addThings(braintrust.ObjectProjectGroup, areSets)

	wereProjects, areProjects := byID(before.Projects, projectOf), byID(after.Projects, projectOf)
	b.Projects = slices.Clip(b.Projects)
	for _, id := range compareLists(al, braintrust.ObjectProject, wereProjects, areProjects) {
		b.Projects = append(b.Projects, braintrust.Project{ID: id})
		fresh(braintrust.ObjectProject, id)
		fresh(braintrust.ObjectProjectLog, id)
	}
	al.projects = slices.Sorted(maps.Keys(areProjects))
	al.alignObjects(complete, wereProjects, areProjects, unwanted)
	b.ProjectGroups = outOfGroups(b.ProjectGroups, unwanted)
	b.ACLs, a.ACLs = grants(b.ACLs, unwanted), grants(a.ACLs, nil)
	return al
}

// grants are the grants that count: the first of each id, as in access.State, without those on some nodes. As a rule all
// count, and the list is not copied.
func grants(acls []braintrust.ACL, unwanted map[access.Node]bool) []braintrust.ACL {
	seen := make(map[string]bool, len(acls))
	out := acls
	for i := range acls {
		acl := &acls[i]
		counts := !seen[acl.ID] && !unwanted[access.NodeOf(acl.ACLItem)]
		seen[acl.ID] = true
		switch whole := len(out) == len(acls); {
		case whole && !counts:
			out = append(make([]braintrust.ACL, 0, len(acls)-1), acls[:i]...)
		case !whole && counts:
			out = append(out, *acl)
		}
	}
	return out
}

// outOfGroups takes projects that the earlier state does not have out of its project groups.
func outOfGroups(sets []braintrust.ProjectGroup, unwanted map[access.Node]bool) []braintrust.ProjectGroup {
	fresh := func(id string) bool { return unwanted[access.Node{Type: braintrust.ObjectProject, ID: id}] }
	out := slices.Clone(sets)
	for i := range out {
		if slices.ContainsFunc(out[i].MemberProjects, fresh) {
			out[i].MemberProjects = slices.DeleteFunc(slices.Clone(out[i].MemberProjects), fresh)
		}
	}
	return out
}
