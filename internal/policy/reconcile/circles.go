package reconcile

import (
	"slices"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
)

// nesting is who lists whom: the groups that a group has as members, by id.
type nesting map[string][]string

// link is a group that the document lists as a member of another.
type link struct {
	outer, inner string
	at           document.Pos
}

// circles warns of groups that become, or stay, members of each other in a circle through groups that the document does not
// list. Circles that the document draws by itself are told when it is read.
func (c *comparison) circles() {
	links := c.links()
	written, all := nesting{}, c.nested()
	for _, l := range links {
		written[l.outer] = append(written[l.outer], l.inner)
	}
	told := map[string]bool{}
	for _, l := range links {
		if l.outer == l.inner || told[l.outer] && told[l.inner] || written.way(l.inner, l.outer) != nil {
			continue
		}
		back := all.way(l.inner, l.outer)
		if back == nil {
			continue
		}
		names := []string{c.index.groups[l.outer].Name}
		for _, id := range back {
			told[id] = true
			names = append(names, c.index.groups[id].Name)
		}
		c.warn(l.at, "with groups that are there already, groups are members of each other in a circle: %s; everybody in it has what any of them grants",
			text.Visible(strings.Join(names, ", ")))
	}
}

// nested is the nesting after the plan.
func (c *comparison) nested() nesting {
	n := nesting{}
	gone := map[string]bool{}
	for _, step := range c.deletes {
		if d, is := step.(*change.DeleteGroup); is {
			gone[d.Group.ID] = true
		}
	}
	for id, g := range c.index.groups {
		if gone[id] {
			continue
		}
		for _, inner := range g.MemberGroups {
			if c.index.groups[inner] != nil && !gone[inner] {
				n[id] = append(n[id], inner)
			}
		}
	}
	for _, step := range slices.Concat(c.creates, c.patches) {
		switch s := step.(type) {
		case *change.CreateGroup:
			id := change.New("group", s.Name)
			n[id] = append(n[id], s.MemberGroups...)
		case *change.PatchGroup:
			id := s.Group.ID
			n[id] = slices.DeleteFunc(n[id], func(inner string) bool { return slices.Contains(s.Patch.RemoveMemberGroups, inner) })
			n[id] = append(n[id], s.Patch.AddMemberGroups...)
		}
	}
	for _, inner := range n {
		slices.Sort(inner) // so that the same way is always told
	}
	return n
}

// links are what the document itself says, in its order.
func (c *comparison) links() []link {
	var links []link
	for _, g := range c.desired.Groups {
		outer, there := c.index.groupNamed[g.Name.Value]
		for _, m := range g.Members {
			if m.Kind != policy.GroupName || !there || m.Until.Over(c.options.Now) {
				continue
			}
			if inner, there := c.index.groupNamed[m.Name]; there {
				links = append(links, link{outer.ID, inner.ID, m.At})
			}
		}
	}
	return links
}

// way is a shortest way from one group down to another, both included, nil when there is none.
func (n nesting) way(from, to string) []string {
	before := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0 && queue[0] != to; queue = queue[1:] {
		for _, inner := range n[queue[0]] {
			if _, seen := before[inner]; !seen {
				before[inner] = queue[0]
				queue = append(queue, inner)
			}
		}
	}
	if _, reached := before[to]; !reached {
		return nil
	}
	var way []string
	for id := to; id != ""; id = before[id] {
		way = append(way, id)
	}
	slices.Reverse(way)
	return way
}
