package reconcile

import (
	"slices"

	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// holder is a principal with the rows that a document writes for it.
type holder struct {
	principal access.Principal
	name      string // of a group, for patterns and messages
	rows      []policy.Row
	exact     bool
	at        document.Pos
}

// rowKey names one row of a permission page: what it is on, and which type it is restricted to. The organization
// with its members and audit logs is one row.
type rowKey struct {
	node     access.Node
	restrict braintrust.ObjectType
}

func keyOf(item braintrust.ACLItem) rowKey {
	key := rowKey{access.NodeOf(item), item.RestrictObjectType}
	switch key.node.Type {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs:
		key.node.Type, key.restrict = braintrust.ObjectOrganization, ""
	}
	return key
}

// grants compares the rows of one principal with what it is granted. What is granted in a row that is written is
// exactly what the row says; other rows go when the section is exact.
func (c *comparison) grants(h holder) {
	written := map[rowKey]bool{}
	subject := c.index.ref(h.principal)
	for _, r := range c.placed(h) {
		if c.ignoresProject(r.at.project) {
			continue
		}
		items := r.row.Items(h.principal, r.at.node)
		written[rowKey{r.at.node, r.row.Restrict}] = true
		for _, item := range items {
			written[keyOf(item)] = true
		}
		c.limits.approval(c, subject, r.row, items)
		c.want(items, subject, r.row.At)
	}
	var drop []*braintrust.ACL
	for _, acl := range c.index.bySubject[h.principal] {
		item := acl.ACLItem
		n := access.NodeOf(item)
		switch {
		case item.RoleID != "", c.ownedByGroup(n), c.ignoresProject(c.index.home[n]):
			continue // of the role, of the group, of nobody here
		case !c.index.sayable(item):
			c.reportGrant(acl, subject, unsayable, h.at)
			continue
		case h.exact && !c.unlistedGroup(n) || written[keyOf(item)]:
			drop = append(drop, acl)
		}
	}
	c.drop(drop, subject, h.at)
}

// unsayable is why a grant is left alone that is not sayable.
const unsayable = "left alone, because no document can say it"

// unlistedGroup reports whether a node is a group whose administrators no document states: grants on it belong to it.
func (c *comparison) unlistedGroup(n access.Node) bool {
	return n.Type == braintrust.ObjectGroup && !c.administered[n.ID]
}

// placed are the rows with the nodes that they are on: patterns stand for every project that matches, and a row that
// is written for a project by name is the whole truth of that row there.
func (c *comparison) placed(h holder) []placedRow {
	var out []placedRow
	var onProjects []policy.Row
	for _, r := range h.rows {
		if r.On.Type == braintrust.ObjectProject && r.On.Word == "" {
			onProjects = append(onProjects, r)
			continue
		}
		if at, found := c.target(r.On); found {
			out = append(out, placedRow{r, at})
		}
	}
	byName, patterns := map[string][]policy.Row{}, []policy.Row(nil)
	for _, r := range onProjects {
		if _, several := r.On.Pattern(); several {
			patterns = append(patterns, r)
			continue
		}
		c.target(r.On) // a name that is not there is an error
		name, _ := r.On.Projects.Name()
		byName[name] = append(byName[name], r)
	}
	projects := c.index.projects
	if len(patterns) == 0 {
		projects = nil
		for _, name := range keys(byName) {
			projects = append(projects, c.index.projectNamed[name]...)
		}
	}
	for _, p := range projects {
		at := place{node: access.Node{Type: braintrust.ObjectProject, ID: p.ID}, project: p.Name}
		for _, r := range policy.OnProject(slices.Concat(patterns, byName[p.Name]), p.Name) {
			out = append(out, placedRow{r, at})
		}
	}
	c.matches(h, onProjects, out)
	return out
}

type placedRow struct {
	row policy.Row
	at  place
}

// matches tells which projects each pattern stands for now, and which of them are new to it.
func (c *comparison) matches(h holder, rows []policy.Row, placed []placedRow) {
	seen := map[string]bool{}
	for _, r := range rows {
		pattern, several := r.On.Pattern()
		if !several || seen[pattern.String()] {
			continue
		}
		seen[pattern.String()] = true
		m := Match{Group: c.index.ref(h.principal), Pattern: pattern.String(), Projects: []string{}, New: []string{}, At: r.On.At}
		for _, p := range placed {
			if p.row.On.Projects.String() != pattern.String() || c.ignoresProject(p.at.project) || slices.Contains(m.Projects, p.at.project) {
				continue
			}
			m.Projects = append(m.Projects, p.at.project)
			if !c.holdsAnything(h.principal, p.at.node) {
				m.New = append(m.New, p.at.project)
			}
		}
		if len(m.Projects) == 0 {
			c.warn(r.On.At, "the pattern %q matches no project now", pattern.String())
		}
		c.result.Matches = append(c.result.Matches, m)
	}
}

func (c *comparison) holdsAnything(p access.Principal, n access.Node) bool {
	return slices.ContainsFunc(c.index.bySubject[p], func(acl *braintrust.ACL) bool { return access.NodeOf(acl.ACLItem) == n })
}
