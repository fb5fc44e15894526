package braintrust_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// TestRefusedUnsent are calls that would mean something else to the server than to the caller.
func TestRefusedUnsent(t *testing.T) {
	t.Parallel()
	type api = braintrust.Client
	for name, do := range map[string]func(context.Context, *api) error{
		"delete ACL without an id":   func(ctx context.Context, c *api) error { _, err := c.DeleteACL(ctx, ""); return err },
		"delete token without an id": func(ctx context.Context, c *api) error { _, err := c.DeleteServiceToken(ctx, ""); return err },
		"group ..":                   func(ctx context.Context, c *api) error { _, err := c.Group(ctx, ".."); return err },
		"group .":                    func(ctx context.Context, c *api) error { _, err := c.Group(ctx, "."); return err },
		"ACLs of no object": func(ctx context.Context, c *api) error {
			return drain(c.ACLs(ctx, braintrust.ACLFilter{ObjectType: "project"}))
		},
		"ACLs of no type": func(ctx context.Context, c *api) error {
			return drain(c.ACLs(ctx, braintrust.ACLFilter{ObjectID: id(1)}))
		},
		"objects of a foreign kind": func(ctx context.Context, c *api) error {
			return drain(c.Objects(ctx, "../group", braintrust.ObjectFilter{}))
		},
		"object of a foreign kind": func(ctx context.Context, c *api) error {
			_, err := c.Object(ctx, "prompt_session", id(1))
			return err
		},
		"experiments by slug": func(ctx context.Context, c *api) error {
			return drain(c.Objects(ctx, braintrust.KindExperiment, braintrust.ObjectFilter{Slug: "s"}))
		},
		"a name that is not UTF-8": func(ctx context.Context, c *api) error {
			_, err := c.CreateGroup(ctx, braintrust.GroupCreate{Name: "\xff"})
			return err
		},
		"raw path without a slash": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET", "v1/group", nil, nil)
			return err
		},
		"raw path with a host": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET", "//evil.test/v1", nil, nil)
			return err
		},
		"raw URL": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET", "https://evil.test/v1", nil, nil)
			return err
		},
		"raw path with a query": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET", "/v1/group?x=1", nil, nil)
			return err
		},
		"raw path with dots": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "POST", "/v1/group/../service_token", nil, nil)
			return err
		},
		"raw path with escaped dots": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "POST", "/v1/group/%2e%2E/service_token", nil, nil)
			return err
		},
		"raw path with a double slash": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "POST", "/v1//service_token", nil, nil)
			return err
		},
		"raw path with a bad escape": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET", "/v1/%zz", nil, nil)
			return err
		},
		"raw method with a line break": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GET\r\nX: y", "/v1/group", nil, nil)
			return err
		},
		"raw method that is not there": func(ctx context.Context, c *api) error {
			_, err := c.Do(ctx, "GE T", "/v1/group", nil, nil)
			return err
		},
		"login at a place of plain http": func(ctx context.Context, c *api) error { _, err := c.Login(ctx, "http://example.com"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fixed(200, `{}`))
			err := do(t.Context(), client(t, s.URL))
			if err == nil || braintrust.MaybeCarriedOut(err) {
				t.Errorf("got %v, want a refusal", err)
			}
			if lines := s.lines(); len(lines) != 0 {
				t.Errorf("sent %v", lines)
			}
		})
	}
}

