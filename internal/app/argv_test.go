package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/build"
	"btadmin/internal/change"
	"btadmin/internal/iostreams"
	"btadmin/pkg/braintrust"
)

// A8: the journal's command line holds no secret that the run knows, and of `btadmin api` no value at all, wherever
// the flags stand.
func TestA8JournaledArgs(t *testing.T) {
	t.Parallel()
	const canary = "CANARY0123456789"
	for _, tt := range []struct{ args, want []string }{
		{nil, []string{}},
		{[]string{"groups", "create", "a=b", "--project", "X=read"}, []string{"groups", "create", "a=b", "--project", "X=read"}},
		{[]string{"groups", "create", "api", "--project", "X=read"}, []string{"groups", "create", "api", "--project", "X=read"}},
		{[]string{"groups", "create", canary}, []string{"groups", "create", "[redacted]"}},
		{[]string{"api", "POST", "/v1/x", "-f", "k=v"}, []string{"api", "POST", "/v1/x", "-f", "k=..."}},
		{[]string{"api", "POST", "/v1/x?a=v", "-fk=v", "--field=k=v"}, []string{"api", "POST", "/v1/x?a=...", "-fk=...", "--field=..."}},
		{[]string{"api", "POST", "/v1/x", "-yf", "k=v"}, []string{"api", "POST", "/v1/x", "-yf", "k=..."}},
		{[]string{"--profile", "work", "api", "POST", "/v1/x", "-F", "k=v=w"}, []string{"--profile", "work", "api", "POST", "/v1/x", "-F", "k=..."}},
		{[]string{"-y", "--json", "api", "POST", "/v1/x", "--raw-field", "k=v"}, []string{"-y", "--json", "api", "POST", "/v1/x", "--raw-field", "k=..."}},
	} {
		streams, _, _ := iostreams.Test("")
		a := New(streams, build.New("v0.0.0-test", "", ""), tt.args)
		a.Remember(braintrust.NewSecret(canary))
		if diff := cmp.Diff(tt.want, a.journaledArgs()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.args, diff)
		}
	}
}

// A8: neither the query nor the body of a request that somebody typed is in the journal.
func TestA8RawRequestsInTheJournal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("", "--quiet", "api", "POST", "/v1/group?k=PRIVATE", "-f", "name=PRIVATE")
	_, err := d.Mutate(t.Context(), Change{Asked: true, Steps: []change.Step{&change.RawRequest{
		Method: "POST", Path: "/v1/group", Query: map[string][]string{"k": {"PRIVATE"}}, Body: []byte(`{"name":"PRIVATE"}`),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.journal(); strings.Contains(got, "PRIVATE") || !strings.Contains(got, "send POST /v1/group") {
		t.Errorf("journal %s", got)
	}
}
