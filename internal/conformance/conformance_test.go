package conformance_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"btadmin/internal/conformance"
)

const (
	idA = "00000000-0000-4000-8000-00000000000a"
	idB = "00000000-0000-4000-8000-00000000000b"
)

// spec loads the description once for all tests.
var spec = sync.OnceValues(func() (*conformance.Spec, error) {
	path, ok := conformance.Find()
	if !ok {
		return nil, nil
	}
	return conformance.Load(path)
})

func load(t *testing.T) *conformance.Spec {
	t.Helper()
	s, err := spec()
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		t.Skip("openapi.json is absent: nothing to conform to")
	}
	return s
}

func TestRequest(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, test := range []struct {
		name, method, target, body string
		want                       string // part of the error; "" for none
	}{
		{"list", "GET", "/v1/group?limit=1000&org_name=Acme&group_name=QA", "", ""},
		{"one id", "GET", "/v1/group?ids=" + idA, "", ""},
		{"several ids", "GET", "/v1/group?limit=1&ids=" + idA + "&ids=" + idB, "", ""},
		{"ACLs of an object", "GET", "/v1/acl?object_type=project&object_id=" + idA, "", ""},
		{"newer object type", "GET", "/v1/acl?object_type=project_group&object_id=" + idA, "", ""},
		{"ACLs of nothing", "GET", "/v1/acl?limit=1", "", "object_type"},
		{"org_name where there is none", "GET", "/v1/acl?org_name=A&object_type=project&object_id=" + idA, "", `"org_name" is not declared`},
		{"unknown type", "GET", "/v1/acl?object_type=planet&object_id=" + idA, "", "object_type"},
		{"bad limit", "GET", "/v1/group?limit=many", "", "limit"},
		{"malformed id", "GET", "/v1/group/nope", "", "group_id"},
		{"create", "POST", "/v1/group", `{"name":"QA","org_name":"Acme","member_users":["` + idA + `"]}`, ""},
		{"create without a name", "POST", "/v1/group", `{}`, "name"},
		{"extraneous", "POST", "/v1/group", `{"name":"QA","colour":"red"}`, "colour"},
		{"extraneous, nested", "PATCH", "/v1/organization/members", `{"invite_users":{"mails":["a@example.com"]}}`, "mails"},
		{"null role", "POST", "/v1/acl", `{"object_type":"project","object_id":"` + idA + `","user_id":"` + idB + `","permission":null,"role_id":"` + idA + `"}`, ""},
		{"unknown permission", "POST", "/v1/acl", `{"object_type":"project","object_id":"` + idA + `","permission":"fly"}`, "permission"},
		{"unknown path", "GET", "/v1/planet", "", "no matching operation"},
		{"unknown method", "PUT", "/v1/project", "{}", "method not allowed"},
		{"project group is newer", "GET", "/v1/project_group?limit=1", "", ""},
		{"login is not described", "POST", "/api/apikey/login", "", ""},
		{"ping is not described", "GET", "/ping", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(test.method, test.target, strings.NewReader(test.body))
			req.Header.Set("Content-Type", "application/json")
			check(t, s.Request(req, []byte(test.body)), test.want)
		})
	}
}

func TestResponse(t *testing.T) {
	t.Parallel()
	s := load(t)
	acl := `{"id":"` + idA + `","object_type":"project","object_id":"` + idA + `","_object_org_id":"` + idA + `"`
	for _, test := range []struct {
		name, method, target string
		status               int
		contentType, body    string
		want                 string
	}{
		{"list", "GET", "/v1/acl?object_type=project&object_id=" + idA, 200, "application/json", `{"objects":[` + acl + `}]}`, ""},
		{"nulls", "GET", "/v1/acl/" + idA, 200, "application/json", acl + `,"user_id":null,"permission":null,"restrict_object_type":null,"created":null}`, ""},
		{"newer permission, newer member", "GET", "/v1/acl/" + idA, 200, "application/json", acl + `,"permission":"fly","wings":2}`, ""},
		{"bare array", "GET", "/v1/acl/list_org", 200, "application/json", `[` + acl + `}]`, ""},
		{"list_org in objects", "GET", "/v1/acl/list_org", 200, "application/json", `{"objects":[]}`, "array"},
		{"no id", "GET", "/v1/group/" + idA, 200, "application/json", `{"org_id":"` + idA + `","name":"QA"}`, "id"},
		{"bad date", "GET", "/v1/group/" + idA, 200, "application/json", `{"id":"` + idA + `","org_id":"` + idA + `","name":"QA","created":"yesterday"}`, "created"},
		{"system role", "GET", "/v1/role/" + idA, 200, "application/json", `{"id":"` + idA + `","org_id":null,"name":"Owner","member_permissions":[{"permission":"read","restrict_object_type":null}]}`, ""},
		{"HTML", "GET", "/v1/group/" + idA, 200, "text/html", `<html>`, "text/html"},
		{"text error", "GET", "/v1/group/" + idA, 400, "text/plain; charset=utf-8", `does not exist`, ""},
		{"JSON error", "GET", "/v1/group/" + idA, 403, "application/json", `{"error":"no"}`, ""},
		{"undeclared status", "GET", "/v1/group/" + idA, 404, "text/html", `<html>`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(test.method, test.target, nil)
			check(t, s.Response(req, test.status, http.Header{"Content-Type": {test.contentType}}, []byte(test.body)), test.want)
		})
	}
}

func check(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("unexpected violation: %v", err)
	case want != "" && err == nil:
		t.Errorf("no violation, want one that names %s", want)
	case want != "" && !strings.Contains(err.Error(), want):
		t.Errorf("violation %v does not name %s", err, want)
	}
}

// reports collects violations.
type reports struct {
	mu   sync.Mutex
	errs []error
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

func TestTransportAndHandler(t *testing.T) {
	t.Parallel()
	s := load(t)
	server := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(string(body), "refuse") {
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `"refused"`)
			return
		}
		io.WriteString(w, `{"id":"`+idA+`","org_id":"`+idA+`","name":"QA"}`)
	})
	for _, test := range []struct {
		name, method, path, body string
		client, server           int // violations
	}{
		{"fine", "POST", "/v1/group", `{"name":"QA"}`, 0, 0},
		{"accepted although wrong", "POST", "/v1/group", `{"title":"QA"}`, 1, 1},
		{"refused because wrong", "POST", "/v1/group", `{"title":"refuse"}`, 1, 0},
		{"wrong answer", "GET", "/v1/service_token/" + idA, ``, 1, 1},
		{"unknown path", "GET", "/v1/planet", ``, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var client, handler reports
			ts := httptest.NewServer(s.Handler(server, handler.add))
			defer ts.Close()
			req, err := http.NewRequestWithContext(t.Context(), test.method, ts.URL+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			res, err := s.Transport(ts.Client().Transport, client.add).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || len(body) == 0 {
				t.Errorf("the body did not pass: %q, %v", body, err)
			}
			if len(client.errs) != test.client {
				t.Errorf("client violations: %v, want %d", client.errs, test.client)
			}
			if len(handler.errs) != test.server {
				t.Errorf("server violations: %v, want %d", handler.errs, test.server)
			}
		})
	}
}
