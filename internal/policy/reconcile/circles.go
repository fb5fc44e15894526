package reconcile

import (
	"slices"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
)

// nest is who lists whom once the document is carried out.
type nest struct {
	inner   map[string][]string // by id: the groups that a group lists
	circle  map[string]int      // by id: groups with the same number are members of each other
	written []link              // what the document itself says, in its order
}

// link is a group that the document lists as a member of another.
type link struct {
	outer, inner string
	at           document.Pos
}

// circles warns of groups that become, or stay, members of each other in a circle through groups that the document does not
// list. Circles that the document draws by itself are told when it is read.
func (c *comparison) circles() {
	n := c.nest()
	n.findCircles()
	told := map[int]bool{}
	for _, l := range n.written {
		number := n.circle[l.outer]
		if l.outer == l.inner || number != n.circle[l.inner] || told[number] {
			continue
		}
		told[number] = true
		if n.drawn(number) {
			continue
		}
		names := []string{c.index.groups[l.outer].Name}
		for _, id := range n.way(l.inner, l.outer) {
			names = append(names, c.index.groups[id].Name)
		}
		c.warn(l.at, "with groups that are there already, groups are members of each other in a circle: %s; everybody in it has what any of them grants",
			text.Visible(strings.Join(names, ", ")))
	}
}

// nest is the nesting after the plan.
func (c *comparison) nest() *nest {
	n := &nest{inner: map[string][]string{}, circle: map[string]int{}}
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
				n.inner[id] = append(n.inner[id], inner)
			}
		}
	}
	for _, step := range slices.Concat(c.creates, c.patches) {
		switch s := step.(type) {
		case *change.CreateGroup:
			id := change.New("group", s.Name)
			n.inner[id] = append(n.inner[id], s.MemberGroups...)
		case *change.PatchGroup:
			id := s.Group.ID
			n.inner[id] = slices.DeleteFunc(n.inner[id], func(inner string) bool { return slices.Contains(s.Patch.RemoveMemberGroups, inner) })
			n.inner[id] = append(n.inner[id], s.Patch.AddMemberGroups...)
		}
	}
	for _, g := range c.desired.Groups {
		outer, there := c.index.groupNamed[g.Name.Value]
		for _, m := range g.Members {
			if m.Kind != policy.GroupName || !there || m.Until.Over(c.options.Now) {
				continue
			}
			if inner, there := c.index.groupNamed[m.Name]; there {
				n.written = append(n.written, link{outer.ID, inner.ID, m.At})
			}
		}
	}
	return n
}

// findCircles numbers the strongly connected parts (Tarjan).
func (n *nest) findCircles() {
	index, low := map[string]int{}, map[string]int{}
	var stack []string
	waiting := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		index[id] = len(index) + 1
		low[id] = index[id]
		stack = append(stack, id)
		waiting[id] = true
		for _, inner := range n.inner[id] {
			if index[inner] == 0 {
				visit(inner)
				low[id] = min(low[id], low[inner])
			} else if waiting[inner] {
				low[id] = min(low[id], index[inner])
			}
		}
		if low[id] != index[id] {
			return
		}
		for {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			waiting[last] = false
			n.circle[last] = index[id]
			if last == id {
				return
			}
		}
	}
	for _, id := range keys(n.inner) {
		if index[id] == 0 {
			visit(id)
		}
	}
}

// drawn reports whether the document by itself draws a circle among the groups of this number.
func (n *nest) drawn(number int) bool {
	alone := nest{inner: map[string][]string{}, circle: map[string]int{}}
	for _, l := range n.written {
		if l.outer != l.inner && n.circle[l.outer] == number && n.circle[l.inner] == number {
			alone.inner[l.outer] = append(alone.inner[l.outer], l.inner)
		}
	}
	alone.findCircles()
	count := map[int]int{}
	for _, circle := range alone.circle {
		if count[circle]++; count[circle] > 1 {
			return true
		}
	}
	return false
}

// way is a shortest way from one group down to another, both included.
func (n *nest) way(from, to string) []string {
	before := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			break
		}
		for _, inner := range slices.Sorted(slices.Values(n.inner[queue[0]])) {
			if _, seen := before[inner]; !seen {
				before[inner] = queue[0]
				queue = append(queue, inner)
			}
		}
	}
	var way []string
	for id := to; id != ""; id = before[id] {
		way = append(way, id)
	}
	slices.Reverse(way)
	return way
}
