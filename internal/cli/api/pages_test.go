package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"btadmin/pkg/braintrust"
)

// pages answers one body after another, the last one for ever.
func pages(t *testing.T, bodies ...string) (*braintrust.Client, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bodies[min(len(asked), len(bodies)-1)]
		asked = append(asked, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	client, err := braintrust.New(braintrust.Config{BaseURL: server.URL, Key: braintrust.NewSecret("sk-test-0123456789")})
	if err != nil {
		t.Fatal(err)
	}
	return client, &asked
}

func TestReadAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		bodies []string
		want   string
		asked  string // the last query
		err    string
	}{
		{
			name:   "short pages are not the end",
			bodies: []string{`{"objects":[{"id":"a"},{"id":"b"}]}`, `{"objects":[{"id":"c"}]}`, `{"objects":[]}`},
			want:   `{"objects":[{"id":"a"},{"id":"b"},{"id":"c"}]}`, asked: "limit=1000&starting_after=c",
		},
		{name: "bare array", bodies: []string{`[{"id":"a"}]`, `[]`}, want: `[{"id":"a"}]`, asked: "limit=1000&starting_after=a"},
		{name: "nothing", bodies: []string{`{"objects":[]}`}, want: `{"objects":[]}`, asked: "limit=1000"},
		{name: "nothing, bare", bodies: []string{`[]`}, want: `[]`, asked: "limit=1000"},
		{name: "no list", bodies: []string{`{"id":"a"}`}, err: "is no list"},
		{name: "no id", bodies: []string{`{"objects":[{"name":"a"}]}`}, err: "has no id"},
		{name: "the same page again", bodies: []string{`{"objects":[{"id":"a"}]}`}, err: "repeats its pages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, asked := pages(t, test.bodies...)
			r, err := build(nil, "GET", "/v1/group", options{paginate: true})
			if err != nil {
				t.Fatal(err)
			}
			response, err := readAll(context.Background(), client, r)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(response.Body) != test.want {
				t.Errorf("body %s, want %s", response.Body, test.want)
			}
			if last := (*asked)[len(*asked)-1]; last != test.asked {
				t.Errorf("the last query was %s, want %s", last, test.asked)
			}
		})
	}
}
