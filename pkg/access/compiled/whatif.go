package compiled

import (
	"fmt"
	"maps"
	"slices"

	"btadmin/pkg/braintrust"
)

// Change is something that has not happened: grants added and removed, groups with other members.
type Change struct {
	Add    []braintrust.ACLItem
	Remove []braintrust.ACLItem // one row each; one that is not there changes nothing
	Groups []braintrust.Group   // each replaces the members of a live group
}

// With is the organization after a change. The Engine itself stays as it is, and what the change does not
// touch is shared: names are not read again, which is most of what compiling costs. Groups can neither be
// added nor deleted this way.
func (e *Engine) With(c Change) (*Engine, error) {
	after := &Engine{directory: e.directory.clone(), rights: e.rights.clone(), listed: e.listed, records: slices.Clone(e.records), given: e.given, subjects: e.subjects}
	if err := after.replace(c.Groups); err != nil {
		return nil, err
	}
	r := &reader{d: after.directory, rights: after.rights}
	for _, item := range c.Remove {
		if one := r.add(&braintrust.ACL{ACLItem: item}); one.node != none {
			if i := slices.Index(after.records, one); i >= 0 {
				after.records[i] = dropped()
			}
		}
	}
	for i, item := range c.Add {
		if one := r.add(&braintrust.ACL{ID: fmt.Sprint(i), ACLItem: item}); one.node != none {
			after.records = append(after.records, one)
		}
	}
	after.others = slices.Clone(e.others)
	for _, p := range r.otherPermissions(nil) {
		if !slices.Contains(after.others, p) {
			after.others = append(after.others, p)
		}
	}
	if len(c.Groups) > 0 || len(after.userIDs) != len(e.userIDs) {
		after.subjects = newSubjects(&after.listed, len(after.userIDs))
	}
	after.assemble()
	return after, nil
}

// replace gives groups other members.
func (e *Engine) replace(groups []braintrust.Group) error {
	if len(groups) == 0 {
		return nil
	}
	changed := map[uint32]*braintrust.Group{}
	for i := range groups {
		g, live := e.groups.get(groups[i].ID)
		if !live || groups[i].DeletedAt != nil {
			return fmt.Errorf("changing the members of group %s: only live groups of the snapshot can be changed", groups[i].ID)
		}
		changed[g] = &groups[i]
	}
	var all []*braintrust.Group
	for _, g := range slices.Sorted(maps.Keys(changed)) {
		all = append(all, changed[g])
	}
	fresh := membersOf(e.directory, all)
	count := len(e.groupIDs)
	merged := members{users: newLists(count), inner: newLists(count)}
	next := uint32(0)
	for g := range uint32(count) {
		from, at := &e.listed, g
		if changed[g] != nil {
			from, at = &fresh, next
			next++
		}
		merged.users.items = append(merged.users.items, from.users.of(at)...)
		merged.inner.items = append(merged.inner.items, from.inner.of(at)...)
		merged.users.close()
		merged.inner.close()
	}
	e.listed = merged
	return nil
}

// clone copies what a change may add to: users, types and objects that nothing named before.
func (d *directory) clone() *directory {
	c := *d
	c.unknown = maps.Clone(d.unknown)
	c.users = d.users.clone()
	c.objects = make([]*index, len(d.objects))
	for k, numbers := range d.objects {
		c.objects[k] = numbers.clone()
	}
	c.types, c.userIDs = slices.Clip(d.types), slices.Clip(d.userIDs)
	c.kindOf, c.projectOf, c.nodeIDs = slices.Clip(d.kindOf), slices.Clip(d.projectOf), slices.Clip(d.nodeIDs)
	return &c
}

func (r *rights) clone() *rights {
	c := *r
	c.unknown, c.tuples, c.gifts = maps.Clone(r.unknown), maps.Clone(r.tuples), slices.Clip(r.gifts)
	return &c
}
