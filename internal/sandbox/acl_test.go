package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestACLLife(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	project, group := c.ids("/v1/project?project_name=Onboarding")[0], c.ids("/v1/group?group_name=Contractors")[0]
	item := obj{"object_type": "project", "object_id": project, "group_id": group, "permission": "read", "user_id": nil, "role_id": nil}
	made := c.want(200, "POST", "/v1/acl", item)
	if made.header.Get(headerExisting) != "false" || made.object["created"] == nil {
		t.Errorf("%v %s", made.header, made.body)
	}
	for _, unset := range []string{"permission", "restrict_object_type"} { // the description has no null for them
		if v, has := c.want(200, "POST", "/v1/acl", item).object[unset]; has && v == nil {
			t.Errorf("%s is null", unset)
		}
	}
	again := c.want(200, "POST", "/v1/acl", with(item, obj{"object_id": strings.ToUpper(project)}))
	if again.id() != made.id() || again.header.Get(headerExisting) != "true" {
		t.Errorf("the same contents made another ACL: %s", again.body)
	}
	other := c.want(200, "POST", "/v1/acl", with(item, obj{"restrict_object_type": "dataset"}))
	if other.id() == made.id() {
		t.Error("other contents gave the same ACL")
	}
	c.want(200, "GET", "/v1/acl/"+made.id(), nil)
	c.want(404, "PATCH", "/v1/acl/"+made.id(), obj{})
	if gone := c.want(200, "DELETE", "/v1/acl", item); gone.id() != made.id() {
		t.Errorf("%s", gone.body)
	}
	c.want(400, "DELETE", "/v1/acl", item)
	c.want(200, "DELETE", "/v1/acl/"+other.id(), nil)
	c.want(400, "GET", "/v1/acl/"+other.id(), nil)
}

func TestACLContents(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	c := tokenClient(t, s)
	org := s.Seeded().OrgID
	project, group := c.ids("/v1/project?project_name=Onboarding")[0], c.ids("/v1/group?group_name=Contractors")[0]
	role := c.ids("/v1/role?role_name=Viewer")[0]
	missing := "00000000-0000-4000-8000-000000000000"
	base := obj{"object_type": "project", "object_id": project, "group_id": group, "permission": "read"}
	for _, test := range []struct {
		change obj
		status int
	}{
		{obj{"group_id": nil}, http.StatusInternalServerError}, // as the real server
		{obj{"user_id": s.Seeded().UserID}, 400},
		{obj{"role_id": role}, 400},
		{obj{"permission": nil}, 400},
		{obj{"permission": nil, "role_id": role, "restrict_object_type": "dataset"}, 400},
		{obj{"permission": "fly"}, 400},
		{obj{"object_type": "thing"}, 400},
		{obj{"object_id": missing}, 400},
		{obj{"object_id": "x"}, 400},
		{obj{"group_id": missing}, 400},
		{obj{"group_id": nil, "user_id": missing}, 400},
		{obj{"permission": nil, "role_id": missing}, 400},
		{obj{"object_type": "organization"}, 400}, // a project's id is not the organization's
		{obj{"object_type": "ai_secret"}, 400},
		{obj{"permission": nil, "role_id": role}, 200},
		{obj{"object_type": "project_log"}, 200},
		{obj{"object_type": "organization", "object_id": org}, 200},
		{obj{"object_type": "org_project", "object_id": org, "restrict_object_type": "prompt_session"}, 200},
		{obj{"object_type": "org_member", "object_id": org}, 200},
		{obj{"object_type": "org_audit_logs", "object_id": org}, 200},
		{obj{"object_type": "group", "object_id": group}, 200},
		{obj{"object_type": "role", "object_id": role}, 200},
		{obj{"object_type": "prompt", "object_id": c.ids("/v1/prompt?project_name=Chatbot")[0]}, 200},
		{obj{"object_type": "prompt", "object_id": c.ids("/v1/function?project_name=Chatbot")[0]}, 200},
		{obj{"object_type": "prompt_session", "object_id": s.world.table(kindPlayground).rows[0].id}, 200},
		{obj{"object_type": "experiment", "object_id": c.ids("/v1/experiment")[0]}, 200},
	} {
		if r := c.do("POST", "/v1/acl", with(base, test.change)); r.status != test.status {
			t.Errorf("%v: %d, want %d: %s", test.change, r.status, test.status, r.body)
		}
	}
}

