package sandbox

import (
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// aclItemFields are the fields of AclItem. A body may carry null for what it does not set.
func aclItemFields() []field {
	in := inCreate
	return []field{
		{name: "object_type", kind: text, in: in, required: true, enum: objectTypes()},
		{name: "object_id", kind: uuidText, in: in, required: true},
		{name: "user_id", kind: uuidText, in: in},
		{name: "group_id", kind: uuidText, in: in},
		{name: "permission", kind: text, in: in, enum: permissionNames()},
		{name: "restrict_object_type", kind: text, in: in, enum: objectTypes()},
		{name: "role_id", kind: uuidText, in: in},
	}
}

func acls() *resource {
	uuid := func(name string) filter { return filter{param: name, field: name, kind: uuidText} }
	word := func(name string, enum []string) filter { return filter{param: name, field: name, enum: enum} }
	return &resource{
		kind: kindACL, label: "ACL", fields: aclItemFields(),
		// In the order of aclTerms.
		filters: []filter{
			word("object_type", objectTypes()), uuid("object_id"), uuid("user_id"), uuid("group_id"),
			word("permission", permissionNames()), word("restrict_object_type", objectTypes()), uuid("role_id"),
		},
		decode:  decodeAs[braintrust.ACL],
		node:    func(r *row) access.Node { return access.NodeOf(itemOf(r)) },
		mayRead: func(c *call, r *row) bool { return c.mayOn(braintrust.PermissionReadACLs, access.NodeOf(itemOf(r))) },
		check: func(c *call, r *row, _ braintrust.Permission) error {
			return c.needOn(braintrust.PermissionDeleteACLs, access.NodeOf(itemOf(r)), noAccess("ACL", r.id))
		},
		hard:  true,
		enter: func(w *world, r *row) { w.access.PutACL(*r.value.(*braintrust.ACL)) },
		leave: func(w *world, r *row) { w.access.DeleteACL(r.id) },
	}
}

func itemOf(r *row) braintrust.ACLItem { return r.value.(*braintrust.ACL).ACLItem }

// aclTerms are the values of a grant's filter fields. They are made when they are asked for: there may be 100,000.
func aclTerms(i braintrust.ACLItem) [7]string {
	return [7]string{string(i.ObjectType), i.ObjectID, i.UserID, i.GroupID, string(i.Permission), string(i.RestrictObjectType), i.RoleID}
}

// findACL is the live row with these contents, nil when there is none.
func (w *world) findACL(item braintrust.ACLItem) *row {
	a, found := w.access.FindACL(item)
	if !found {
		return nil
	}
	return w.table(kindACL).live(a.ID)
}

// insertACL adds a grant that was checked.
func (w *world) insertACL(id string, item braintrust.ACLItem, created string) *row {
	return w.insert(kindACL, id, aclBody(id, w.orgID(), item, created), nil)
}

// aclBody leaves out a permission or restriction that is not set: the specification does not allow null there.
func aclBody(id, orgID string, item braintrust.ACLItem, created string) []byte {
	out := make([]byte, 0, 420)
	pair := func(open, value string) {
		if value == "" {
			out = append(append(out, open...), "null"...)
			return
		}
		// Ids, enum values and times: nothing to escape.
		out = append(append(append(append(out, open...), '"'), value...), '"')
	}
	pair(`{"id":`, id)
	pair(`,"object_type":`, string(item.ObjectType))
	pair(`,"object_id":`, item.ObjectID)
	pair(`,"user_id":`, item.UserID)
	pair(`,"group_id":`, item.GroupID)
	if item.Permission != "" {
		pair(`,"permission":`, string(item.Permission))
	}
	if item.RestrictObjectType != "" {
		pair(`,"restrict_object_type":`, string(item.RestrictObjectType))
	}
	pair(`,"role_id":`, item.RoleID)
	pair(`,"_object_org_id":`, orgID)
	pair(`,"created":`, created)
	return append(out, '}')
}

// aclItem reads the contents of a grant and says what is wrong with them by themselves.
func aclItem(d document) (braintrust.ACLItem, error) {
	id := func(name string) string { return strings.ToLower(d.text(name)) }
	item := braintrust.ACLItem{
		ObjectType: braintrust.ObjectType(d.text("object_type")), ObjectID: id("object_id"),
		UserID: id("user_id"), GroupID: id("group_id"), RoleID: id("role_id"),
		Permission:         braintrust.Permission(d.text("permission")),
		RestrictObjectType: braintrust.ObjectType(d.text("restrict_object_type")),
	}
	switch {
	case item.UserID == "" && item.GroupID == "":
		// The real server does not check this and fails on the way to its database (domain.md, section 4).
		return item, internalError("Internal error")
	case item.UserID != "" && item.GroupID != "":
		return item, badRequest("Exactly one of user_id and group_id must be provided")
	case (item.Permission == "") == (item.RoleID == ""):
		return item, badRequest("Exactly one of permission and role_id must be provided")
	case item.RoleID != "" && item.RestrictObjectType != "":
		return item, badRequest("restrict_object_type cannot be set alongside a role_id")
	}
	return item, nil
}

// mayOn asks for a right over the grants of an object. Grants of what is gone are the organization's affair.
func (c *call) mayOn(p braintrust.Permission, n access.Node) bool {
	if !c.exists(n) {
		return c.may(p, c.orgNode(braintrust.ObjectOrganization))
	}
	return c.may(p, n)
}

// needOn refuses when mayOn says no; an object that the caller cannot see is not told from a missing one.
func (c *call) needOn(p braintrust.Permission, n access.Node, unseen error) error {
	if c.mayOn(p, n) {
		return nil
	}
	if !c.sees(n) {
		return unseen
	}
	return forbidden("missing %s access on %s %s", p, n.Type, n.ID)
}

// sees reports whether the caller may know that n is there.
func (c *call) sees(n access.Node) bool {
	if !c.exists(n) {
		return false
	}
	if ofOrganization(n.Type) {
		return true
	}
	if n.Type == braintrust.ObjectRole && isSystemRole(c.table(kindRole).live(n.ID)) {
		return true
	}
	return c.may(braintrust.PermissionRead, n)
}

// noNode is the refusal for an object that is not there or not to be seen.
func noNode(n access.Node) error { return noAccess(string(n.Type), n.ID) }
