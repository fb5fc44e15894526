package braintrust_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"btadmin/pkg/braintrust"
)

// TestA1_NoRedirectIsFollowed lets every redirecting status point at every kind of place, for a read, a
// write and a login. Each target that can listen does, and must hear nothing.
func TestA1_NoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	plain := serve(t, fixed(200, `{"objects":[]}`))
	secure := new(server)
	secure.Server = httptest.NewTLSServer(secure.handler(fixed(200, `{"objects":[]}`)))
	t.Cleanup(secure.Close)

	targets := map[string]string{
		"another port":            plain.URL + "/v1/group",
		"same port, another name": "SELF-AS-LOCALHOST",
		"another host":            "https://evil.test/v1/group",
		"subdomain":               "https://sub.localhost/v1/group",
		"https":                   secure.URL + "/v1/group",
		"same origin":             "/v1/elsewhere",
		"not a URL":               "http://[::1/%zz",
		"nowhere":                 "",
	}
	calls := map[string]func(*braintrust.Client, string) error{
		"GET": func(c *braintrust.Client, _ string) error {
			_, err := c.Group(t.Context(), id(1))
			return err
		},
		"POST": func(c *braintrust.Client, _ string) error {
			_, err := c.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "QA"})
			return err
		},
		"login": func(c *braintrust.Client, url string) error {
			_, err := c.Login(t.Context(), url)
			return err
		},
	}
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		for place, target := range targets {
			for call, do := range calls {
				t.Run(fmt.Sprintf("%d/%s/%s", status, place, call), func(t *testing.T) {
					t.Parallel()
					location := target
					s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
						if location == "SELF-AS-LOCALHOST" {
							location = "http://" + strings.Replace(r.Host, "127.0.0.1", "localhost", 1) + "/v1/group"
						}
						if location != "" {
							w.Header().Set("Location", location)
						}
						w.WriteHeader(status)
					})
					wantRedirect(t, do(client(t, s.URL), s.URL), func() string { return location })
					if n := len(s.got()); n != 1 {
						t.Errorf("%d requests, want 1", n)
					}
				})
			}
		}
	}
	t.Cleanup(func() {
		if n := len(plain.got()) + len(secure.got()); n != 0 {
			t.Errorf("%d requests reached a target", n)
		}
	})
}

// TestA1_FromHTTPSToHTTP is the case in which Go's own client would hand the key to the network.
func TestA1_FromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	plain := serve(t, fixed(200, `{"objects":[]}`))
	s := new(server)
	s.Server = httptest.NewTLSServer(s.handler(func(w http.ResponseWriter, r *http.Request, _ int) {
		http.Redirect(w, r, plain.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(s.Close)
	c := client(t, s.URL, func(config *braintrust.Config) { config.Transport = s.Client().Transport })
	_, err := braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{}))
	wantRedirect(t, err, func() string { return plain.URL + "/v1/group" })
	if len(plain.got()) != 0 {
		t.Error("the key went over plain http")
	}
}

// TestA1_KeyInLocation: a server that writes the key into the target must not make the error show it.
func TestA1_KeyInLocation(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		w.Header().Set("Location", "https://evil.test/?k="+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		w.WriteHeader(http.StatusFound)
	})
	_, err := client(t, s.URL).Group(t.Context(), id(1))
	wantRedirect(t, err, func() string { return "https://evil.test/?k=[secret]" })
}

func wantRedirect(t *testing.T, err error, location func() string) {
	t.Helper()
	var redirect *braintrust.RedirectError
	if !errors.As(err, &redirect) {
		t.Fatalf("got %v, want a *RedirectError", err)
	}
	if want := location(); redirect.Location != want || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want one that names %s", err, want)
	}
	if strings.Contains(err.Error(), canary) {
		t.Errorf("the error shows the key: %v", err)
	}
}
