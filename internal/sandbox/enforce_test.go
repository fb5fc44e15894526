package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

// stage is a small organization with one caller who has a few grants. Names in braces stand for ids.
type stage struct {
	owner, caller *client
	names         *strings.Replacer
}

func newStage(t *testing.T, opts Options, grants ...string) stage {
	t.Helper()
	opts.Seed, opts.NoCreatorGrants = SeedSpec{Kind: SeedEmpty}, true
	s := newServer(t, opts)
	owner := tokenClient(t, s)
	caller, me := owner.account("caller")
	ids := []string{"{org}", s.Seeded().OrgID, "{me}", me, "{owner}", s.Seeded().UserID}
	name := func(as, kind string, body obj) string {
		id := owner.want(200, "POST", "/v1/"+kind, body).id()
		ids = append(ids, "{"+as+"}", id)
		return id
	}
	project := name("P", "project", obj{"name": "P"})
	other := name("Q", "project", obj{"name": "Q"})
	name("E", "experiment", obj{"project_id": project, "name": "E"})
	name("D", "dataset", obj{"project_id": project, "name": "D"})
	name("X", "experiment", obj{"project_id": other, "name": "X"})
	name("F", "function", obj{"project_id": project, "name": "F", "slug": "f", "function_data": obj{"type": "prompt"}})
	if opts.Plan == "" {
		name("G", "group", obj{"name": "G"})
		name("H", "group", obj{"name": "H"})
	}
	name("R", "role", obj{"name": "R", "member_permissions": []obj{{"permission": "read"}}})
	name("S", "project_group", obj{"name": "S", "member_projects": []string{project}})
	for _, role := range []string{"Owner", "Engineer", "Viewer"} {
		ids = append(ids, "{"+role+"}", owner.ids("/v1/role?role_name=" + role)[0])
	}
	st := stage{owner: owner, caller: caller, names: strings.NewReplacer(ids...)}
	for _, g := range grants {
		owner.want(200, "POST", "/v1/acl", st.item(t, g))
	}
	return st
}

// item reads "me read P" or "me read/dataset project P" as the body of an ACL: subject, permission with its
// restriction or role, type, name.
func (st stage) item(t *testing.T, text string) string {
	t.Helper()
	words := strings.Fields(text)
	if len(words) != 4 {
		t.Fatalf("no grant: %q", text)
	}
	subject := "user_id"
	if words[0] == "G" || words[0] == "H" {
		subject = "group_id"
	}
	what := fmt.Sprintf(`"role_id":"{%s}"`, words[1])
	if permission, restrict, restricted := strings.Cut(words[1], "/"); strings.ToLower(permission) == permission {
		what = fmt.Sprintf(`"permission":%q`, permission)
		if restricted {
			what += fmt.Sprintf(`,"restrict_object_type":%q`, restrict)
		}
	}
	return st.names.Replace(fmt.Sprintf(`{"object_type":%q,"object_id":"{%s}",%q:"{%s}",%s}`, words[2], words[3], subject, words[0], what))
}

