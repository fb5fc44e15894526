package braintrust_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"

	"btadmin/pkg/braintrust"
)

// failure is one way in which a first attempt goes wrong.
type failure struct {
	name string
	fail func(w http.ResponseWriter)
}

var failures = []failure{
	{"unsent", nil}, // the connection is refused
	{"429", func(w http.ResponseWriter) { reply(w, 429, `{}`) }},
	{"503", func(w http.ResponseWriter) { reply(w, 503, `{}`) }},
	{"500", func(w http.ResponseWriter) { reply(w, 500, `{}`) }},
	{"502", func(w http.ResponseWriter) { reply(w, 502, `{}`) }},
	{"504", func(w http.ResponseWriter) { reply(w, 504, `{}`) }},
	{"408", func(w http.ResponseWriter) { reply(w, 408, `{}`) }},
	{"reset", func(http.ResponseWriter) { hangUp() }},
	{"cut off", func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "1000")
		reply(w, 200, `{"id":`)
		http.NewResponseController(w).Flush()
		hangUp()
	}},
	{"400", func(w http.ResponseWriter) { reply(w, 400, `{}`) }},
	{"401", func(w http.ResponseWriter) { reply(w, 401, `{}`) }},
	{"403", func(w http.ResponseWriter) { reply(w, 403, `{}`) }},
	{"404", func(w http.ResponseWriter) { reply(w, 404, `{}`) }},
	{"409", func(w http.ResponseWriter) { reply(w, 409, `{}`) }},
	{"501", func(w http.ResponseWriter) { reply(w, 501, `{}`) }},
}

// firstUnsent fails to connect once.
type firstUnsent struct {
	next http.RoundTripper
	done bool
}

func (f *firstUnsent) RoundTrip(r *http.Request) (*http.Response, error) {
	if !f.done {
		f.done = true
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	return f.next.RoundTrip(r)
}

// TestRepetition sends every kind of call into every kind of failure and looks whether a second
// request follows.
func TestRepetition(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	always := map[string]bool{
		"unsent": true, "429": true, "503": true, "500": true, "502": true, "504": true, "408": true,
		"reset": true, "cut off": true,
	}
	refused := map[string]bool{"unsent": true, "429": true, "503": true}
	unsent := map[string]bool{"unsent": true, "429": true}
	never := map[string]bool{"unsent": true}
	for _, test := range []struct {
		name   string
		repeat map[string]bool
		call   func(*braintrust.Client) error
	}{
		{"get", always, func(c *braintrust.Client) error { _, err := c.Group(ctx, "a"); return err }},
		{"login", always, func(c *braintrust.Client) error { _, err := c.Login(ctx, c.BaseURL()); return err }},
		{"create group", always, func(c *braintrust.Client) error {
			_, err := c.CreateGroup(ctx, braintrust.GroupCreate{Name: "QA"})
			return err
		}},
		{"create role", always, func(c *braintrust.Client) error {
			_, err := c.CreateRole(ctx, braintrust.RoleCreate{Name: "QA"})
			return err
		}},
		{"create project", always, func(c *braintrust.Client) error {
			_, err := c.CreateProject(ctx, braintrust.ProjectCreate{Name: "QA"})
			return err
		}},
		{"create ACL", always, func(c *braintrust.Client) error {
			_, err := c.CreateACL(ctx, braintrust.ACLItem{})
			return err
		}},
		{"update ACLs", always, func(c *braintrust.Client) error {
			_, err := c.UpdateACLs(ctx, braintrust.ACLBatch{})
			return err
		}},
		{"update group", always, func(c *braintrust.Client) error {
			_, err := c.UpdateGroup(ctx, "a", braintrust.GroupPatch{})
			return err
		}},
		{"update organization", always, func(c *braintrust.Client) error {
			_, err := c.UpdateOrganization(ctx, "a", braintrust.OrganizationPatch{})
			return err
		}},
		{"delete role", always, func(c *braintrust.Client) error { _, err := c.DeleteRole(ctx, "a"); return err }},
		{"delete ACL by contents", always, func(c *braintrust.Client) error {
			_, err := c.DeleteACLItem(ctx, braintrust.ACLItem{})
			return err
		}},
		{"invite", refused, func(c *braintrust.Client) error {
			_, err := c.UpdateMembers(ctx, braintrust.MembersPatch{Invite: &braintrust.Invitation{Emails: []string{"a@example.com"}}})
			return err
		}},
		{"account without a token", unsent, func(c *braintrust.Client) error {
			_, err := c.UpdateMembers(ctx, braintrust.MembersPatch{Invite: &braintrust.Invitation{
				ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: "bot"}},
			}})
			return err
		}},
		{"account with a token", never, func(c *braintrust.Client) error {
			_, err := c.UpdateMembers(ctx, braintrust.MembersPatch{Invite: &braintrust.Invitation{
				ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: "bot", TokenName: "ci"}},
			}})
			return err
		}},
		{"mint", never, func(c *braintrust.Client) error {
			_, err := c.CreateServiceToken(ctx, braintrust.ServiceTokenCreate{Name: "ci"})
			return err
		}},
		{"unknown POST", unsent, func(c *braintrust.Client) error {
			_, err := c.Do(ctx, "POST", "/v1/experiment", nil, []byte(`{}`))
			return err
		}},
		{"raw mint", never, func(c *braintrust.Client) error {
			_, err := c.Do(ctx, "post", "/v1/service%5Ftoken/", nil, []byte(`{}`))
			return err
		}},
	} {
		for _, failure := range failures {
			t.Run(test.name+"/"+failure.name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
					if n == 1 && failure.fail != nil {
						failure.fail(w)
						return
					}
					reply(w, 200, `{"id":"a","key":"k","status":"success","org_info":[],"added_users":[{"id":"b","api_key":"k"}]}`)
				})
				c := client(t, s.URL, func(config *braintrust.Config) {
					if failure.fail == nil {
						config.Transport = &firstUnsent{next: http.DefaultTransport}
					}
				})
				err := test.call(c)
				attempts := len(s.got())
				if failure.fail == nil {
					attempts++
				}
				want := 1
				if test.repeat[failure.name] {
					want = 2
				}
				if attempts != want || (err == nil) != (want == 2) {
					t.Errorf("%d attempts, error %v; want %d attempts", attempts, err, want)
				}
			})
		}
	}
}

