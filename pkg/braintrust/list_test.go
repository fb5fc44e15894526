package braintrust_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// pages answers a list of users as the API does: newest first, from behind the cursor. items may
// change from request to request.
func pages(items func(n int) []string, short int) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, r *http.Request, n int) {
		all := items(n)
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		if after := r.URL.Query().Get("starting_after"); after != "" {
			all = all[slices.Index(all, after)+1:]
		}
		all = all[:min(len(all), limit-short)]
		var b strings.Builder
		for i, item := range all {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"id":%q}`, item)
		}
		reply(w, 200, `{"objects":[`+b.String()+`]}`)
	}
}

func numbered(from, to int) []string {
	var ids []string
	for i := from; i < to; i++ {
		ids = append(ids, "u"+strconv.Itoa(i))
	}
	return ids
}

func userIDs(t *testing.T, c *braintrust.Client) ([]string, error) {
	t.Helper()
	all, err := braintrust.Collect(c.Users(t.Context(), braintrust.UserFilter{}))
	if err != nil && all != nil {
		t.Errorf("a partial list of %d came with error %v", len(all), err)
	}
	var ids []string
	for _, user := range all {
		ids = append(ids, user.ID)
	}
	return ids, err
}

func TestC6_CompleteLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		items    func(n int) []string
		short    int // how many fewer than the limit a page has
		pageSize int
		want     []string
		requests int
	}{
		{"empty", func(int) []string { return nil }, 0, 10, nil, 1},
		{"25,000 users", func(int) []string { return numbered(0, 25_000) }, 0, 0, numbered(0, 25_000), 26},
		{"a full last page", func(int) []string { return numbered(0, 20) }, 0, 10, numbered(0, 20), 3},
		{"short pages are not the end", func(int) []string { return numbered(0, 20) }, 6, 10, numbered(0, 20), 6},
		{"items created between pages", func(n int) []string { return numbered(-n, 25) }, 0, 10, numbered(-1, 25), 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, pages(test.items, test.short))
			got, err := userIDs(t, client(t, s.URL, withPages(test.pageSize)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if n := len(s.got()); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
			for _, request := range s.got() {
				if !strings.Contains(request.query, "limit=") {
					t.Errorf("no limit in %s", request.line())
				}
			}
		})
	}
}

func TestC6_IncompleteListsAreErrors(t *testing.T) {
	t.Parallel()
	twenty := func(int) []string { return numbered(0, 80) }
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, int)
		want   string
	}{
		{"page 7 fails", func(w http.ResponseWriter, r *http.Request, n int) {
			if n >= 7 {
				reply(w, 500, `{"error":"page 7"}`)
				return
			}
			pages(twenty, 0)(w, r, n)
		}, "500 page 7"},
		{"page 7 is HTML", func(w http.ResponseWriter, r *http.Request, n int) {
			if n == 7 {
				reply(w, 200, `<html>`)
				return
			}
			pages(twenty, 0)(w, r, n)
		}, "a page of HTML"},
		{"page 7 is cut off", func(w http.ResponseWriter, r *http.Request, n int) {
			if n < 7 {
				pages(twenty, 0)(w, r, n)
				return
			}
			w.Header().Set("Content-Length", "100")
			reply(w, 200, `{"objects":[]}`)
			http.NewResponseController(w).Flush()
			hangUp()
		}, "unexpected EOF"},
		{"page 7 is not found", func(w http.ResponseWriter, r *http.Request, n int) {
			if n == 7 {
				reply(w, 404, `{}`)
				return
			}
			pages(twenty, 0)(w, r, n)
		}, "404"},
		{"the cursor is ignored", func(w http.ResponseWriter, _ *http.Request, _ int) {
			reply(w, 200, `{"objects":[{"id":"a"},{"id":"b"}]}`)
		}, "a comes twice"},
		{"the cursor is repeated", func(w http.ResponseWriter, _ *http.Request, n int) {
			reply(w, 200, fmt.Sprintf(`{"objects":[{"id":"x%d"},{"id":"last"}]}`, n))
		}, "last comes twice"},
		{"one page repeats itself", fixed(200, `{"objects":[{"id":"a"},{"id":"a"}]}`), "a comes twice"},
		{"no id", fixed(200, `{"objects":[{"id":"a"},{}]}`), "without an id"},
		{"null among objects", fixed(200, `{"objects":[null]}`), "without an id"},
		{"no list", fixed(200, `{"object":[]}`), `no list "objects"`},
		{"null list", fixed(200, `{"objects":null}`), `no list "objects"`},
		{"bare array", fixed(200, `[]`), "does not fit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.answer)
			_, err := userIDs(t, client(t, s.URL, withPages(10)))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "GET /v1/user: ") {
				t.Errorf("got %v, want an error of GET /v1/user with %q", err, test.want)
			}
		})
	}
}

func TestC6_EndlessList(t *testing.T) {
	t.Parallel()
	n := 0
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		n++
		return answerTo(r, 200, fmt.Sprintf(`{"objects":[{"id":"%d"}]}`, n)), nil
	})
	c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
	if _, err := userIDs(t, c); err == nil || !strings.Contains(err.Error(), "does not end") {
		t.Errorf("got %v", err)
	}
}

// TestC6_Iterator: a range that stops asks for no more pages, and a second range starts anew.
func TestC6_Iterator(t *testing.T) {
	t.Parallel()
	s := serve(t, pages(func(int) []string { return numbered(0, 30) }, 0))
	seq := client(t, s.URL, withPages(10)).Users(t.Context(), braintrust.UserFilter{})
	for range 2 {
		for user, err := range seq {
			if err != nil || user.ID != "u0" {
				t.Errorf("got %v, %v", user, err)
			}
			break
		}
	}
	if n := len(s.got()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestListOrgShapes(t *testing.T) {
	t.Parallel()
	acls := `[{"id":"a","object_type":"project","object_id":"p"}]`
	for name, first := range map[string]string{"bare array": acls, "objects": `{"objects":` + acls + `}`} {
		for last, empty := range map[string]string{"array": `[]`, "objects": `{"objects":[]}`} {
			t.Run(name+" then "+last, func(t *testing.T) {
				t.Parallel()
				s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
					if n == 1 {
						reply(w, 200, first)
						return
					}
					reply(w, 200, " "+empty)
				})
				got, err := braintrust.Collect(client(t, s.URL).OrgACLs(t.Context(), braintrust.ACLFilter{}))
				if err != nil || len(got) != 1 || got[0].ObjectID != "p" {
					t.Errorf("got %v, %v", got, err)
				}
			})
		}
	}
	for _, body := range []string{`null`, `{}`, `"x"`, `[{}]`, `[null]`} {
		s := serve(t, fixed(200, body))
		if got, err := braintrust.Collect(client(t, s.URL).OrgACLs(t.Context(), braintrust.ACLFilter{})); err == nil {
			t.Errorf("%s: got %v, want an error", body, got)
		}
	}
}

func TestProjectGroups(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, int)
		want   int
		status int // of the error; 0 for none
	}{
		{"not known to the server", fixed(404, `Cannot GET /v1/project_group`), 0, 0},
		{"forbidden", fixed(403, `{"error":"no"}`), 0, 403},
		{"400 is an error", fixed(400, `{"error":"no"}`), 0, 400},
		{"gone on page 2", func(w http.ResponseWriter, _ *http.Request, n int) {
			if n == 1 {
				reply(w, 200, `{"objects":[{"id":"a"}]}`)
				return
			}
			reply(w, 404, `{}`)
		}, 0, 404},
		{"one", pages(func(int) []string { return []string{"a"} }, 0), 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.answer)
			got, err := braintrust.Collect(client(t, s.URL).ProjectGroups(t.Context()))
			var api *braintrust.APIError
			if len(got) != test.want || errors.As(err, &api) != (test.status != 0) || api != nil && api.Status != test.status {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