// TestEnforcement is the table of domain.md, section 8. The expected answers were written by hand from its text.
func TestEnforcement(t *testing.T) {
	t.Parallel()
	all := "me Owner organization org"
	for _, test := range []struct {
		grants   string // separated by commas
		method   string
		path     string
		body     string
		expected int
	}{
		// What every member may.
		{"", "GET", "/v1/organization/{org}", "", 200},
		{"", "GET", "/v1/user", "", 200},
		{"", "GET", "/v1/user/{owner}", "", 200},
		{"", "GET", "/v1/role/{Owner}", "", 200},
		{"", "GET", "/ping", "", 200},
		// Reading.
		{"", "GET", "/v1/project/{P}", "", 400},
		{"", "GET", "/v1/group/{G}", "", 400},
		{"", "GET", "/v1/role/{R}", "", 400},
		{"", "GET", "/v1/project_group/{S}", "", 400},
		{"me read project P", "GET", "/v1/project/{P}", "", 200},
		{"me read project P", "GET", "/v1/experiment/{E}", "", 200},
		{"me read project P", "GET", "/v1/function/{F}", "", 200},
		{"me read project P", "GET", "/v1/project/{Q}", "", 400},
		{"me read project P", "GET", "/v1/experiment/{X}", "", 400},
		{"me read/dataset project P", "GET", "/v1/dataset/{D}", "", 200},
		{"me read/dataset project P", "GET", "/v1/experiment/{E}", "", 400},
		{"me read/dataset project P", "GET", "/v1/project/{P}", "", 400},
		{"me read/prompt project P", "GET", "/v1/function/{F}", "", 200},
		{"me read org_project org", "GET", "/v1/experiment/{X}", "", 200},
		{"me read org_project org", "GET", "/v1/group/{G}", "", 400},
		{"me read organization org", "GET", "/v1/group/{G}", "", 200},
		{"me read organization org", "GET", "/v1/experiment/{X}", "", 200},
		{"me read/experiment organization org", "GET", "/v1/experiment/{X}", "", 200},
		{"me read/experiment organization org", "GET", "/v1/project/{Q}", "", 400},
		{"me read project_group S", "GET", "/v1/experiment/{E}", "", 200},
		{"me read project_group S", "GET", "/v1/project/{Q}", "", 400},
		{"me read experiment E", "GET", "/v1/experiment/{E}", "", 200},
		{"me read experiment E", "GET", "/v1/project/{P}", "", 400},
		{"me Viewer org_project org", "GET", "/v1/dataset/{D}", "", 200},
		{"me read group G", "GET", "/v1/group/{G}", "", 200},
		{"me R role R", "GET", "/v1/role/{R}", "", 200},
		// Creating: an imagined child of the container.
		{"", "POST", "/v1/project", `{"name":"N"}`, 403},
		{"me create org_project org", "POST", "/v1/project", `{"name":"N"}`, 200},
		{"me create/project organization org", "POST", "/v1/project", `{"name":"N"}`, 200},
		{"me create/experiment org_project org", "POST", "/v1/project", `{"name":"N"}`, 403},
		{"me create org_project org", "POST", "/v1/group", `{"name":"N"}`, 403},
		{"me create organization org", "POST", "/v1/group", `{"name":"N"}`, 200},
		{"me create/group organization org", "POST", "/v1/group", `{"name":"N"}`, 200},
		{"me create/group organization org", "POST", "/v1/role", `{"name":"N"}`, 403},
		{"me create/role organization org", "POST", "/v1/role", `{"name":"N"}`, 200},
		{"me create/group organization org", "PUT", "/v1/group", `{"name":"N"}`, 200},
		{"me create/experiment project P", "POST", "/v1/experiment", `{"project_id":"{P}","name":"N"}`, 200},
		{"me create/experiment project P", "POST", "/v1/dataset", `{"project_id":"{P}","name":"N"}`, 400},
		{"me create/experiment project P,me read project P", "POST", "/v1/dataset", `{"project_id":"{P}","name":"N"}`, 403},
		{"me create project P", "POST", "/v1/experiment", `{"project_id":"{Q}","name":"N"}`, 400},
		{"me create/prompt project P", "POST", "/v1/function", `{"project_id":"{P}","name":"N","slug":"n","function_data":{"type":"prompt"}}`, 200},
		{"me create project_group S", "POST", "/v1/dataset", `{"project_id":"{P}","name":"N"}`, 200},
		// What exists is given only to who may read it.
		{"me create org_project org", "POST", "/v1/project", `{"name":"P"}`, 403},
		{"me read project P", "POST", "/v1/project", `{"name":"P"}`, 200},
		// Changing and deleting.
		{"me read project P", "PATCH", "/v1/project/{P}", `{"description":"d"}`, 403},
		{"", "PATCH", "/v1/project/{P}", `{"description":"d"}`, 400},
		{"me update project P", "PATCH", "/v1/project/{P}", `{"description":"d"}`, 200},
		{"me update/experiment project P", "PATCH", "/v1/project/{P}", `{"description":"d"}`, 400},
		{"me update/experiment project P", "PATCH", "/v1/experiment/{E}", `{"description":"d"}`, 200},
		{"me update project P", "DELETE", "/v1/experiment/{E}", "", 400},
		{"me delete project P", "DELETE", "/v1/experiment/{E}", "", 200},
		{"me delete project P,me read project P", "DELETE", "/v1/project/{Q}", "", 400},
		{"me Engineer org_project org", "DELETE", "/v1/project/{Q}", "", 200},
		{"me Viewer org_project org", "DELETE", "/v1/project/{Q}", "", 403},
		{"me update group G", "PATCH", "/v1/group/{G}", `{"add_member_users":["{me}"]}`, 200},
		{"me update group G", "PATCH", "/v1/group/{H}", `{"add_member_users":["{me}"]}`, 400},
		{"me update group G", "DELETE", "/v1/group/{G}", "", 400},
		{"me update group G,me read group G", "DELETE", "/v1/group/{G}", "", 403},
		{"me delete group G", "DELETE", "/v1/group/{G}", "", 200},
		{"me update role R", "PATCH", "/v1/role/{R}", `{"add_member_permissions":[{"permission":"update"}]}`, 200},
		{"me update group G", "PUT", "/v1/group", `{"name":"G"}`, 200},
		{"me create organization org,me read organization org", "PUT", "/v1/group", `{"name":"G"}`, 403},
		// The organization itself.
		{"", "PATCH", "/v1/organization/{org}", `{"name":"N"}`, 403},
		{"me update/organization organization org", "PATCH", "/v1/organization/{org}", `{"name":"N"}`, 200},
		{"me update/organization organization org", "PATCH", "/v1/group/{G}", `{"name":"N"}`, 400},
		{"me update org_project org", "PATCH", "/v1/organization/{org}", `{"name":"N"}`, 403},
		// Members.
		{"", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"]}}`, 403},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"]}}`, 200},
		{"me create/org_member organization org", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"]}}`, 200},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"invite_users":{"service_accounts":[{"name":"n"}]}}`, 200},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"invite_users":{"service_accounts":[{"name":"n","token_name":"t"}]}}`, 403},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"],"group_ids":["{G}"]}}`, 400},
		{"me create org_member org,me update group G", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"],"group_ids":["{G}"]}}`, 200},
		{"me create org_member org,me read group G", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"],"group_names":["G"]}}`, 403},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"invite_users":{"emails":["n@example.com"],"group_names":["Owners"]}}`, 400},
		{"me create org_member org", "PATCH", "/v1/organization/members", `{"remove_users":{"ids":["{owner}"]}}`, 403},
		{"me delete org_member org", "PATCH", "/v1/organization/members", `{"remove_users":{"ids":["{owner}"]}}`, 200},
		// Grants of an object.
		{"", "GET", "/v1/acl?object_type=project&object_id={P}", "", 400},
		{"me read project P", "GET", "/v1/acl?object_type=project&object_id={P}", "", 403},
		{"me read_acls project P", "GET", "/v1/acl?object_type=project&object_id={P}", "", 200},
		{"me read_acls project P", "GET", "/v1/acl?object_type=experiment&object_id={E}", "", 200},
		{"me read_acls/experiment project P", "GET", "/v1/acl?object_type=experiment&object_id={E}", "", 200},
		{"me read_acls/experiment project P", "GET", "/v1/acl?object_type=project&object_id={P}", "", 400},
		{"me read_acls project P", "GET", "/v1/acl/list_org", "", 403},
		{"me read_acls organization org", "GET", "/v1/acl/list_org", "", 200},
		{"me read_acls/project organization org", "GET", "/v1/acl/list_org", "", 403},
		{"me read_acls organization org", "GET", "/v1/acl?object_type=group&object_id={G}", "", 200},
		{"me create_acls project P", "POST", "/v1/acl", "@H read project P", 200},
		{"me create_acls project P", "POST", "/v1/acl", "@me Owner project P", 200}, // the super-user ability
		{"me create_acls project P", "POST", "/v1/acl", "@H read project Q", 400},
		{"me create_acls project P", "POST", "/v1/acl", "@H read organization org", 403},
		{"me create_acls/experiment project P", "POST", "/v1/acl", "@H read experiment E", 200},
		{"me create_acls/experiment project P", "POST", "/v1/acl", "@H read dataset D", 400},
		{"me update_acls project P,me read project P", "POST", "/v1/acl", "@H read project P", 403},
		{"me create_acls group G", "POST", "/v1/acl", "@H update group G", 200},
		{"me create_acls project P", "DELETE", "/v1/acl", "@me create_acls project P", 400},
		{"me delete_acls project P", "DELETE", "/v1/acl", "@me delete_acls project P", 200},
		{"me delete_acls project P", "DELETE", "/v1/acl", "@me read project Q", 400},
		{"me create_acls project P,me delete_acls project P", "POST", "/v1/acl/batch_update", "+H read project P-me create_acls project P", 200},
		{"me create_acls project P,me read project P", "POST", "/v1/acl/batch_update", "+H read project P-me read project P", 403},
		{"me create_acls project P", "POST", "/v1/acl/batch_update", "+H read project P+H read project Q", 400},
		// Secrets.
		{"", "GET", "/v1/service_token", "", 403},
		{"me read organization org", "GET", "/v1/service_token", "", 403},
		{all, "GET", "/v1/service_token", "", 200},
		{all, "POST", "/v1/service_token", `{"name":"n","service_account_id":"{me}"}`, 200},
		{"me read organization org", "POST", "/v1/service_token", `{"name":"n","service_account_id":"{me}"}`, 403},
		{"", "GET", "/v1/api_key", "", 200},
		// Through a group, at any depth.
		{"G read project P", "GET", "/v1/project/{P}", "", 400},
		{"G read project P,in G", "GET", "/v1/project/{P}", "", 200},
		{"G read project P,in H", "GET", "/v1/project/{P}", "", 400},
		{"G read project P,in H,G lists H", "GET", "/v1/project/{P}", "", 200}, // H's users receive G's grants
		{"H read project P,in G,G lists H", "GET", "/v1/project/{P}", "", 400}, // not the other way round
	} {
		t.Run(strings.ReplaceAll(test.grants+" "+test.method+" "+test.path+" "+test.body, "/", ":"), func(t *testing.T) {
			t.Parallel()
			var grants, setup []string
			for _, g := range strings.FieldsFunc(test.grants, func(r rune) bool { return r == ',' }) {
				if strings.HasPrefix(g, "in ") || strings.Contains(g, " lists ") {
					setup = append(setup, g)
				} else {
					grants = append(grants, g)
				}
			}
			st := newStage(t, Options{}, grants...)
			for _, text := range setup {
				st.arrange(text)
			}
			r := st.caller.do(test.method, st.names.Replace(test.path), st.body(t, test.body))
			if r.status != test.expected {
				t.Fatalf("%d, want %d: %s", r.status, test.expected, r.body)
			}
			if r.status == 400 && !strings.Contains(string(r.body), "does not exist or you do not have access") {
				t.Errorf("the refusal tells too much: %s", r.body)
			}
		})
	}
}

