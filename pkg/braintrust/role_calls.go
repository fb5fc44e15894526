package braintrust

import (
	"context"
	"iter"
)

var roles = resource[Role]{"/v1/role", func(r *Role) string { return r.ID }}

// Roles lists the roles of the organization and the system roles.
func (c *Client) Roles(ctx context.Context, f RoleFilter) iter.Seq2[Role, error] {
	return roles.list(ctx, c, filter{}.add("ids", f.IDs...).add("role_name", f.Name).add("org_name", c.orgName))
}

// Role returns one role.
func (c *Client) Role(ctx context.Context, id string) (Role, error) { return roles.get(ctx, c, id) }

// CreateRole makes a role, or finds the one that has the name.
func (c *Client) CreateRole(ctx context.Context, role RoleCreate) (Created[Role], error) {
	role.OrgName = orDefault(role.OrgName, c.orgName)
	return roles.create(ctx, c, role)
}

// UpdateRole changes a role's name, description, permissions or member roles.
func (c *Client) UpdateRole(ctx context.Context, id string, patch RolePatch) (Role, error) {
	return roles.update(ctx, c, id, patch)
}

// DeleteRole deletes a role and returns it as it was.
func (c *Client) DeleteRole(ctx context.Context, id string) (Role, error) {
	return roles.remove(ctx, c, id)
}