func TestRepeatTable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, path, body, want string }{
		{"GET", "/anything", "", "always"},
		{"DELETE", "/v1/group/a", "", "always"},
		{"PATCH", "/v1/group/a", "", "always"},
		{"PATCH", "/v1/group/a/", "", "always"},
		{"PATCH", "/v1/group", "", "unsent"},
		{"PATCH", "/v1/group/a/b", "", "unsent"},
		{"PATCH", "/v1/experiment/a", "", "unsent"},
		{"PATCH", "/v1/organization/members", "", "refused"},
		{"PATCH", "/v1/organization/members/", `{"x":{"token_name":"t"}}`, "never"},
		{"PATCH", "/v1/organization/m%65mbers", `{"x":{"token_name":"t"}}`, "never"},
		{"POST", "/v1/group", "", "always"},
		{"POST", "/v1/service_token", "", "never"},
		{"PUT", "/v1/service_token", "", "never"},
		{"PUT", "/v1/group", "", "unsent"},
		{"POST", "/v1/prompt", "", "unsent"},
		{"POST", "/v1/acl/batch_update", "", "always"},
		{"get", "/v1/group", "", "unsent"},
	} {
		if got := braintrust.Repeatability(test.method, test.path, test.body); got != test.want {
			t.Errorf("%s %s %s: %s, want %s", test.method, test.path, test.body, got, test.want)
		}
	}
}

// TestD7_CreatedTellsWhoseObjectItIs covers what a create call answers, also after a lost attempt.
func TestD7_CreatedTellsWhoseObjectItIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		header   string
		first    string // name of a failure; "" for none
		existed  bool
		attempts int
	}{
		{"made", "false", "", false, 1},
		{"no header", "", "", false, 1},
		{"found", "true", "", true, 1},
		{"found, other spelling", "True", "", true, 1},
		{"found, one", "1", "", true, 1},
		{"found after a lost answer", "true", "reset", true, 2},
		{"found after 500", "true", "500", true, 2},
		{"found after 429, which did nothing", "true", "429", true, 1},
		{"found after a refused connection", "true", "unsent", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			failed := test.first == "" || test.first == "unsent"
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				if !failed {
					failed = true
					for _, failure := range failures {
						if failure.name == test.first {
							failure.fail(w)
						}
					}
					return
				}
				if test.header != "" {
					w.Header().Set("x-bt-found-existing", test.header)
				}
				reply(w, 200, `{"id":"a","name":"QA","description":"what was there"}`)
			})
			c := client(t, s.URL, func(config *braintrust.Config) {
				if test.first == "unsent" {
					config.Transport = &firstUnsent{next: http.DefaultTransport}
				}
			})
			got, err := c.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "QA", Description: "mine"})
			if err != nil {
				t.Fatal(err)
			}
			if got.Existed != test.existed || got.Attempts != test.attempts || got.Object.Description != "what was there" {
				t.Errorf("got %+v, want existed %t after %d attempts", got, test.existed, test.attempts)
			}
		})
	}
}

// TestDeleteAfterLostAnswer: the second attempt finds nothing, and the error says that the first may
// have been the reason.
func TestDeleteAfterLostAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			hangUp()
		}
		reply(w, 400, `{"error":"group does not exist or you do not have access"}`)
	})
	_, err := client(t, s.URL).DeleteGroup(t.Context(), "a")
	var api *braintrust.APIError
	if !errors.As(err, &api) || api.Attempts != 2 || !braintrust.IsNotFound(err) || !braintrust.MaybeCarriedOut(err) {
		t.Errorf("got %#v", err)
	}
}

func TestMaybeSent(t *testing.T) {
	t.Parallel()
	s := serve(t, func(http.ResponseWriter, *http.Request, int) { hangUp() })
	_, err := client(t, s.URL).UpdateMembers(t.Context(), braintrust.MembersPatch{})
	var network *braintrust.NetworkError
	if !errors.As(err, &network) || !network.MaybeSent {
		t.Errorf("a reset connection: got %v", err)
	}

	s.Close() // now nobody listens
	_, err = client(t, s.URL).UpdateMembers(t.Context(), braintrust.MembersPatch{})
	if !errors.As(err, &network) || network.MaybeSent {
		t.Errorf("a refused connection: got %v", err)
	}

	// A transport that tells nothing may have sent it.
	silent := roundTrip(func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("lost") })
	c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = silent })
	_, err = c.UpdateMembers(t.Context(), braintrust.MembersPatch{})
	if !errors.As(err, &network) || !network.MaybeSent {
		t.Errorf("a silent transport: got %v", err)
	}
}