// arrange reads "in G" and "G lists H".
func (st stage) arrange(text string) {
	words := strings.Fields(text)
	if words[0] == "in" {
		st.owner.want(200, "PATCH", st.names.Replace("/v1/group/{"+words[1]+"}"), st.names.Replace(`{"add_member_users":["{me}"]}`))
		return
	}
	st.owner.want(200, "PATCH", st.names.Replace("/v1/group/{"+words[0]+"}"), st.names.Replace(`{"add_member_groups":["{`+words[2]+`}"]}`))
}

// body is JSON with names, @ and one grant, or + and - with the grants of a batch.
func (st stage) body(t *testing.T, text string) any {
	t.Helper()
	switch {
	case text == "":
		return nil
	case text[0] == '@':
		return st.item(t, text[1:])
	case text[0] == '+':
		adding, removing, _ := strings.Cut(text, "-")
		part := func(s string) string {
			var all []string
			for _, g := range strings.FieldsFunc(s, func(r rune) bool { return r == '+' }) {
				all = append(all, st.item(t, g))
			}
			return "[" + strings.Join(all, ",") + "]"
		}
		return fmt.Sprintf(`{"add_acls":%s,"remove_acls":%s}`, part(adding), part(removing))
	}
	return st.names.Replace(text)
}

// TestListsShowOnlyWhatMayBeRead.
func TestListsShowOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ grant, path, want string }{
		{"", "/v1/project", ""},
		{"", "/v1/group", ""},
		{"", "/v1/role", "{Viewer} {Engineer} {Owner}"},
		{"me read project P", "/v1/project", "{P}"},
		{"me read project P", "/v1/experiment", "{E}"},
		{"me read org_project org", "/v1/experiment", "{X} {E}"},
		{"me read experiment X", "/v1/experiment", "{X}"},
		{"me read/dataset project P", "/v1/experiment", ""},
		{"me read group H", "/v1/group", "{H}"},
		{"me read role R", "/v1/role", "{R} {Viewer} {Engineer} {Owner}"},
		{"me read/role organization org", "/v1/role", "{R} {Viewer} {Engineer} {Owner}"},
	} {
		var grants []string
		if test.grant != "" {
			grants = append(grants, test.grant)
		}
		st := newStage(t, Options{}, grants...)
		if got, want := strings.Join(st.caller.ids(test.path), " "), st.names.Replace(test.want); got != want {
			t.Errorf("%q %s: %s, want %s", test.grant, test.path, got, want)
		}
	}
}

