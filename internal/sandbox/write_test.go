package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// creatable are bodies of all kinds that can be created by name or slug.
func creatable(project string) map[string]obj {
	return map[string]obj{
		"group":         {"name": "Made", "description": "first"},
		"role":          {"name": "Made", "description": "first"},
		"project":       {"name": "Made", "description": "first"},
		"project_group": {"name": "Made", "description": "first"},
		"experiment":    {"name": "Made", "description": "first", "project_id": project},
		"dataset":       {"name": "Made", "description": "first", "project_id": project},
		"prompt":        {"name": "Made", "slug": "made", "description": "first", "project_id": project},
		"function":      {"name": "Made", "slug": "made", "description": "first", "project_id": project, "function_data": obj{"type": "prompt"}},
	}
}

func with(base obj, changes obj) obj {
	out := obj{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range changes {
		out[k] = v
	}
	return out
}

// TestCreateIsGetOrCreate walks one thing of every kind through its life (D7's server side).
func TestCreateIsGetOrCreate(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	project := c.ids("/v1/project?project_name=Chatbot")[0]
	for kind, body := range creatable(project) {
		t.Run(kind, func(t *testing.T) {
			c := &client{t: t, transport: c.transport, base: c.base, key: c.key}
			path := "/v1/" + kind
			first := c.want(200, "POST", path, body)
			if got := first.header.Get(headerExisting); got != "false" {
				t.Errorf("found existing %q on the first", got)
			}
			again := c.want(200, "POST", path, with(body, obj{"description": "second"}))
			if again.header.Get(headerExisting) != "true" || again.id() != first.id() || again.object["description"] != "first" {
				t.Errorf("the existing one should come back unmodified: %s %s", again.header.Get(headerExisting), again.body)
			}
			if diff := cmp.Diff(first.object, c.want(200, "GET", path+"/"+first.id(), nil).object); diff != "" {
				t.Errorf("read back (-created +read):\n%s", diff)
			}
			put := c.do("PUT", path, with(body, obj{"description": "third"}))
			switch {
			case kind == "project" || kind == "experiment" || kind == "dataset":
				if put.status != http.StatusNotFound {
					t.Errorf("PUT %s: %d", kind, put.status)
				}
			case put.status != 200 || put.id() != first.id() || put.object["description"] != "third" || put.object["created"] != first.object["created"]:
				t.Errorf("PUT should replace: %d %s", put.status, put.body)
			}
			gone := c.want(200, "DELETE", path+"/"+strings.ToUpper(first.id()), nil)
			if gone.id() != first.id() {
				t.Errorf("DELETE answers %s", gone.body)
			}
			if _, has := first.object["deleted_at"]; has && gone.object["deleted_at"] == nil {
				t.Errorf("no deleted_at in %s", gone.body)
			}
			for _, method := range []string{"GET", "PATCH", "DELETE"} {
				r := c.want(400, method, path+"/"+first.id(), obj{})
				if !strings.Contains(string(r.body), "does not exist or you do not have access") {
					t.Errorf("%s of what is gone: %s", method, r.body)
				}
			}
			fresh := c.want(200, "POST", path, body)
			if fresh.id() == first.id() || fresh.header.Get(headerExisting) != "false" {
				t.Errorf("a deleted name should be free: %s", fresh.body)
			}
		})
	}
}

// TestStrictBodies: what the schema lacks, or has in another shape, is refused on every write.
func TestStrictBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	c := tokenClient(t, s)
	project := c.ids("/v1/project?project_name=Chatbot")[0]
	group, role := c.ids("/v1/group?group_name=Contractors")[0], c.ids("/v1/role?role_name=Auditor")[0]
	org := s.Seeded().OrgID
	item := obj{"object_type": "project", "object_id": project, "group_id": group, "permission": "read"}
	for kind, body := range creatable(project) {
		r := c.want(400, "POST", "/v1/"+kind, with(body, obj{"name": "Strict", "colour": "red"}))
		if !strings.Contains(string(r.body), "Extraneous key 'colour' at path []") {
			t.Errorf("POST %s: %s", kind, r.body)
		}
		if kind != "experiment" {
			c.want(400, "POST", "/v1/"+kind, with(body, obj{"name": nil}))
		}
		c.want(400, "POST", "/v1/"+kind, with(body, obj{"name": 3}))
		c.want(400, "POST", "/v1/"+kind, with(body, obj{"name": ""}))
		c.want(400, "POST", "/v1/"+kind, with(body, obj{"id": org}))
	}
	for _, test := range []struct {
		method, path string
		body         any
		says         string
	}{
		{"PATCH", "/v1/group/" + group, obj{"member_users": []string{}}, "Extraneous key 'member_users' at path []"},
		{"PATCH", "/v1/group/" + group, obj{"org_name": "Acme"}, "Extraneous key 'org_name'"},
		{"PATCH", "/v1/group/" + group, obj{"add_member_users": "x"}, "Expected array at path [add_member_users]"},
		{"PATCH", "/v1/group/" + group, obj{"add_member_users": []string{"x"}}, "Invalid uuid 'x' at path [add_member_users,0]"},
		{"PATCH", "/v1/group/" + group, obj{"add_member_users": []string{org}}, "User does not exist"},
		{"PATCH", "/v1/group/" + group, obj{"add_member_groups": []string{org}}, "Group does not exist"},
		{"PATCH", "/v1/group/" + group, obj{"name": "Owners"}, "already exists"},
		{"PATCH", "/v1/role/" + role, obj{"add_member_permissions": []obj{{"permission": "fly"}}}, "Invalid enum value 'fly' at path [add_member_permissions,0,permission]"},
		{"PATCH", "/v1/role/" + role, obj{"add_member_permissions": []obj{{"restrict_object_type": "project"}}}, "Required at path [add_member_permissions,0,permission]"},
		{"PATCH", "/v1/role/" + role, obj{"add_member_roles": []string{org}}, "Role does not exist"},
		{"PATCH", "/v1/organization/" + org, obj{"plan": "x"}, "Extraneous key 'plan'"},
		{"PATCH", "/v1/organization/" + org, obj{"image_rendering_mode": "x"}, "Invalid enum value"},
		{"PATCH", "/v1/organization/members", obj{"invite": obj{}}, "Extraneous key 'invite'"},
		{"PATCH", "/v1/organization/members", obj{"invite_users": obj{"email": "x"}}, "Extraneous key 'email' at path [invite_users]"},
		{"POST", "/v1/acl", with(item, obj{"x": 1}), "Extraneous key 'x'"},
		{"POST", "/v1/acl", obj{"object_type": "project"}, "Required at path [object_id]"},
		{"DELETE", "/v1/acl", with(item, obj{"id": org}), "Extraneous key 'id'"},
		{"POST", "/v1/acl/batch_update", obj{"add_acls": []obj{with(item, obj{"x": 1})}}, "Extraneous key 'x' at path [add_acls,0]"},
		{"POST", "/v1/acl/batch_update", obj{"adds": []obj{}}, "Extraneous key 'adds'"},
		{"POST", "/v1/service_token", obj{"name": "x", "service_account_id": s.Seeded().ServiceAccountID, "expires": 1}, "Extraneous key 'expires'"},
		{"DELETE", "/v1/service_token", obj{}, "Required at path [id]"},
		{"POST", "/v1/group", `{"name":"x",`, "Invalid JSON"},
		{"POST", "/v1/group", `["x"]`, "Expected object"},
		{"POST", "/v1/group", `{"name":"x","name":"y"}`, "Invalid JSON"},
		{"POST", "/v1/group", obj{"name": "x", "org_name": "Other"}, "Organization"},
		{"POST", "/v1/group", obj{"name": "x", "org_id": project}, "Organization"},
		{"POST", "/v1/dataset", obj{"name": "x", "project_id": org}, "Project does not exist"},
	} {
		r := c.want(400, test.method, test.path, test.body)
		if !strings.Contains(string(r.body), test.says) {
			t.Errorf("%s %s %v: %s, want %q", test.method, test.path, test.body, r.body, test.says)
		}
	}
	big := `{"name":"` + strings.Repeat("x", maxBody) + `"}`
	c.want(http.StatusRequestEntityTooLarge, "POST", "/v1/group", big)
}

