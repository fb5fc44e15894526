package terraform

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// site is an organization behind a socket on loopback.
type site struct {
	server *sandbox.Server
	url    string
}

// newSite has people and so many projects, and none of the groups and grants that are to be made. Every request takes
// latency at least.
func newSite(t testing.TB, projects int, latency time.Duration) *site {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{
		Seed:   sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 50, Groups: 1, Projects: projects, ACLs: 1},
		Faults: sandbox.Faults{Latency: latency},
	})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server.Handler())
	t.Cleanup(listener.Close)
	return &site{server, listener.URL}
}

func (s *site) key() string { return s.server.Seeded().TokenKey.Reveal() }

// object is a record as the API has it.
type object map[string]any

func (o object) text(name string) string {
	text, _ := o[name].(string)
	return text
}

// do is a request past both tools. The answer is decoded into what is wanted.
func (s *site) do(t testing.TB, method, path string, into any) {
	t.Helper()
	req := httptest.NewRequest(method, "http://127.0.0.1"+path, http.NoBody)
	req.Header.Set("Authorization", "Bearer "+s.key())
	answer := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(answer, req)
	if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %.200s", method, path, answer.Code, answer.Body)
	}
}

// list reads a collection to its end.
func (s *site) list(t testing.TB, path string) []object {
	t.Helper()
	var all []object
	for after := ""; ; after = "&starting_after=" + all[len(all)-1].text("id") {
		var page struct{ Objects []object }
		s.do(t, http.MethodGet, path+"limit=1000"+after, &page)
		if len(page.Objects) == 0 {
			return all
		}
		all = append(all, page.Objects...)
	}
}

// grants are all ACLs of the organization, which come without pages.
func (s *site) grants(t testing.TB) (all []object) {
	t.Helper()
	s.do(t, http.MethodGet, "/v1/acl/list_org", &all)
	return all
}

// named maps names to ids.
func (s *site) named(t testing.TB, path, name string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, o := range s.list(t, path) {
		ids[o.text(name)] = o.text("id")
	}
	return ids
}

// made are the members of every group and the grants of every group on projects, in names and sorted: what the two tools have
// to agree about.
func (s *site) made(t testing.TB) []string {
	t.Helper()
	names := map[string]string{}
	for _, of := range [][2]string{{"/v1/user?", "email"}, {"/v1/group?", "name"}, {"/v1/project?", "name"}} {
		for name, id := range s.named(t, of[0], of[1]) {
			names[id] = name
		}
	}
	var all []string
	for _, g := range s.list(t, "/v1/group?") {
		members, _ := g["member_users"].([]any)
		for _, m := range members {
			all = append(all, fmt.Sprintf("%s has %s", g.text("name"), names[m.(string)]))
		}
	}
	for _, a := range s.grants(t) {
		if name := names[a.text("group_id")]; name != "" && a.text("object_type") == "project" {
			all = append(all, fmt.Sprintf("%s may %s %s", name, a.text("permission"), names[a.text("object_id")]))
		}
	}
	slices.Sort(all)
	return all
}

// deleteGrant takes a grant away behind the back of whoever made it.
func (s *site) deleteGrant(t testing.TB, group, project string) {
	t.Helper()
	groupID, projectID := s.named(t, "/v1/group?", "name")[group], s.named(t, "/v1/project?", "name")[project]
	for _, a := range s.grants(t) {
		if a.text("group_id") == groupID && a.text("object_id") == projectID && a.text("permission") == "read" {
			s.do(t, http.MethodDelete, "/v1/acl/"+a.text("id"), &object{})
			return
		}
	}
	t.Fatalf("%s has no grant on %s", group, project)
}
