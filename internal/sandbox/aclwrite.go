package sandbox

import (
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// listACLs answers GET /v1/acl: the grants on one object.
func listACLs(c *call) (answer, error) {
	res := c.reg.byKind[kindACL]
	for _, name := range []string{"object_type", "object_id"} {
		if c.query.Get(name) == "" {
			return answer{}, badRequest("Required query parameter %s", name)
		}
	}
	n := access.Node{Type: braintrust.ObjectType(c.query.Get("object_type")), ID: strings.ToLower(c.query.Get("object_id"))}
	if _, err := c.filters(res); err != nil { // what is malformed is said first
		return answer{}, err
	}
	if !c.exists(n) {
		return answer{}, noNode(n)
	}
	if err := c.needOn(braintrust.PermissionReadACLs, n, noNode(n)); err != nil {
		return answer{}, err
	}
	rows, err := c.selectRows(res, c.onNode[n], func(*row) bool { return true })
	if err != nil {
		return answer{}, err
	}
	return ok(res.objects(c.world, rows)...), nil
}

// listOrgACLs answers GET /v1/acl/list_org with a bare array: all grants of the organization.
func listOrgACLs(c *call) (answer, error) {
	if err := c.need(braintrust.PermissionReadACLs, c.orgNode(braintrust.ObjectOrganization)); err != nil {
		return answer{}, err
	}
	res := c.reg.byKind[kindACL]
	if names, given := valuesOf(c.query, "org_name", false); given && names[0] != c.orgName() {
		return ok([]byte("[]")), nil
	}
	rows, err := c.selectRows(res, c.table(kindACL).rows, func(*row) bool { return true })
	if err != nil {
		return answer{}, err
	}
	return ok(res.array(c.world, "[", rows, "]")...), nil
}

// postACL answers POST /v1/acl: get-or-create by the whole contents.
func postACL(c *call) (answer, error) {
	body, err := strict(c.body, aclItemFields(), inCreate)
	if err != nil {
		return answer{}, err
	}
	item, err := c.mayAdd(body)
	if err != nil {
		return answer{}, err
	}
	r := c.findACL(item)
	if r != nil {
		c.header.Set(headerExisting, "true")
	} else {
		r = c.insertACL(c.s.newID(), item, c.s.now())
		c.header.Set(headerExisting, "false")
	}
	return ok(r.body), nil
}

// deleteACLItem answers DELETE /v1/acl: by contents.
func deleteACLItem(c *call) (answer, error) {
	body, err := strict(c.body, aclItemFields(), inCreate)
	if err != nil {
		return answer{}, err
	}
	item, err := c.mayRemove(body)
	if err != nil {
		return answer{}, err
	}
	r := c.findACL(item)
	if r == nil {
		return answer{}, badRequest("ACL does not exist or you do not have access")
	}
	c.erase(r)
	return ok(r.body), nil
}

// batchACLs answers POST /v1/acl/batch_update. All is checked before anything is done, and it is done at once:
// first what is added, so that nobody is locked out in between. What is there already, or not there, is no error
// and not in the answer.
func batchACLs(c *call) (answer, error) {
	body, err := strict(c.body, []field{
		{name: "add_acls", kind: objects, in: inCreate, sub: aclItemFields()},
		{name: "remove_acls", kind: objects, in: inCreate, sub: aclItemFields()},
	}, inCreate)
	if err != nil {
		return answer{}, err
	}
	add, err := eachItem(body, "add_acls", c.mayAdd)
	if err != nil {
		return answer{}, err
	}
	remove, err := eachItem(body, "remove_acls", c.mayRemove)
	if err != nil {
		return answer{}, err
	}
	var added, removed []*row
	now := c.s.now()
	for _, item := range add {
		if c.findACL(item) == nil {
			added = append(added, c.insertACL(c.s.newID(), item, now))
		}
	}
	for _, item := range remove {
		if r := c.findACL(item); r != nil {
			c.erase(r)
			removed = append(removed, r)
		}
	}
	res := c.reg.byKind[kindACL]
	parts := res.array(c.world, `{"added_acls":[`, added, `],"removed_acls":[`)
	return ok(append(parts, res.array(c.world, "", removed, "]}")...)...), nil
}

func eachItem(body document, key string, check func(document) (braintrust.ACLItem, error)) ([]braintrust.ACLItem, error) {
	if !body.has(key) {
		return nil, nil
	}
	var docs []document
	if err := json.Unmarshal(body[key], &docs); err != nil {
		return nil, badRequest("Expected array at path [%s]", key)
	}
	items := make([]braintrust.ACLItem, 0, len(docs))
	for _, d := range docs {
		item, err := check(d)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// mayAdd reads an item and checks that the caller may add it and that all of it is there.
func (c *call) mayAdd(d document) (braintrust.ACLItem, error) {
	item, err := aclItem(d)
	if err != nil {
		return item, err
	}
	n := access.NodeOf(item)
	if !c.exists(n) {
		return item, noNode(n)
	}
	if err := c.needOn(braintrust.PermissionCreateACLs, n, noNode(n)); err != nil {
		return item, err
	}
	switch {
	case item.UserID != "" && c.member(item.UserID) == nil:
		return item, noAccess("User", item.UserID)
	case item.GroupID != "" && c.table(kindGroup).live(item.GroupID) == nil:
		return item, noAccess("Group", item.GroupID)
	case item.RoleID != "" && c.table(kindRole).live(item.RoleID) == nil:
		return item, noAccess("Role", item.RoleID)
	}
	if !ofOrganization(item.ObjectType) && c.findACL(item) == nil {
		return item, c.planAllows("grants on single projects, objects and groups")
	}
	return item, nil
}

// mayRemove is mayAdd for taking away: what the item refers to may be gone.
func (c *call) mayRemove(d document) (braintrust.ACLItem, error) {
	item, err := aclItem(d)
	if err != nil {
		return item, err
	}
	n := access.NodeOf(item)
	return item, c.needOn(braintrust.PermissionDeleteACLs, n, noNode(n))
}
