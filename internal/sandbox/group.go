package sandbox

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// groups keep their users in a list of their own (memberlist.go); the row has everything else.
func groups() *resource {
	return &resource{
		kind: kindGroup, label: "Group", objectType: braintrust.ObjectGroup,
		fields: []field{
			idField(),
			{name: "org_id", kind: uuidText, in: inAnswer | inCreate}, // see thisOrganization
			creatorField(), createdField(), nameField(), descriptionField(), deletedField(),
			{name: "member_users", kind: uuids, in: inCreate},
			{name: "member_groups", kind: uuids, in: inAnswer | inCreate, def: "[]"},
			orgNameField(),
			{name: "add_member_users", kind: uuids, in: inPatch},
			{name: "remove_member_users", kind: uuids, in: inPatch},
			{name: "add_member_groups", kind: uuids, in: inPatch},
			{name: "remove_member_groups", kind: uuids, in: inPatch},
		},
		filters: []filter{{param: "group_name", field: "name"}},
		put:     true, patch: true,
		key:   byName,
		place: placeIn(braintrust.ObjectOrganization),
		node:  nodeOf(braintrust.ObjectGroup),
		above: inOrganization(braintrust.ObjectOrganization),
		mayCreate: func(c *call, _ document) error {
			return c.planAllows("custom permission groups")
		},
		complete: func(c *call, d document) error {
			d["member_groups"] = list(lowered(d.texts("member_groups")))
			if err := c.knownUsers(lowered(d.texts("member_users"))); err != nil {
				return err
			}
			return c.knownRows(kindGroup, "Group", lowered(d.texts("member_groups")))
		},
		created: func(c *call, r *row, body document) {
			c.addMembers(r.id, lowered(body.texts("member_users")))
		},
		replaced: func(c *call, r *row, body document) {
			wanted := lowered(body.texts("member_users"))
			var gone []string
			for _, user := range c.members[r.id].order {
				if !slices.Contains(wanted, user) {
					gone = append(gone, user)
				}
			}
			c.removeMembers(r.id, gone)
			c.addMembers(r.id, wanted)
		},
		allow:   allowGroup,
		patched: patchGroup,
		decode:  decodeAs[braintrust.Group],
		enter:   enterGroup,
		leave:   func(w *world, r *row) { w.access.DeleteGroup(r.id) },
		body:    showGroup,
	}
}

// enterGroup gives the evaluator the group with its users, because it forgets them with the old version.
func enterGroup(w *world, r *row) {
	g := *r.value.(*braintrust.Group)
	if m := w.members[r.id]; m != nil {
		g.MemberUsers = m.order
	}
	w.access.PutGroup(g)
}

// showGroup puts the users into the row's body, without a copy: there may be many thousands.
func showGroup(w *world, r *row) [][]byte {
	open := `,"member_users":[`
	return [][]byte{r.body[:len(r.body)-1], []byte(open), w.members[r.id].text, []byte(`]}`)}
}

func allowGroup(_ *call, r *row, verb braintrust.Permission) error {
	name := r.value.(*braintrust.Group).Name
	if verb == braintrust.PermissionDelete && access.IsBuiltInGroup(name) {
		return badRequest("The built-in group %s cannot be deleted", name)
	}
	return nil
}

func patchGroup(c *call, r *row, body, doc document) (func(), error) {
	name := r.value.(*braintrust.Group).Name
	if body.has("name") && body.text("name") != name && access.IsBuiltInGroup(name) {
		return nil, badRequest("The built-in group %s cannot be renamed", name)
	}
	add, remove := lowered(body.texts("add_member_users")), lowered(body.texts("remove_member_users"))
	if err := c.knownUsers(add); err != nil {
		return nil, err
	}
	groups, err := c.patchSet(kindGroup, "Group", doc.texts("member_groups"), body.texts("add_member_groups"), body.texts("remove_member_groups"))
	if err != nil {
		return nil, err
	}
	doc["member_groups"] = list(groups)
	return func() {
		c.addMembers(r.id, add)
		c.removeMembers(r.id, remove)
	}, nil
}

// patchSet is a set of references after add_ and remove_: adding what is there and removing what is not do
// nothing, what is added must be there.
func (w *world) patchSet(kind, label string, have, add, remove []string) ([]string, error) {
	add, remove = lowered(add), lowered(remove)
	if err := w.knownRows(kind, label, add); err != nil {
		return nil, err
	}
	set := lowered(append(slices.Clone(have), add...))
	return slices.DeleteFunc(set, func(id string) bool { return slices.Contains(remove, id) }), nil
}

// knownRows refuses references that lead nowhere.
func (w *world) knownRows(kind, label string, ids []string) error {
	for _, id := range ids {
		if w.table(kind).live(id) == nil {
			return noAccess(label, id)
		}
	}
	return nil
}
