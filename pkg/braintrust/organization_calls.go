package braintrust

import (
	"context"
	"iter"
	"net/http"
)

var organizations = resource[Organization]{"/v1/organization", func(o *Organization) string { return o.ID }}

// Organizations lists the organizations that the key may see. The client's organization name does not
// narrow it.
func (c *Client) Organizations(ctx context.Context, f OrganizationFilter) iter.Seq2[Organization, error] {
	return organizations.list(ctx, c, filter{}.add("ids", f.IDs...).add("org_name", f.Name))
}

// Organization returns one organization.
func (c *Client) Organization(ctx context.Context, id string) (Organization, error) {
	return organizations.get(ctx, c, id)
}

// UpdateOrganization changes settings of an organization.
func (c *Client) UpdateOrganization(ctx context.Context, id string, patch OrganizationPatch) (Organization, error) {
	return organizations.update(ctx, c, id, patch)
}

// UpdateMembers invites, removes, and creates service accounts. A patch that asks for tokens is never
// repeated once it may have been sent; if its answer is lost, the error is a *LostAnswerError.
func (c *Client) UpdateMembers(ctx context.Context, patch MembersPatch) (MembersResult, error) {
	patch.OrgName = orDefault(patch.OrgName, c.orgName)
	r, err := write(http.MethodPatch, membersPath, patch)
	if err != nil {
		return MembersResult{}, err
	}
	if patch.Invite != nil {
		for _, account := range patch.Invite.ServiceAccounts {
			if account.TokenName != "" {
				r.tokens = append(r.tokens, account.TokenName)
			}
		}
	}
	return minting(ctx, c, r, func(result *MembersResult) bool {
		keys := 0
		for _, user := range result.AddedUsers {
			if !user.APIKey.IsZero() {
				keys++
			}
		}
		return keys >= len(r.tokens)
	})
}
