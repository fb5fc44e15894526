package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"btadmin/internal/conformance"
)

// spec is the vendor's description of the API, nil when its file is not beside the checkout.
var spec = sync.OnceValues(func() (*conformance.Spec, error) {
	path, found := conformance.Find()
	if !found {
		return nil, nil
	}
	return conformance.Load(path)
})

// watched is a server's transport on which every answer is held against the description, and so is the body of every
// request that the server accepts. Queries may be freer than the description says.
func watched(t testing.TB, s *Server) http.RoundTripper {
	t.Helper()
	description, err := spec()
	if err != nil {
		t.Fatal(err)
	}
	if description == nil {
		return s.Transport()
	}
	return transport{handler: description.Handler(s.Handler(), func(err error) {
		text := err.Error()
		if !strings.HasPrefix(text, "accepted although") || strings.Contains(text, "request body") {
			t.Error(text)
		}
	})}
}

// baseURL is where Transport is.
const baseURL = "http://127.0.0.1"

// obj is a decoded answer.
type obj = map[string]any

// client speaks to a server with one key.
type client struct {
	t         testing.TB
	transport http.RoundTripper
	base, key string
	raw       bool // answers are not decoded
}

// reply is an answer; object is its body when that is an object.
type reply struct {
	status int
	header http.Header
	body   []byte
	object obj
}

func (c *client) do(method, path string, body any) reply {
	c.t.Helper()
	r, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) try(method, path string, body any) (reply, error) {
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, c.base+path, in)
	if err != nil {
		return reply{}, err
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{status: res.StatusCode, header: res.Header, body: data}
	if !c.raw {
		_ = json.Unmarshal(data, &out.object) // not every answer is an object
	}
	return out, nil
}

// want does a request and checks its status.
func (c *client) want(status int, method, path string, body any) reply {
	c.t.Helper()
	r := c.do(method, path, body)
	if r.status != status {
		c.t.Fatalf("%s %s %v: status %d, want %d: %s", method, path, body, r.status, status, r.body)
	}
	return r
}

// ids are the ids of a list, in its order.
func (c *client) ids(path string) []string {
	c.t.Helper()
	r := c.want(http.StatusOK, http.MethodGet, path, nil)
	return r.ids(c.t)
}

func (r reply) ids(t testing.TB) []string {
	t.Helper()
	var items []obj
	if r.object != nil {
		list, ok := r.object["objects"].([]any)
		if !ok {
			t.Fatalf("no objects in %s", r.body)
		}
		for _, item := range list {
			items = append(items, item.(obj))
		}
	} else if err := json.Unmarshal(r.body, &items); err != nil {
		t.Fatalf("no list: %s", r.body)
	}
	out := make([]string, 0, len(items))
	for _, item := range items {
		out = append(out, item["id"].(string))
	}
	return out
}

func (r reply) id() string { return r.object["id"].(string) }

// clock is a time that goes on a second with every look.
type clock struct{ ticks atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(c.ticks.Add(1)) * time.Second)
}

func newServer(t testing.TB, opts Options) *Server {
	t.Helper()
	if opts.Clock == nil {
		opts.Clock = new(clock).now
	}
	s, err := NewMemory(opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tokenClient is the owner's service account, userClient the owner.
func tokenClient(t testing.TB, s *Server) *client {
	return &client{t: t, transport: watched(t, s), base: baseURL, key: s.Seeded().TokenKey.Reveal()}
}

func userClient(t testing.TB, s *Server) *client {
	return &client{t: t, transport: watched(t, s), base: baseURL, key: s.Seeded().UserKey.Reveal()}
}

// account makes a service account with a token and returns its client and id.
func (c *client) account(name string) (*client, string) {
	c.t.Helper()
	r := c.want(http.StatusOK, http.MethodPatch, "/v1/organization/members", obj{
		"invite_users": obj{"service_accounts": []obj{{"name": name, "token_name": name}}},
	})
	added := r.object["added_users"].([]any)[0].(obj)
	return &client{t: c.t, transport: c.transport, base: c.base, key: added["api_key"].(string)}, added["id"].(string)
}

// grant adds an ACL.
func (c *client) grant(item obj) string {
	c.t.Helper()
	return c.want(http.StatusOK, http.MethodPost, "/v1/acl", item).id()
}

func decodeList(t testing.TB, body []byte) []obj {
	t.Helper()
	var out []obj
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatalf("no list: %s", body)
	}
	return out
}
