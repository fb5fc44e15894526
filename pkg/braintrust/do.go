package braintrust

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Response is the answer to Do, its body decoded from compression only.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends any request to the API, for what this package has no method for. path begins with a slash
// and is escaped already; body is sent as JSON, nil sends none. Nothing is added, not even the
// organization's name. Repetition follows the same table as for the typed calls; a call that the table
// does not know is repeated only if the server certainly did nothing. If a complete answer came, the
// Response is set, also next to an *APIError or *RedirectError.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body []byte) (*Response, error) {
	method = strings.ToUpper(method)
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "//") || strings.ContainsAny(path, "?#\\") {
		return nil, fmt.Errorf("%s %q: a path begins with a slash and holds no double slash, query, fragment or backslash", method, path)
	}
	if _, err := url.PathUnescape(path); err != nil {
		return nil, fmt.Errorf("%s %q: the path is not escaped properly", method, path)
	}
	for segment := range strings.SplitSeq(path, "/") {
		if plain, _ := url.PathUnescape(segment); plain == ".." || plain == "." {
			return nil, fmt.Errorf("%s %q: a path holds no dots", method, path)
		}
	}
	a, err := c.send(ctx, request{method: method, path: path, query: query, body: body})
	if a == nil {
		return nil, err
	}
	return &Response{Status: a.status, Header: a.header, Body: a.body}, err
}
