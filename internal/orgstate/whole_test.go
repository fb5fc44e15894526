package orgstate_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"btadmin/internal/orgstate"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// meddler counts requests and lets a test change what becomes of them.
type meddler struct {
	next   http.RoundTripper
	meddle func(n int, r *http.Request) (*http.Response, error) // nil, nil: pass on

	mu    sync.Mutex
	paths []string
}

func (m *meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.paths = append(m.paths, r.URL.Path)
	n := len(m.paths)
	meddle := m.meddle
	m.mu.Unlock()
	if meddle != nil {
		if res, err := meddle(n, r); res != nil || err != nil {
			return res, err
		}
	}
	return m.next.RoundTrip(r)
}

func (m *meddler) count(path string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, p := range m.paths {
		if strings.HasPrefix(p, path) {
			n++
		}
	}
	return n
}

func large(t *testing.T, spec sandbox.SeedSpec) (*sandbox.Server, *braintrust.Client, *meddler) {
	t.Helper()
	spec.Kind = sandbox.SeedLarge
	server, err := sandbox.NewMemory(sandbox.Options{Seed: spec})
	if err != nil {
		t.Fatal(err)
	}
	m := &meddler{next: server.Transport()}
	client, err := braintrust.New(braintrust.Config{
		BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: m, Parallelism: 8,
		Retry: braintrust.RetryPolicy{Attempts: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, client, m
}

func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		Request: r, StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), ProtoMajor: 1, ProtoMinor: 1,
	}
}

func sortedACLs(acls []braintrust.ACL) []braintrust.ACL {
	acls = slices.Clone(acls)
	slices.SortFunc(acls, func(a, b braintrust.ACL) int { return strings.Compare(a.ID, b.ID) })
	return acls
}

