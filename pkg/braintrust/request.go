package braintrust

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	loginPath   = "/api/apikey/login"
	membersPath = "/v1/organization/members"
	aclPath     = "/v1/acl"
)

// request is one call, before any attempt to send it.
type request struct {
	method string
	base   *url.URL // nil: the API's
	path   string   // escaped
	query  url.Values
	body   []byte // nil: none
	tokens []string
	limit  time.Duration // of one attempt
}

// op names the call in messages.
func (r request) op() string { return r.method + " " + r.path }

// kind names calls that take about as long: the same endpoint, whatever the object.
func (r request) kind() string {
	parts := strings.SplitN(r.path, "/", 4) // "", v1, group, ID
	return r.method + strings.Join(parts[:min(3, len(parts))], "/")
}

// write makes a request with a JSON body.
func write(method, path string, body any) (request, error) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return request{}, fmt.Errorf("%s %s: encode the request: %w", method, path, err)
	}
	return request{method: method, path: path, body: data}, nil
}

// itemPath is the path of one object. An empty id would address the whole list, and "..", something
// else altogether.
func itemPath(path, id string) (string, error) {
	if strings.Trim(id, ".") == "" {
		return "", fmt.Errorf("%s: %q is not an id", path, id)
	}
	return path + "/" + url.PathEscape(id), nil
}

// build makes what one attempt sends.
func (l *link) build(ctx context.Context, r request) (*http.Request, error) {
	base := r.base
	if base == nil {
		base = l.base
	}
	target := base.JoinPath(r.path)
	target.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.op(), err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", l.userAgent)
	if l.key != "" {
		req.Header.Set("Authorization", "Bearer "+l.key)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}
