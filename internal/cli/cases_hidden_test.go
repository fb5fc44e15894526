package cli_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// A project group that the key does not see could give what nothing else gives: no "no" about what is in a project is
// proven then. Neither is one about a project group or the log of a project that the key does not see.
func TestNoIsNotSaidAboutWhatIsHidden(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{NoCreatorGrants: true, Seed: sandbox.SeedSpec{Kind: sandbox.SeedEmpty}})
	id := func(path string, body map[string]any) string { return s.do(http.MethodPost, path, body)["id"].(string) }
	added := s.do(http.MethodPatch, "/v1/organization/members", map[string]any{"invite_users": map[string]any{
		"emails": []any{"ann@example.com"}, "service_accounts": []any{map[string]any{"name": "auditor", "token_name": "t"}},
	}})["added_users"].([]any)
	member := func(i int, field string) string { return added[i].(map[string]any)[field].(string) }
	project := id("/v1/project", map[string]any{"name": "P"})
	secret := id("/v1/project", map[string]any{"name": "Secret"})
	set := id("/v1/project_group", map[string]any{"name": "S", "member_projects": []any{project}})
	org := s.server.Seeded().OrgID
	for _, restrict := range []string{"group", "role"} {
		id("/v1/acl", map[string]any{"object_type": "organization", "object_id": org, "user_id": member(1, "id"), "permission": "read", "restrict_object_type": restrict})
	}
	id("/v1/acl", map[string]any{"object_type": "organization", "object_id": org, "user_id": member(1, "id"), "permission": "read_acls"})
	id("/v1/acl", map[string]any{"object_type": "project", "object_id": project, "user_id": member(1, "id"), "permission": "read"})
	auditor := s.owner(t, "BRAINTRUST_API_KEY="+member(1, "api_key"))
	check := func(p *person, code int, object string) {
		t.Helper()
		p.refused(code, nil, "access", "check", "user:ann@example.com", "read", object)
		saved := filepath.Join(p.home, "x.btsnap")
		p.must("snapshot", "save", saved, "--overwrite")
		p.refused(code, nil, "access", "check", "user:ann@example.com", "read", object, "--snapshot", saved)
	}
	check(auditor, 6, "project:P") // nothing is granted on any project group
	check(auditor, 2, "project_group:"+set)
	check(auditor, 2, "project_log:"+secret)
	id("/v1/acl", map[string]any{"object_type": "project_group", "object_id": set, "user_id": member(0, "id"), "permission": "read"})
	check(auditor, 2, "project:P")
	auditor.refused(0, []string{"hidden from the key"}, "access", "who-can", "read", "project:P")
	s.owner(t).must("access", "check", "user:ann@example.com", "read", "project:P")
	s.do(http.MethodDelete, "/v1/project_group/"+set, nil)
	check(auditor, 2, "project:P") // hidden or deleted: this key cannot tell
	check(s.owner(t), 6, "project:P")
	check(s.owner(t), 6, "project_group:"+set)
	if who := s.owner(t).btadmin("access", "who-can", "read", "project:P"); strings.Contains(who.stdout, "ann@") || who.stderr != "" {
		t.Errorf("%+v", who)
	}
}

// What is in a deleted project can be reached no more, even where the server still shows it. Functions are prompts to
// grants: their ids are found under both names.
func TestThingsOfDeletedProjects(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedEmpty}})
	id := func(path string, body map[string]any) string { return s.do(http.MethodPost, path, body)["id"].(string) }
	ada := s.server.Seeded().UserID
	project := id("/v1/project", map[string]any{"name": "P"})
	function := id("/v1/function", map[string]any{"name": "F", "slug": "F", "project_id": project, "function_data": map[string]any{"type": "prompt"}})
	s.owner(t).must("access", "check", "user:"+ada, "read", "prompt:"+function)
	const lost, gone = "0a000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-000000000002"
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/v1/experiment/"+lost:
			fmt.Fprintf(w, `{"id":%q,"project_id":%q,"name":"lost"}`, lost, gone)
		case r.URL.Path == "/v1/acl" && r.URL.Query().Get("object_id") == lost && r.URL.Query().Get("starting_after") == "":
			fmt.Fprintf(w, `{"objects":[{"id":%q,"object_type":"experiment","object_id":%q,"user_id":%q,"permission":"read"}]}`, gone, lost, ada)
		case r.URL.Path == "/v1/acl" && (r.URL.Query().Get("object_id") == lost || r.URL.Query().Get("object_id") == gone):
			fmt.Fprint(w, `{"objects":[]}`)
		default:
			return false
		}
		return true
	})
	s.owner(t).refused(6, nil, "access", "check", "user:"+ada, "read", "experiment:"+lost)
}
