package braintrust

import (
	"context"
	"errors"
	"iter"
	"net/http"
)

var (
	serviceTokens = resource[ServiceToken]{"/v1/service_token", func(t *ServiceToken) string { return t.ID }}
	apiKeys       = resource[APIKey]{"/v1/api_key", func(k *APIKey) string { return k.ID }}
)

// ServiceTokens lists the service tokens of the organization, without their secrets.
func (c *Client) ServiceTokens(ctx context.Context, f ServiceTokenFilter) iter.Seq2[ServiceToken, error] {
	return serviceTokens.list(ctx, c,
		filter{}.add("ids", f.IDs...).add("service_token_name", f.Name).add("org_name", c.orgName))
}

// ServiceToken returns one service token, without its secret.
func (c *Client) ServiceToken(ctx context.Context, id string) (ServiceToken, error) {
	return serviceTokens.get(ctx, c, id)
}

// CreateServiceToken mints a token, which only a service token with owner permissions may do. It is
// never repeated once it may have been sent; if its answer is lost, the error is a *LostAnswerError.
func (c *Client) CreateServiceToken(ctx context.Context, token ServiceTokenCreate) (MintedToken, error) {
	token.OrgName = orDefault(token.OrgName, c.orgName)
	r, err := write(http.MethodPost, serviceTokens.path, token)
	if err != nil {
		return MintedToken{}, err
	}
	r.tokens = []string{token.Name}
	return minting(ctx, c, r, func(t *MintedToken) bool { return t.ID != "" && !t.Key.IsZero() })
}

// minting sends a call whose answer may hold a secret. An answer that cannot be read, or that is not
// whole, is as lost as one that never came.
func minting[T any](ctx context.Context, c *Client, r request, whole func(*T) bool) (T, error) {
	var none T
	a, err := c.send(ctx, r)
	if err != nil {
		return none, err
	}
	result, err := decode[T](r, a)
	if err == nil && !whole(&result) {
		err = r.strange(a, errors.New("the answer lacks an id or a key"))
	}
	if err != nil {
		return none, lost(r, repeatability(r.method, r.path, r.body), err)
	}
	return result, nil
}

// DeleteServiceToken deletes a token by id; names are not unique.
func (c *Client) DeleteServiceToken(ctx context.Context, id string) (ServiceToken, error) {
	return serviceTokens.remove(ctx, c, id)
}

// APIKeys lists the API keys of people: the caller's own, and for owners everybody's.
func (c *Client) APIKeys(ctx context.Context, f APIKeyFilter) iter.Seq2[APIKey, error] {
	return apiKeys.list(ctx, c, filter{}.add("ids", f.IDs...).add("api_key_name", f.Name).add("org_name", c.orgName))
}

// APIKey returns one API key, without its secret.
func (c *Client) APIKey(ctx context.Context, id string) (APIKey, error) {
	return apiKeys.get(ctx, c, id)
}

// DeleteAPIKey deletes an API key.
func (c *Client) DeleteAPIKey(ctx context.Context, id string) (APIKey, error) {
	return apiKeys.remove(ctx, c, id)
}