func TestBatchUpdate(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	project, group := c.ids("/v1/project?project_name=Onboarding")[0], c.ids("/v1/group?group_name=Contractors")[0]
	at := "/v1/acl?object_type=project&object_id=" + project
	before := len(c.ids(at))
	item := func(permission, restrict string) obj {
		o := obj{"object_type": "project", "object_id": project, "group_id": group, "permission": permission}
		if restrict != "" {
			o["restrict_object_type"] = restrict
		}
		return o
	}
	count := func(r reply) [2]int {
		return [2]int{len(r.object["added_acls"].([]any)), len(r.object["removed_acls"].([]any))}
	}
	add := []obj{item("read", ""), item("update", ""), item("read", "dataset"), item("read", "")}
	batch := obj{"add_acls": add, "remove_acls": []obj{item("delete", "")}}
	if got := count(c.want(200, "POST", "/v1/acl/batch_update", batch)); got != [2]int{3, 0} {
		t.Errorf("first: %v", got)
	}
	if got := count(c.want(200, "POST", "/v1/acl/batch_update", batch)); got != [2]int{0, 0} {
		t.Errorf("it should be idempotent: %v", got)
	}
	// All or nothing: the last item is wrong, so that the first is not added.
	bad := item("create", "")
	bad["object_id"] = group
	c.want(400, "POST", "/v1/acl/batch_update", obj{"add_acls": []obj{item("create", ""), bad}})
	if got := len(c.ids(at)); got != before+3 {
		t.Errorf("%d rows, want %d", got, before+3)
	}
	// A change: the new one is added, the old one removed, in one request.
	if got := count(c.want(200, "POST", "/v1/acl/batch_update", obj{"add_acls": []obj{item("read", "prompt")}, "remove_acls": []obj{item("read", "dataset")}})); got != [2]int{1, 1} {
		t.Errorf("change: %v", got)
	}
	c.want(200, "POST", "/v1/acl/batch_update", obj{})
	c.want(200, "POST", "/v1/acl/batch_update", obj{"add_acls": nil, "remove_acls": []obj{}})
	c.want(500, "POST", "/v1/acl/batch_update", obj{"add_acls": []obj{{"object_type": "project", "object_id": project, "permission": "read"}}})

	// Two thousand in one request.
	var many []obj
	for _, p := range c.ids("/v1/project") {
		for _, g := range c.ids("/v1/group") {
			for _, permission := range permissionNames() {
				for _, restrict := range objectTypes()[:9] {
					many = append(many, obj{"object_type": "project", "object_id": p, "group_id": g, "permission": permission, "restrict_object_type": restrict})
				}
			}
		}
	}
	many = many[:2000]
	c.want(200, "POST", "/v1/acl/batch_update", obj{"remove_acls": many}) // what the demo has
	if got := count(c.want(200, "POST", "/v1/acl/batch_update", obj{"add_acls": many})); got != [2]int{2000, 0} {
		t.Errorf("many: %v", got)
	}
}

// TestListOrgIsABareArray, unlike every other list.
func TestListOrgIsABareArray(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	all := decodeList(t, c.want(200, "GET", "/v1/acl/list_org", nil).body)
	one := c.want(200, "GET", fmt.Sprintf("/v1/acl?object_type=%s&object_id=%s", all[0]["object_type"], all[0]["object_id"]), nil)
	if one.object["objects"] == nil {
		t.Fatalf("%s", one.body)
	}
	if diff := cmp.Diff(all[0], one.object["objects"].([]any)[0].(obj)); diff != "" {
		t.Error(diff)
	}
}