// TestIDsAreEscaped: an id cannot leave its place in the path.
func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, `{"id":"a"}`))
	c := client(t, s.URL+"/base/")
	for _, id := range []string{"a/b", "a?b=c", "a#b", "../x", "%2e%2e", "a b", "é"} {
		if _, err := c.Group(t.Context(), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	want := []string{
		"GET /base/v1/group/a%2Fb", "GET /base/v1/group/a%3Fb=c", "GET /base/v1/group/a%23b", "GET /base/v1/group/..%2Fx",
		"GET /base/v1/group/%252e%252e", "GET /base/v1/group/a%20b", "GET /base/v1/group/%C3%A9",
	}
	if diff := cmp.Diff(want, s.lines()); diff != "" {
		t.Error(diff)
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		switch r.URL.Path {
		case "/v1/refused":
			reply(w, 400, `{"error":"no"}`)
		case "/v1/elsewhere":
			http.Redirect(w, r, "https://evil.test/", http.StatusFound)
		default:
			w.Header().Set("X-Kept", "yes")
			w.WriteHeader(201)
			w.Write([]byte("<any bytes>"))
		}
	})
	c := client(t, s.URL, withOrg("Acme"))
	res, err := c.Do(t.Context(), "post", "/v1/thing", url.Values{"q": {"a b"}}, []byte(`{"x":1}`))
	if err != nil || res.Status != 201 || string(res.Body) != "<any bytes>" || res.Header.Get("X-Kept") != "yes" {
		t.Errorf("got %+v, %v", res, err)
	}
	var api *braintrust.APIError
	if res, err := c.Do(t.Context(), "GET", "/v1/refused", nil, nil); !errors.As(err, &api) || res == nil || string(res.Body) != `{"error":"no"}` {
		t.Errorf("got %+v, %v", res, err)
	}
	var redirect *braintrust.RedirectError
	if res, err := c.Do(t.Context(), "GET", "/v1/elsewhere", nil, nil); !errors.As(err, &redirect) || res == nil || res.Status != 302 {
		t.Errorf("got %+v, %v", res, err)
	}
	want := []string{`POST /v1/thing?q=a+b {"x":1}`, "GET /v1/refused", "GET /v1/elsewhere"}
	if diff := cmp.Diff(want, s.lines()); diff != "" {
		t.Error(diff)
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		status     int
		want       string
		known, err bool
	}{
		{"known", `{"id":"u1","more":true}`, 200, "u1", true, false},
		{"no id", `{}`, 200, "", false, false},
		{"null", `{"id":null}`, 200, "", false, false},
		{"pong", `pong`, 200, "", false, false},
		{"a page", `<html>`, 200, "", false, false},
		{"wrong type", `{"id":7}`, 200, "", false, false},
		{"empty", ``, 200, "", false, false},
		{"not there", `Cannot GET /ping`, 404, "", false, false},
		{"not there, 400", `{}`, 400, "", false, false},
		{"not for this key", `{}`, 403, "", false, false},
		{"not allowed", `{}`, 405, "", false, false},
		{"bad key", `{}`, 401, "", false, true},
		{"down", `{}`, 500, "", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fixed(test.status, test.body))
			got, known, err := client(t, s.URL).Ping(t.Context())
			if got != test.want || known != test.known || (err != nil) != test.err {
				t.Errorf("got %q, %t, %v", got, known, err)
			}
		})
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, `{"org_info":[{"id":"a","name":"Acme","api_url":"http://10.0.0.5","x":1},{"id":"b","name":"B","api_url":null}]}`))
	api := serve(t, fixed(200, `{}`))
	orgs, err := client(t, api.URL).Login(t.Context(), s.URL+"/app/")
	if err != nil {
		t.Fatal(err)
	}
	want := []braintrust.LoginOrg{
		{ID: "a", Name: "Acme", APIURL: "http://10.0.0.5", Unknown: []byte(`{"x":1}`)}, {ID: "b", Name: "B"},
	}
	if diff := cmp.Diff(want, orgs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"POST /app/api/apikey/login"}, s.lines()); diff != "" {
		t.Error(diff)
	}
	if len(api.got()) != 0 {
		t.Error("the API was asked")
	}
	for _, body := range []string{`{}`, `[]`, `{"org_info":{}}`, `<html>`, ``} {
		s := serve(t, fixed(200, body))
		if orgs, err := client(t, api.URL).Login(t.Context(), s.URL); err == nil {
			t.Errorf("%s: got %v, want an error", body, orgs)
		}
	}
}
