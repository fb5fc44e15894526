package braintrust

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// LoginOrg is an organization that a key belongs to, as the web application tells. APIURL is the
// server's word only: nothing is sent there by itself.
type LoginOrg struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	APIURL  string         `json:"api_url,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// Login asks the web application at appURL which organizations the key belongs to. The key is sent
// there.
func (c *Client) Login(ctx context.Context, appURL string) ([]LoginOrg, error) {
	base, err := CheckURL(appURL)
	if err != nil {
		return nil, err
	}
	r := request{method: http.MethodPost, base: base, path: loginPath}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	login, err := decode[struct {
		Orgs *[]LoginOrg `json:"org_info"`
	}](r, a)
	if err != nil {
		return nil, err
	}
	if login.Orgs == nil {
		return nil, r.strange(a, errors.New(`the answer has no list "org_info"`))
	}
	return *login.Orgs, nil
}