func TestPatch(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	c := tokenClient(t, s)
	users := c.ids("/v1/user")
	project := c.ids("/v1/project?project_name=Search")[0]

	t.Run("group", func(t *testing.T) {
		made := c.want(200, "POST", "/v1/group", obj{"name": "P", "description": "d", "member_users": users[:2]})
		at := "/v1/group/" + made.id()
		r := c.want(200, "PATCH", at, obj{"description": nil, "name": nil})
		if r.object["description"] != "d" || r.object["name"] != "P" {
			t.Errorf("null should change nothing: %s", r.body)
		}
		if r = c.want(200, "PATCH", at, obj{"description": ""}); r.object["description"] != "" {
			t.Errorf("an empty text should blank: %s", r.body)
		}
		r = c.want(200, "PATCH", at, obj{"add_member_users": []string{users[1], strings.ToUpper(users[2]), users[2]}, "remove_member_users": []string{users[0], users[5]}})
		if diff := cmp.Diff([]any{users[1], users[2]}, r.object["member_users"]); diff != "" {
			t.Error(diff)
		}
		inner := c.ids("/v1/group?group_name=Evaluators")[0]
		r = c.want(200, "PATCH", at, obj{"add_member_groups": []string{inner, inner}})
		if diff := cmp.Diff([]any{inner}, r.object["member_groups"]); diff != "" {
			t.Error(diff)
		}
		r = c.want(200, "PATCH", at, obj{"remove_member_groups": []string{inner, users[0]}, "name": "Q"})
		if diff := cmp.Diff([]any{}, r.object["member_groups"]); diff != "" || r.object["name"] != "Q" {
			t.Error(diff, r.object["name"])
		}
		// The new name is the key now, the old one is free.
		if got := c.want(200, "POST", "/v1/group", obj{"name": "Q"}); got.id() != made.id() {
			t.Errorf("%s", got.body)
		}
		if got := c.want(200, "POST", "/v1/group", obj{"name": "P"}); got.id() == made.id() {
			t.Errorf("%s", got.body)
		}
		put := c.want(200, "PUT", "/v1/group", obj{"name": "Q", "member_users": users[3:5]})
		if diff := cmp.Diff([]any{users[3], users[4]}, put.object["member_users"]); diff != "" || put.object["description"] != nil {
			t.Error(diff, put.object["description"])
		}
	})
	t.Run("built-in groups stay", func(t *testing.T) {
		owners := c.ids("/v1/group?group_name=Owners")[0]
		c.want(400, "DELETE", "/v1/group/"+owners, nil)
		c.want(400, "PATCH", "/v1/group/"+owners, obj{"name": "Bosses"})
		c.want(200, "PATCH", "/v1/group/"+owners, obj{"name": "Owners", "description": "x"})
	})
	t.Run("role", func(t *testing.T) {
		viewer := c.ids("/v1/role?role_name=Viewer")[0]
		c.want(403, "PATCH", "/v1/role/"+viewer, obj{"description": "x"})
		c.want(403, "DELETE", "/v1/role/"+viewer, nil)
		own := c.want(200, "POST", "/v1/role", obj{"name": "Viewer"}) // not the system's
		if own.id() == viewer || own.object["org_id"] != s.Seeded().OrgID {
			t.Errorf("%s", own.body)
		}
		r := c.want(200, "PATCH", "/v1/role/"+own.id(), obj{
			"add_member_permissions": []obj{{"permission": "read"}, {"permission": "read", "restrict_object_type": nil}, {"permission": "read", "restrict_object_type": "dataset"}},
			"add_member_roles":       []string{viewer},
		})
		want := []any{obj{"permission": "read"}, obj{"permission": "read", "restrict_object_type": "dataset"}}
		if diff := cmp.Diff(want, r.object["member_permissions"]); diff != "" {
			t.Error(diff)
		}
		r = c.want(200, "PATCH", "/v1/role/"+own.id(), obj{"remove_member_permissions": []obj{{"permission": "read"}, {"permission": "delete"}}, "remove_member_roles": []string{viewer}})
		if diff := cmp.Diff(want[1:], r.object["member_permissions"]); diff != "" || len(r.object["member_roles"].([]any)) != 0 {
			t.Error(diff, r.object["member_roles"])
		}
	})
	t.Run("deep merge", func(t *testing.T) {
		at := "/v1/project/" + project
		c.want(200, "PATCH", at, obj{"settings": obj{"comparison_key": "a", "disable_realtime_queries": true}})
		r := c.want(200, "PATCH", at, obj{"settings": obj{"comparison_key": "b", "disable_realtime_queries": nil}})
		if diff := cmp.Diff(obj{"comparison_key": "b", "disable_realtime_queries": true}, r.object["settings"]); diff != "" {
			t.Error(diff)
		}
		e := c.want(200, "POST", "/v1/experiment", obj{"project_id": project, "metadata": obj{"a": obj{"b": 1, "c": 2}}, "tags": []string{"x"}})
		r = c.want(200, "PATCH", "/v1/experiment/"+e.id(), obj{"metadata": obj{"a": obj{"b": 3}, "d": 4}, "tags": []string{"y"}, "public": true})
		if diff := cmp.Diff(obj{"a": obj{"b": 3.0, "c": 2.0}, "d": 4.0}, r.object["metadata"]); diff != "" {
			t.Error(diff)
		}
		if fmt.Sprint(r.object["tags"], r.object["public"]) != "[y] true" {
			t.Errorf("%s", r.body)
		}
	})
	t.Run("versions", func(t *testing.T) {
		p := c.want(200, "POST", "/v1/prompt", obj{"project_id": project, "name": "v", "slug": "v"})
		r := c.want(200, "PATCH", "/v1/prompt/"+p.id(), obj{"slug": "w", "prompt_data": obj{"options": obj{"model": "m"}}})
		if r.object["_xact_id"].(string) <= p.object["_xact_id"].(string) || r.object["slug"] != "w" {
			t.Errorf("%s", r.body)
		}
	})
	t.Run("experiments", func(t *testing.T) {
		one := c.want(200, "POST", "/v1/experiment", obj{"project_id": project, "name": "bm25", "ensure_new": true})
		if one.object["name"] == "bm25" || one.object["public"] != false {
			t.Errorf("%s", one.body)
		}
		two := c.want(200, "POST", "/v1/experiment", obj{"project_id": project, "repo_info": obj{"commit": "abc"}})
		if two.object["name"] == "" || two.object["commit"] != "abc" {
			t.Errorf("%s", two.body)
		}
	})
}

// TestDeletingAProjectDeletesWhatIsInIt: soft deletes reach down.
func TestDeletingAProjectDeletesWhatIsInIt(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	project := c.ids("/v1/project?project_name=Chatbot")[0]
	inside := c.ids("/v1/experiment?project_id=" + project)[0]
	c.want(200, "DELETE", "/v1/project/"+project, nil)
	c.want(400, "GET", "/v1/experiment/"+inside, nil)
	if left := c.ids("/v1/dataset?project_id=" + project); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	// Its grants are still listed, lead nowhere, and can be taken away.
	left := c.ids("/v1/acl/list_org?object_id=" + project)
	if len(left) == 0 {
		t.Fatal("the grants went with the project")
	}
	c.want(400, "GET", "/v1/acl?object_type=project&object_id="+project, nil)
	c.want(200, "GET", "/v1/acl/"+left[0], nil)
	c.want(200, "DELETE", "/v1/acl/"+left[0], nil)
}
