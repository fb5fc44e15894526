package braintrust

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
)

var acls = resource[ACL]{aclPath, func(a *ACL) string { return a.ID }}

func (f ACLFilter) query() filter {
	return filter{}.add("ids", f.IDs...).
		add("object_type", string(f.ObjectType)).add("object_id", f.ObjectID).
		add("user_id", f.UserID).add("group_id", f.GroupID).
		add("permission", string(f.Permission)).
		add("restrict_object_type", string(f.RestrictObjectType)).add("role_id", f.RoleID)
}

// ACLs lists the grants on one object, which the filter must name by ObjectType and ObjectID.
func (c *Client) ACLs(ctx context.Context, f ACLFilter) iter.Seq2[ACL, error] {
	if f.ObjectType == "" || f.ObjectID == "" {
		return failed[ACL](errors.New("GET /v1/acl: the object's type and id are required"))
	}
	return acls.list(ctx, c, f.query())
}

// OrgACLs lists grants of the whole organization, which needs read_acls on it.
func (c *Client) OrgACLs(ctx context.Context, f ACLFilter) iter.Seq2[ACL, error] {
	return list(ctx, c, c.orgACLs(f))
}

func (c *Client) orgACLs(f ACLFilter) listing[ACL] {
	return listing[ACL]{
		path: aclPath + "/list_org", query: url.Values(f.query().add("org_name", c.orgName)), after: f.After,
		id: acls.id, decode: aclsOrObjects,
	}
}

// OrgACLPage returns the first page of OrgACLs: the newest grants that the filter lets through, not all of them.
func (c *Client) OrgACLPage(ctx context.Context, f ACLFilter) ([]ACL, error) {
	page, _, err := fetch(ctx, c, c.orgACLs(f), c.pageSize, f.After)
	return page, err
}

// aclsOrObjects reads a bare array, which list_org answers, or the shape of all other lists.
func aclsOrObjects(r request, a *answer) ([]ACL, error) {
	if bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("[")) {
		return decode[[]ACL](r, a)
	}
	return objects[ACL](r, a)
}

// ACL returns one grant.
func (c *Client) ACL(ctx context.Context, id string) (ACL, error) { return acls.get(ctx, c, id) }

// CreateACL adds a grant, or finds the same one.
func (c *Client) CreateACL(ctx context.Context, item ACLItem) (Created[ACL], error) {
	return acls.create(ctx, c, item)
}

// DeleteACL removes the grant with this id and returns it.
func (c *Client) DeleteACL(ctx context.Context, id string) (ACL, error) {
	return acls.remove(ctx, c, id)
}

// DeleteACLItem removes the grant with these contents and returns it.
func (c *Client) DeleteACLItem(ctx context.Context, item ACLItem) (ACL, error) {
	acl, _, err := acls.call(ctx, c, http.MethodDelete, aclPath, item)
	return acl, err
}

// UpdateACLs adds and removes grants in one request. It is idempotent; do not rely on its atomicity.
// The caller cuts large batches.
func (c *Client) UpdateACLs(ctx context.Context, batch ACLBatch) (ACLBatchResult, error) {
	r, err := write(http.MethodPost, aclPath+"/batch_update", batch)
	if err != nil {
		return ACLBatchResult{}, err
	}
	a, err := c.send(ctx, r)
	if err != nil {
		return ACLBatchResult{}, err
	}
	return decode[ACLBatchResult](r, a)
}