// TestPlans: what the plans below Enterprise refuse, and that the server's own grants are exempt.
func TestPlans(t *testing.T) {
	t.Parallel()
	for _, plan := range []Plan{PlanStarter, PlanPro, PlanEnterprise} {
		t.Run(string(plan), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, Options{Plan: plan})
			c := tokenClient(t, s)
			groups := map[Plan]int{PlanStarter: 1, PlanPro: 3, PlanEnterprise: 6}[plan]
			if got := len(c.ids("/v1/group")); got != groups {
				t.Errorf("%d groups, want %d", got, groups)
			}
			refused := 403
			if plan == PlanEnterprise {
				refused = 200
			}
			owners := c.ids("/v1/group?group_name=Owners")[0]
			project := c.want(200, "POST", "/v1/project", obj{"name": "N"}).id()
			own := c.ids("/v1/acl?object_type=project&object_id=" + project)
			if len(own) != 1 {
				t.Errorf("the creator's grant is missing: %v", own)
			}
			on := func(kind, id string) obj {
				return obj{"object_type": kind, "object_id": id, "group_id": owners, "permission": "read"}
			}
			experiment := c.want(200, "POST", "/v1/experiment", obj{"project_id": project}).id()
			for _, r := range []reply{
				c.want(refused, "POST", "/v1/group", obj{"name": "Custom"}),
				c.want(refused, "PUT", "/v1/group", obj{"name": "Custom"}),
				c.want(refused, "POST", "/v1/acl", on("project", project)),
				c.want(refused, "POST", "/v1/acl", on("experiment", experiment)),
				c.want(refused, "POST", "/v1/acl", on("group", owners)),
				c.want(refused, "POST", "/v1/acl/batch_update", obj{"add_acls": []obj{on("project_log", project)}}),
			} {
				if refused == 403 && !strings.Contains(string(r.body), "Enterprise") {
					t.Errorf("the plan is not named: %s", r.body)
				}
			}
			c.want(200, "POST", "/v1/acl", on("organization", s.Seeded().OrgID))
			c.want(200, "POST", "/v1/group", obj{"name": "Owners"}) // exists
			c.want(200, "DELETE", "/v1/acl/"+own[0], nil)
		})
	}
}

// TestCreatorGrants: one grant of the role Owner, unless it is switched off.
func TestCreatorGrants(t *testing.T) {
	t.Parallel()
	for _, off := range []bool{false, true} {
		c := tokenClient(t, newServer(t, Options{NoCreatorGrants: off}))
		project := c.ids("/v1/project")[0]
		want := 1
		if off {
			want = 0
		}
		for kind, body := range creatable(project) {
			id := c.want(200, "POST", "/v1/"+kind, body).id()
			c.want(200, "POST", "/v1/"+kind, body)
			objectType := map[string]string{"function": "prompt"}[kind]
			if objectType == "" {
				objectType = kind
			}
			if got := len(c.ids("/v1/acl/list_org?object_type=" + objectType + "&object_id=" + id)); got != want {
				t.Errorf("%s, off %v: %d grants, want %d", kind, off, got, want)
			}
		}
	}
}