// 500 grants in 25 projects cost at most 20 requests, with a grant on one object of each kind.
func TestReadWholeIsLean(t *testing.T) {
	t.Parallel()
	server, client, m := large(t, sandbox.SeedSpec{Users: 40, Groups: 20, Projects: 25, ACLs: 500})
	org := braintrust.Organization{ID: server.Seeded().OrgID}
	for _, kind := range []string{"experiment", "dataset", "prompt", "function"} {
		nameObject(t, server, client, kind)
	}
	before := len(m.paths)
	whole, err := orgstate.ReadWhole(t.Context(), client, org, orgstate.Extent{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.paths) - before; n > 18 { // and two for the organization itself
		t.Errorf("%d requests: %v", n, m.paths[before:])
	}
	s := whole.Snapshot
	if len(s.ACLs) < 504 || len(s.Projects) != 25 || len(s.Groups) < 20 || len(s.Objects) != 4 || !s.TokensKnown {
		t.Errorf("%d ACLs, %d projects, %d groups, %d objects", len(s.ACLs), len(s.Projects), len(s.Groups), len(s.Objects))
	}
	kinds := map[braintrust.ObjectKind]bool{}
	for _, o := range s.Objects {
		kinds[o.Kind] = true
	}
	if len(kinds) != 4 {
		t.Errorf("kinds: %v", kinds)
	}
}

// nameObject makes an object and a grant on it.
func nameObject(t *testing.T, server *sandbox.Server, client *braintrust.Client, kind string) {
	t.Helper()
	projects, err := braintrust.Collect(client.Projects(t.Context(), braintrust.ProjectFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"project_id":"` + projects[0].ID + `","name":"one","slug":"one"}`
	switch kind {
	case "experiment", "dataset":
		body = `{"project_id":"` + projects[0].ID + `","name":"one"}`
	case "function":
		body = `{"project_id":"` + projects[0].ID + `","name":"two","slug":"two","function_data":{"type":"code"}}`
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/v1/"+kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+server.Seeded().TokenKey.Reveal())
	r.Header.Set("Content-Type", "application/json")
	res, err := server.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		t.Fatalf("%s: %s", kind, text)
	}
}

// TestD18_ReadWholeInPieces reads a long list in several places at once: the same grants as one reader finds, hardly
// more requests, and several at a time.
func TestD18_ReadWholeInPieces(t *testing.T) {
	t.Parallel()
	const acls = 12_000
	server, client, m := large(t, sandbox.SeedSpec{Users: 300, Groups: 100, Projects: 200, ACLs: acls})
	want, err := braintrust.Collect(client.OrgACLs(t.Context(), braintrust.ACLFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	before := m.count("/v1/acl/list_org")
	all := len(m.paths)
	var rows, flying, most int
	var mu sync.Mutex
	m.meddle = func(_ int, r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/v1/acl/list_org" {
			mu.Lock()
			flying++
			most = max(most, flying)
			mu.Unlock()
			time.Sleep(2 * time.Millisecond)
			mu.Lock()
			flying--
			mu.Unlock()
		}
		return nil, nil
	}
	whole, err := orgstate.ReadWhole(t.Context(), client, braintrust.Organization{ID: server.Seeded().OrgID}, orgstate.Extent{
		Rows: func(n int) {
			mu.Lock()
			defer mu.Unlock()
			rows += n
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sortedACLs(want), sortedACLs(whole.Snapshot.ACLs), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-one reader +pieces):\n%.2000s", diff)
	}
	pages := before // of one reader, with the empty one
	if n := m.count("/v1/acl/list_org") - before; n > pages+10 {
		t.Errorf("%d requests for a list of %d pages", n, pages)
	}
	if n := len(m.paths) - all; n > pages+6+20 {
		t.Errorf("%d requests altogether", n)
	}
	if most < 4 {
		t.Errorf("%d pages at a time", most)
	}
	if least := acls + 300 + 100 + 200; rows < least {
		t.Errorf("%d rows were told of, at least %d were read", rows, least)
	}
}

func TestC6_ReadWholeIsCompleteOrAnError(t *testing.T) {
	t.Parallel()
	server, client, m := large(t, sandbox.SeedSpec{Users: 100, Groups: 50, Projects: 50, ACLs: 9000})
	org := braintrust.Organization{ID: server.Seeded().OrgID}
	list := func(r *http.Request) bool { return r.URL.Path == "/v1/acl/list_org" }
	var pages int
	meddlings := map[string]func(int, *http.Request) (*http.Response, error){
		"pages fail from the 7th on": func(_ int, r *http.Request) (*http.Response, error) {
			if list(r) {
				if pages++; pages >= 7 {
					return answer(r, http.StatusInternalServerError, "out of order"), nil
				}
			}
			return nil, nil
		},
		"the connection breaks from page 9 on": func(_ int, r *http.Request) (*http.Response, error) {
			if list(r) {
				if pages++; pages >= 9 {
					return nil, errors.New("reset")
				}
			}
			return nil, nil
		},
		"a cursor is answered with the first page again": func(_ int, r *http.Request) (*http.Response, error) {
			if list(r) && r.URL.Query().Get("starting_after") != "" {
				q := r.URL.Query()
				q.Del("starting_after")
				r.URL.RawQuery = q.Encode()
			}
			return nil, nil
		},
		"a piece ends too early": func(_ int, r *http.Request) (*http.Response, error) {
			if list(r) {
				if pages++; pages > 10 {
					return answer(r, http.StatusOK, "[]"), nil
				}
			}
			return nil, nil
		},
		"the second page of groups is an error": func(_ int, r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/v1/group" {
				if r.URL.Query().Get("starting_after") != "" {
					return answer(r, http.StatusBadGateway, ""), nil
				}
			}
			return nil, nil
		},
	}
	for name, meddle := range meddlings {
		pages = 0
		var mu sync.Mutex
		m.mu.Lock()
		m.meddle = func(n int, r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			return meddle(n, r)
		}
		m.mu.Unlock()
		if whole, err := orgstate.ReadWhole(t.Context(), client, org, orgstate.Extent{}); err == nil {
			t.Errorf("%s: no error, %d grants", name, len(whole.Snapshot.ACLs))
		}
	}
}

// What is made while the list is read is in it or not, but nothing else is lost.
func TestC6_GrantsMadeBetweenPages(t *testing.T) {
	t.Parallel()
	server, client, m := large(t, sandbox.SeedSpec{Users: 100, Groups: 50, Projects: 50, ACLs: 9000})
	org := braintrust.Organization{ID: server.Seeded().OrgID}
	before, err := braintrust.Collect(client.OrgACLs(t.Context(), braintrust.ACLFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	other, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	var mu sync.Mutex
	m.meddle = func(_ int, r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path == "/v1/acl/list_org" && made < 8 {
			item := before[made].ACLItem
			item.ObjectType, item.ObjectID = braintrust.ObjectOrganization, org.ID
			item.RestrictObjectType, item.RoleID = braintrust.ObjectDataset, ""
			item.Permission = braintrust.Permissions()[made]
			if _, err := other.CreateACL(r.Context(), item); err != nil {
				return nil, err
			}
			made++
		}
		return nil, nil
	}
	whole, err := orgstate.ReadWhole(t.Context(), client, org, orgstate.Extent{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, acl := range whole.Snapshot.ACLs {
		found[acl.ID] = true
	}
	for _, acl := range before {
		if !found[acl.ID] {
			t.Fatalf("%s is lost", acl.ID)
		}
	}
	if made != 8 {
		t.Errorf("%d were made", made)
	}
}

// A key without read_acls on the organization gets the grants object by object, and what it may not see is told.
func TestReadWholeWithoutTheListOfAllGrants(t *testing.T) {
	t.Parallel()
	server, as := demo(t)
	full, err := orgstate.ReadWhole(t.Context(), as(server.Seeded().TokenKey), braintrust.Organization{ID: server.Seeded().OrgID}, orgstate.Extent{Objects: true})
	if err != nil || full.NoOrgACLs || len(full.Unread) > 0 {
		t.Fatalf("an owner: %+v, %v", full, err)
	}
	m := &meddler{next: server.Transport()}
	m.meddle = func(_ int, r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/v1/acl/list_org" || r.URL.Query().Get("object_type") == "org_member" {
			return answer(r, http.StatusForbidden, `{"error":"missing read_acls access"}`), nil
		}
		return nil, nil
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: m})
	if err != nil {
		t.Fatal(err)
	}
	part, err := orgstate.ReadWhole(t.Context(), client, braintrust.Organization{ID: server.Seeded().OrgID}, orgstate.Extent{Objects: true})
	if err != nil {
		t.Fatal(err)
	}
	if !part.NoOrgACLs || !slices.Contains(part.Unread, access.Node{Type: braintrust.ObjectOrgMember, ID: server.Seeded().OrgID}) {
		t.Errorf("told: %v, %v", part.NoOrgACLs, part.Unread)
	}
	want := slices.DeleteFunc(sortedACLs(full.Snapshot.ACLs), func(a braintrust.ACL) bool {
		return a.ObjectType == braintrust.ObjectOrgMember || a.ObjectType == braintrust.ObjectPromptSession
	})
	if diff := cmp.Diff(want, sortedACLs(part.Snapshot.ACLs)); diff != "" {
		t.Errorf("grants (-all +object by object):\n%s", diff)
	}
}
