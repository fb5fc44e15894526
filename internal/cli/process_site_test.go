package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/internal/conformance"
	"btadmin/internal/sandbox"
)

// description is the vendor's description of the API, nil when its file is not beside the checkout.
var description = sync.OnceValues(func() (*conformance.Spec, error) {
	path, found := conformance.Find()
	if !found {
		return nil, nil
	}
	return conformance.Load(path)
})

// site is an organization behind a real socket. It holds every exchange against the description of the API,
// keeps what was asked for, and lets a test step in between.
type site struct {
	t      testing.TB
	server *sandbox.Server
	url    string

	mu       sync.Mutex
	requests []exchanged
	step     interference
}

// exchanged is a request that arrived, with the status of its answer.
type exchanged struct {
	method, path string
	status       int
}

// interference sees a request first; true says that it has been answered.
type interference func(w http.ResponseWriter, r *http.Request) bool

// newSite serves a fresh organization, held against the description.
func newSite(t testing.TB, options sandbox.Options) *site {
	t.Helper()
	spec, err := description()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, server: memory(t, options)}
	handler := s.server.Handler()
	if spec != nil {
		handler = spec.Handler(handler, func(err error) { t.Errorf("the description of the API: %v", err) })
		handler = strict(spec, handler, t)
	}
	s.listen(handler)
	return s
}

// newBareSite serves a fresh organization without holding it against the description.
func newBareSite(t testing.TB, options sandbox.Options) *site {
	t.Helper()
	s := &site{t: t, server: memory(t, options)}
	s.listen(s.server.Handler())
	return s
}

func memory(t testing.TB, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server, err := sandbox.NewMemory(options)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func (s *site) listen(next http.Handler) {
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, next) }))
	s.t.Cleanup(listener.Close)
	s.url = listener.URL
}

// strict complains about requests that the description does not have, accepted or not.
func strict(spec *conformance.Spec, next http.Handler, t testing.TB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := spec.Request(r, body); err != nil {
			t.Errorf("the description of the API: %v", err)
		}
		next.ServeHTTP(w, r)
	})
}

func (s *site) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Method == http.MethodPut {
		s.t.Errorf("D8: PUT %s", r.URL.Path)
	}
	s.mu.Lock()
	step := s.step
	s.mu.Unlock()
	seen := &answerStatus{ResponseWriter: w, status: http.StatusOK}
	if step == nil || !step(seen, r) {
		next.ServeHTTP(seen, r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, exchanged{r.Method, r.URL.Path, seen.status})
}

// answerStatus keeps the status of an answer.
type answerStatus struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (a *answerStatus) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// between installs an interference.
func (s *site) between(step interference) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step = step
}

// writes are the requests so far that may change something, as "PATCH /v1/group/ID 200".
func (s *site) writes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var writes []string
	for _, r := range s.requests {
		if r.method != http.MethodGet && !strings.HasPrefix(r.path, "/api/apikey/login") {
			writes = append(writes, fmt.Sprintf("%s %s %d", r.method, r.path, r.status))
		}
	}
	return writes
}

// key is the service token of an owner.
func (s *site) key() string { return s.server.Seeded().TokenKey.Reveal() }

// do sends a request past btadmin and returns the decoded answer.
func (s *site) do(method, path string, body any) map[string]any {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req := httptest.NewRequest(method, "http://127.0.0.1"+path, bytes.NewReader(raw))
	req.Header.Set("Authorization", "Bearer "+s.key())
	req.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(answer, req)
	if answer.Code >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	var decoded map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &decoded); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, answer.Body)
	}
	return decoded
}

// named is the object of that name in a list, nil when there is none.
func (s *site) named(collection, name string) map[string]any {
	s.t.Helper()
	objects := s.do(http.MethodGet, "/v1/"+collection, nil)["objects"].([]any)
	i := slices.IndexFunc(objects, func(o any) bool { return o.(map[string]any)["name"] == name })
	if i < 0 {
		return nil
	}
	return objects[i].(map[string]any)
}

// members are the ids of the users in a group.
func (s *site) members(group string) []any {
	s.t.Helper()
	found := s.named("group", group)
	if found == nil {
		s.t.Fatalf("no group %q", group)
	}
	ids, _ := found["member_users"].([]any)
	return ids
}
