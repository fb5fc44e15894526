package braintrust

import (
	"context"
	"iter"
)

var groups = resource[Group]{"/v1/group", func(g *Group) string { return g.ID }}

// Groups lists the groups of the organization.
func (c *Client) Groups(ctx context.Context, f GroupFilter) iter.Seq2[Group, error] {
	return groups.list(ctx, c, filter{}.add("ids", f.IDs...).add("group_name", f.Name).add("org_name", c.orgName))
}

// Group returns one group.
func (c *Client) Group(ctx context.Context, id string) (Group, error) { return groups.get(ctx, c, id) }

// CreateGroup makes a group, or finds the one that has the name. The answer may lack the members.
func (c *Client) CreateGroup(ctx context.Context, group GroupCreate) (Created[Group], error) {
	group.OrgName = orDefault(group.OrgName, c.orgName)
	return groups.create(ctx, c, group)
}

// UpdateGroup changes a group's name, description or members.
func (c *Client) UpdateGroup(ctx context.Context, id string, patch GroupPatch) (Group, error) {
	return groups.update(ctx, c, id, patch)
}

// DeleteGroup deletes a group and returns it as it was.
func (c *Client) DeleteGroup(ctx context.Context, id string) (Group, error) {
	return groups.remove(ctx, c, id)
}
