package braintrust

import (
	"context"
	"iter"
)

var users = resource[User]{"/v1/user", func(u *User) string { return u.ID }}

// Users lists the members of the organization, people and service accounts alike.
func (c *Client) Users(ctx context.Context, f UserFilter) iter.Seq2[User, error] {
	return users.list(ctx, c, filter{}.add("ids", f.IDs...).add("given_name", f.GivenNames...).
		add("family_name", f.FamilyNames...).add("email", f.Emails...).add("org_name", c.orgName))
}

// User returns one member.
func (c *Client) User(ctx context.Context, id string) (User, error) { return users.get(ctx, c, id) }
