package sandbox

import (
	"slices"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/braintrust"
)

func roles() *resource {
	tuple := []field{
		{name: "permission", kind: text, in: inCreate, required: true, enum: permissionNames()},
		{name: "restrict_object_type", kind: text, in: inCreate, enum: objectTypes()},
	}
	return &resource{
		kind: kindRole, label: "Role", objectType: braintrust.ObjectRole,
		fields: []field{
			idField(), orgField(), creatorField(), createdField(), nameField(), descriptionField(), deletedField(),
			{name: "member_permissions", kind: objects, in: inAnswer | inCreate, sub: tuple, def: "[]"},
			{name: "member_roles", kind: uuids, in: inAnswer | inCreate, def: "[]"},
			orgNameField(),
			{name: "add_member_permissions", kind: objects, in: inPatch, sub: tuple},
			{name: "remove_member_permissions", kind: objects, in: inPatch, sub: tuple},
			{name: "add_member_roles", kind: uuids, in: inPatch},
			{name: "remove_member_roles", kind: uuids, in: inPatch},
		},
		filters: []filter{{param: "role_name", field: "name"}},
		put:     true, patch: true,
		// System roles have no organization, so that a custom one may have the same name.
		key:   func(d document) string { return d.text("org_id") + "/" + d.text("name") },
		place: placeIn(braintrust.ObjectOrganization),
		node:  nodeOf(braintrust.ObjectRole),
		above: inOrganization(braintrust.ObjectOrganization),
		mayRead: func(c *call, r *row) bool {
			return isSystemRole(r) || c.may(braintrust.PermissionRead, nodeOf(braintrust.ObjectRole)(r))
		},
		complete: func(c *call, d document) error {
			d["member_permissions"] = tuples(nil, tuplesIn(d["member_permissions"]), nil)
			d["member_roles"] = list(lowered(d.texts("member_roles")))
			return c.knownRows(kindRole, "Role", lowered(d.texts("member_roles")))
		},
		allow: func(_ *call, r *row, _ braintrust.Permission) error {
			if isSystemRole(r) {
				return forbidden("the system role %s can be assigned, not changed", r.value.(*braintrust.Role).Name)
			}
			return nil
		},
		patched: patchRole,
		decode:  decodeAs[braintrust.Role],
		enter:   func(w *world, r *row) { w.access.PutRole(*r.value.(*braintrust.Role)) },
		leave:   func(w *world, r *row) { w.access.DeleteRole(r.id) },
	}
}

func isSystemRole(r *row) bool { return r.value.(*braintrust.Role).OrgID == "" }

// systemRole is one of the server's own roles, nil when there is none of that name.
func (w *world) systemRole(name string) *row { return w.table(kindRole).byKey["/"+name] }

func patchRole(c *call, _ *row, body, doc document) (func(), error) {
	members, err := c.patchSet(kindRole, "Role", doc.texts("member_roles"), body.texts("add_member_roles"), body.texts("remove_member_roles"))
	if err != nil {
		return nil, err
	}
	doc["member_roles"] = list(members)
	doc["member_permissions"] = tuples(tuplesIn(doc["member_permissions"]),
		tuplesIn(body["add_member_permissions"]), tuplesIn(body["remove_member_permissions"]))
	return func() {}, nil
}

// tuplesIn reads tuples that were checked before.
func tuplesIn(v []byte) []braintrust.RolePermission {
	var out []braintrust.RolePermission
	if len(v) == 0 || json.Unmarshal(v, &out) != nil {
		return nil
	}
	return out
}

// tuples is a set of tuples after additions and removals, as JSON.
func tuples(have, add, remove []braintrust.RolePermission) []byte {
	set := []braintrust.RolePermission{}
	for _, t := range append(have, add...) {
		if !slices.Contains(set, t) && !slices.Contains(remove, t) {
			set = append(set, t)
		}
	}
	return marshal(set)
}
