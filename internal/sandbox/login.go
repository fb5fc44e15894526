package sandbox

import "btadmin/pkg/braintrust"

// hello answers the root: what this is, without a key.
func hello(*call) (answer, error) {
	a := ok([]byte("btadmin sandbox: an embedded organization that speaks the Braintrust API under /v1\n"))
	a.contentType = textType
	return a, nil
}

// ping answers GET /ping: who am I.
func ping(c *call) (answer, error) {
	return ok(marshal(struct {
		ID string `json:"id"`
	}{c.caller.userID})), nil
}

// loginOrg is one organization in the answer of a login, with the fields of the real server.
type loginOrg struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	APIURL         string `json:"api_url"`
	GitMetadata    any    `json:"git_metadata"`
	IsUniversalAPI *bool  `json:"is_universal_api"`
	ProxyURL       string `json:"proxy_url"`
	RealtimeURL    string `json:"realtime_url"`
}

// login answers POST /api/apikey/login: the organizations of a key.
func login(c *call) (answer, error) {
	org := c.organization().value.(*braintrust.Organization)
	here := "http://" + c.r.Host
	if c.r.TLS != nil {
		here = "https://" + c.r.Host
	}
	or := func(value string) string {
		if value == "" {
			return here
		}
		return value
	}
	return ok(marshal(struct {
		OrgInfo []loginOrg `json:"org_info"`
	}{[]loginOrg{{
		ID: org.ID, Name: org.Name, APIURL: or(org.APIURL), IsUniversalAPI: org.IsUniversalAPI,
		ProxyURL: or(org.ProxyURL), RealtimeURL: or(org.RealtimeURL),
	}}})), nil
}
