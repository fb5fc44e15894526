package acl

import (
	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// changes is what several wishes come to: each addition and each removal once.
type changes struct {
	add    *change.AddACLs
	remove *change.RemoveACLs
	steps  []change.Step // those of the two that do something
}

// plan puts wishes together. What one wish wants to be there, no other takes away.
func (v verb) plan(wishes []*wish, have *index) changes {
	c := changes{add: &change.AddACLs{}, remove: &change.RemoveACLs{}}
	wanted := map[braintrust.ACLItem]bool{}
	if v.adds {
		for _, w := range wishes {
			for _, item := range w.set.Items {
				wanted[item] = true
			}
		}
	}
	adding, removing := map[braintrust.ACLItem]bool{}, map[braintrust.ACLItem]bool{}
	for _, w := range wishes {
		more, less := v.want(w, have)
		for _, item := range more {
			if !adding[item] {
				adding[item] = true
				c.add.Items = append(c.add.Items, item)
			}
		}
		for _, acl := range less {
			if !removing[acl.ACLItem] && !wanted[acl.ACLItem] {
				removing[acl.ACLItem] = true
				c.remove.ACLs = append(c.remove.ACLs, acl)
			}
		}
	}
	if len(c.add.Items) > 0 {
		c.steps = append(c.steps, c.add)
	}
	if len(c.remove.ACLs) > 0 {
		c.steps = append(c.steps, c.remove)
	}
	return c
}

// after is what a wish's rows hold once the changes are made.
func (c changes) after(w *wish, have *index) []braintrust.ACL {
	gone := map[braintrust.ACLItem]bool{}
	for _, acl := range c.remove.ACLs {
		gone[acl.ACLItem] = true
	}
	var now []braintrust.ACL
	seen := map[braintrust.ACLItem]bool{}
	keep := func(acl braintrust.ACL) {
		if !gone[acl.ACLItem] && !seen[acl.ACLItem] && w.concerns(acl.ACLItem) {
			seen[acl.ACLItem] = true
			now = append(now, acl)
		}
	}
	for _, acl := range c.add.Out {
		keep(acl)
	}
	for _, row := range w.rows() {
		for _, acl := range have.row(w.table, w.who.Principal, row) {
			keep(acl)
		}
	}
	for _, item := range w.set.Items {
		if acl, there := have.byItem[item]; there {
			keep(acl)
		}
	}
	return now
}
