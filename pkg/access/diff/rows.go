package diff

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// findRows notes for every principal the places at which a grant to it can make a difference to what is held
// above: the node itself, and the projects of a project group.
func (c *comparison) findRows(al *alignment) {
	c.rows = map[access.Principal][]int32{}
	seen := map[row]bool{}
	c.touched = map[int32]bool{}
	was, is := projectsIn(al.before), projectsIn(al.after)
	items := itemsOf(al.before, al.after)
	for _, s := range []*access.Snapshot{al.before, al.after} {
		for i := range s.ACLs {
			item := s.ACLs[i].ACLItem
			r := row{access.PrincipalOf(item), access.NodeOf(item)}
			differs := items[item] != inBoth || item.RoleID != "" && !slices.Equal(c.before.roles[item.RoleID], c.after.roles[item.RoleID])
			if seen[r] && !differs {
				continue
			}
			for _, id := range union(was[r.node.ID], is[r.node.ID]) {
				moved := slices.Contains(was[r.node.ID], id) != slices.Contains(is[r.node.ID], id)
				c.addRow(r.principal, access.Node{Type: braintrust.ObjectProject, ID: id}, seen[r], differs || moved)
			}
			c.addRow(r.principal, r.node, seen[r], differs)
			seen[r] = true
		}
	}
	for _, n := range al.moved {
		if at, known := c.u.own(n); known {
			c.moved = append(c.moved, at)
		}
	}
}

// projectsIn lists the projects of each project group, those of a group that is gone, too.
func projectsIn(s *access.Snapshot) map[string][]string {
	in := map[string][]string{}
	for i := range s.ProjectGroups {
		in[s.ProjectGroups[i].ID] = append(in[s.ProjectGroups[i].ID], s.ProjectGroups[i].MemberProjects...)
	}
	return in
}

const inBoth = 3

// itemsOf says in which states each grant is: 1 is the earlier, 2 the later.
func itemsOf(before, after *access.Snapshot) map[braintrust.ACLItem]uint8 {
	in := make(map[braintrust.ACLItem]uint8, len(before.ACLs))
	for bit, s := range []*access.Snapshot{before, after} {
		for i := range s.ACLs {
			in[s.ACLs[i].ACLItem] |= 1 << bit
		}
	}
	return in
}

// row says that a principal is granted something on a node.
type row struct {
	principal access.Principal
	node      access.Node
}

func (c *comparison) addRow(p access.Principal, n access.Node, again, differs bool) {
	if n.Type == braintrust.ObjectProjectLog {
		n.Type = braintrust.ObjectProject
	}
	at, known := c.u.own(n)
	if !known || at < c.u.top {
		return
	}
	if differs {
		c.touched[at] = true
	}
	if !again {
		c.rows[p] = append(c.rows[p], at)
	}
}
