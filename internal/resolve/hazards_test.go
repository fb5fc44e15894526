package resolve_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

// answering puts answers of the test's own in front of a server.
type answering struct {
	next   http.RoundTripper
	answer func(r *http.Request) string // "" lets it through
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if body := a.answer(r); body != "" {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	return a.next.RoundTrip(r)
}

func behind(t *testing.T, answer func(r *http.Request) string) *resolve.Resolver {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := braintrust.New(braintrust.Config{
		BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: answering{server.Transport(), answer},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resolve.New(client)
}

func wantBadInput(t *testing.T, what string, err error) {
	t.Helper()
	var bad *exit.Error
	if !errors.As(err, &bad) || bad.Code != exit.BadInput {
		t.Errorf("%s: %v", what, err)
	}
}

// A server that does not know a filter answers everything, perhaps one thing: it is not what was asked for.
func TestIgnoredFilterNamesNothing(t *testing.T) {
	t.Parallel()
	r := behind(t, func(r *http.Request) string {
		switch q := r.URL.Query(); {
		case q.Has("starting_after"):
			return `{"objects":[]}`
		case r.URL.Path == "/v1/group":
			return `{"objects":[{"id":"11111111-1111-4111-8111-111111111111","name":"Everybody"}]}`
		case r.URL.Path == "/v1/user":
			return `{"objects":[{"id":"22222222-2222-4222-8222-222222222222","email":"ana@example.com"}]}`
		}
		return ""
	})
	_, err := r.Group(t.Context(), "QA")
	wantBadInput(t, "group", err)
	_, err = r.User(t.Context(), "ben@example.com")
	wantBadInput(t, "member", err)
	if user, err := r.User(t.Context(), "Ana@Example.com"); err != nil || user.Email != "ana@example.com" {
		t.Errorf("%+v, %v", user, err)
	}
}

// G14: an id of another organization of the same key is refused, of whatever kind.
func TestG14IdsOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	const id, other = "11111111-1111-4111-8111-111111111111", "33333333-3333-4333-8333-333333333333"
	r := behind(t, func(r *http.Request) string {
		if strings.HasSuffix(r.URL.Path, id) {
			return `{"id":"` + id + `","org_id":"` + other + `","name":"theirs","preview_name":"x"}`
		}
		return ""
	})
	for _, ref := range []string{"group:" + id, "role:" + id, "project:" + id, "logs:" + id, "org_project:" + other, "org-project:" + other, "organization:" + other, "org_member:" + other} {
		_, err := r.Target(t.Context(), ref)
		wantBadInput(t, ref, err)
	}
	_, err := r.Principal(t.Context(), "group:"+id)
	wantBadInput(t, "principal", err)
	_, err = r.ServiceToken(t.Context(), id)
	wantBadInput(t, "service token", err)
	_, err = r.APIKey(t.Context(), id)
	wantBadInput(t, "API key", err)
	org, err := r.Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if target, err := r.Target(t.Context(), "org_project:"+strings.ToUpper(org.ID)); err != nil || target.Node.ID != org.ID {
		t.Errorf("its own: %+v, %v", target, err)
	}
	if role, err := r.Role(t.Context(), "Owner"); err != nil {
		t.Error(err)
	} else if _, err := r.Target(t.Context(), "role:"+role.ID); err != nil {
		t.Errorf("a system role: %v", err)
	}
}
