package sandbox

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// FuzzRequests sends anything to any route as an owner: no panic, no 5xx but the one that the real server has too,
// every answer readable, and the organization can still be listed afterwards.
func FuzzRequests(f *testing.F) {
	// Ids are the same in every run, so that the corpus can use them.
	begin := func(t testing.TB) (*Server, *client) {
		s := newServer(t, Options{Rand: rand.NewChaCha8([32]byte{1}), Seed: SeedSpec{Kind: SeedEmpty}})
		c := tokenClient(t, s)
		c.transport = s.Transport()
		return s, c
	}
	s, c := begin(f)
	org, me := s.Seeded().OrgID, s.Seeded().ServiceAccountID
	group, role := c.ids("/v1/group")[0], c.ids("/v1/role")[0]
	for _, seed := range []struct{ method, path, body string }{
		{"GET", "/v1/user?limit=1&given_name=Ada&ids=" + me, ""},
		{"GET", "/v1/group?starting_after=" + group, ""},
		{"GET", "/v1/acl?object_type=organization&object_id=" + org, ""},
		{"GET", "/v1/acl/list_org?ending_before=" + org + "&permission=read", ""},
		{"POST", "/v1/group", `{"name":"x","member_users":["` + me + `"],"member_groups":["` + group + `"]}`},
		{"PUT", "/v1/role", `{"name":"x","member_permissions":[{"permission":"read","restrict_object_type":null}]}`},
		{"PATCH", "/v1/group/" + group, `{"add_member_groups":["` + group + `"],"description":"\ud800"}`},
		{"PATCH", "/v1/role/" + role, `{"add_member_roles":["` + role + `"]}`},
		{"PATCH", "/v1/organization/" + org, `{"name":"y","image_rendering_mode":"auto"}`},
		{"PATCH", "/v1/organization/members", `{"invite_users":{"emails":["a@b"],"service_accounts":[{"name":"b","token_name":"c"}]},"remove_users":{"ids":["` + me + `"]}}`},
		{"POST", "/v1/acl", `{"object_type":"organization","object_id":"` + org + `","user_id":"` + me + `","role_id":"` + role + `"}`},
		{"POST", "/v1/acl/batch_update", `{"add_acls":[{"object_type":"group","object_id":"` + group + `","group_id":"` + group + `","permission":"read"}],"remove_acls":[]}`},
		{"DELETE", "/v1/acl", `{"object_type":"organization","object_id":"` + org + `","permission":"read"}`},
		{"POST", "/v1/service_token", `{"name":"t","service_account_id":"` + me + `"}`},
		{"DELETE", "/v1/service_token", `{"id":"` + me + `"}`},
		{"POST", "/v1/project", `{"name":"p"}`},
		{"POST", "/v1/experiment", `{"project_id":"` + org + `","metadata":{"a":[1,{"b":null}]}}`},
		{"POST", "/v1/project_group", `{"name":"s","member_projects":[]}`},
		{"POST", "/api/apikey/login", ""},
		{"DELETE", "/v1/group/" + strings.ToUpper(group), ""},
		{"OPTIONS", "/v1/group", ""},
		{"GET", "/ping", ""},
	} {
		f.Add(seed.method, seed.path, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, method, path string, body []byte) {
		at, err := url.Parse(baseURL + path)
		if err != nil || at.Host != "127.0.0.1" || !strings.HasPrefix(path, "/") {
			return
		}
		s, c := begin(t)
		req, err := http.NewRequestWithContext(context.Background(), method, at.String(), bytes.NewReader(body))
		if err != nil {
			return
		}
		req.Header.Set("Authorization", "Bearer "+c.key)
		res, err := c.transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if s.lost != nil {
			t.Fatal(s.lost)
		}
		if res.StatusCode >= 500 && !strings.Contains(string(answer), `"Internal error"`) {
			t.Fatalf("%s %s %q: %d %s", method, path, body, res.StatusCode, answer)
		}
		if res.Header.Get("Content-Type") == jsonType && method != http.MethodHead && !jsontext.Value(answer).IsValid() {
			t.Fatalf("%s %s %q: no JSON: %s", method, path, body, answer)
		}
		for _, kind := range []string{"user", "group", "role", "acl/list_org"} {
			if r := c.do(http.MethodGet, "/v1/"+kind, nil); r.status != 200 && r.status != 401 && r.status != 403 {
				t.Fatalf("afterwards %s: %d %s", kind, r.status, r.body)
			}
		}
	})
}
