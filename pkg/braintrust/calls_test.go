package braintrust_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// drain reads a list as a call.
func drain[T any](seq iter.Seq2[T, error]) error {
	_, err := braintrust.Collect(seq)
	return err
}

func ptr[T any](v T) *T { return &v }

// call is one method of the client and the request that it must send.
type call struct {
	name string
	do   func(context.Context, *braintrust.Client) error
	want string // method, path, query in the order of the alphabet, body
}

// item is a grant with every field that may stand together.
var item = braintrust.ACLItem{
	ObjectType: braintrust.ObjectProject, ObjectID: id(1), GroupID: id(2),
	Permission: braintrust.PermissionRead, RestrictObjectType: braintrust.ObjectDataset,
}

var itemJSON = fmt.Sprintf(`{"object_type":"project","object_id":"%s","group_id":"%s","permission":"read","restrict_object_type":"dataset"}`, id(1), id(2))

func lists() []call {
	type client = braintrust.Client
	return []call{
		{"organizations are not narrowed by the client's name", func(ctx context.Context, c *client) error {
			return drain(c.Organizations(ctx, braintrust.OrganizationFilter{}))
		}, "GET /v1/organization?limit=1000"},
		{"organizations by name", func(ctx context.Context, c *client) error {
			return drain(c.Organizations(ctx, braintrust.OrganizationFilter{Name: "A & B", IDs: []string{id(1)}}))
		}, "GET /v1/organization?ids=" + id(1) + "&limit=1000&org_name=A+%26+B"},
		{"users", func(ctx context.Context, c *client) error {
			return drain(c.Users(ctx, braintrust.UserFilter{
				IDs: []string{id(1), id(2)}, GivenNames: []string{"Ann"}, FamilyNames: []string{"Lee", "Ray"},
				Emails: []string{"a+b@example.com"},
			}))
		}, "GET /v1/user?email=a%2Bb%40example.com&family_name=Lee&family_name=Ray&given_name=Ann&ids=" + id(1) + "&ids=" + id(2) + "&limit=1000&org_name=Acme"},
		{"groups", func(ctx context.Context, c *client) error {
			return drain(c.Groups(ctx, braintrust.GroupFilter{Name: "QA"}))
		}, "GET /v1/group?group_name=QA&limit=1000&org_name=Acme"},
		{"roles", func(ctx context.Context, c *client) error {
			return drain(c.Roles(ctx, braintrust.RoleFilter{Name: "Owner"}))
		}, "GET /v1/role?limit=1000&org_name=Acme&role_name=Owner"},
		{"ACLs of an object have no org_name", func(ctx context.Context, c *client) error {
			return drain(c.ACLs(ctx, braintrust.ACLFilter{ObjectType: "project", ObjectID: id(1), UserID: id(2)}))
		}, "GET /v1/acl?limit=1000&object_id=" + id(1) + "&object_type=project&user_id=" + id(2)},
		{"ACLs of the organization", func(ctx context.Context, c *client) error {
			return drain(c.OrgACLs(ctx, braintrust.ACLFilter{GroupID: id(1), Permission: "read", RestrictObjectType: "dataset", RoleID: id(3)}))
		}, "GET /v1/acl/list_org?group_id=" + id(1) + "&limit=1000&org_name=Acme&permission=read&restrict_object_type=dataset&role_id=" + id(3)},
		{"service tokens", func(ctx context.Context, c *client) error {
			return drain(c.ServiceTokens(ctx, braintrust.ServiceTokenFilter{Name: "ci"}))
		}, "GET /v1/service_token?limit=1000&org_name=Acme&service_token_name=ci"},
		{"API keys", func(ctx context.Context, c *client) error {
			return drain(c.APIKeys(ctx, braintrust.APIKeyFilter{Name: "k"}))
		}, "GET /v1/api_key?api_key_name=k&limit=1000&org_name=Acme"},
		{"projects", func(ctx context.Context, c *client) error {
			return drain(c.Projects(ctx, braintrust.ProjectFilter{Name: "P"}))
		}, "GET /v1/project?limit=1000&org_name=Acme&project_name=P"},
		{"project groups", func(ctx context.Context, c *client) error {
			return drain(c.ProjectGroups(ctx))
		}, "GET /v1/project_group?limit=1000&org_name=Acme"},
		{"experiments", func(ctx context.Context, c *client) error {
			return drain(c.Objects(ctx, braintrust.KindExperiment, braintrust.ObjectFilter{ProjectID: id(1), Name: "E"}))
		}, "GET /v1/experiment?experiment_name=E&limit=1000&org_name=Acme&project_id=" + id(1)},
		{"datasets", func(ctx context.Context, c *client) error {
			return drain(c.Objects(ctx, braintrust.KindDataset, braintrust.ObjectFilter{ProjectName: "P", Name: "D"}))
		}, "GET /v1/dataset?dataset_name=D&limit=1000&org_name=Acme&project_name=P"},
		{"prompts", func(ctx context.Context, c *client) error {
			return drain(c.Objects(ctx, braintrust.KindPrompt, braintrust.ObjectFilter{Slug: "s", Name: "N"}))
		}, "GET /v1/prompt?limit=1000&org_name=Acme&prompt_name=N&slug=s"},
		{"functions", func(ctx context.Context, c *client) error {
			return drain(c.Objects(ctx, braintrust.KindFunction, braintrust.ObjectFilter{IDs: []string{id(1)}, Name: "N"}))
		}, "GET /v1/function?function_name=N&ids=" + id(1) + "&limit=1000&org_name=Acme"},
	}
}

func writes() []call {
	type client = braintrust.Client
	return []call{
		{"update organization", func(ctx context.Context, c *client) error {
			_, err := c.UpdateOrganization(ctx, id(1), braintrust.OrganizationPatch{Name: ptr("New"), IsDataplanePrivate: ptr(false)})
			return err
		}, "PATCH /v1/organization/" + id(1) + ` {"name":"New","is_dataplane_private":false}`},
		{"members", func(ctx context.Context, c *client) error {
			_, err := c.UpdateMembers(ctx, braintrust.MembersPatch{
				Invite: &braintrust.Invitation{Emails: []string{"a@example.com"}, SendInviteEmails: ptr(false), GroupIDs: []string{id(1)}},
				Remove: &braintrust.Removal{IDs: []string{id(2)}},
			})
			return err
		}, `PATCH /v1/organization/members {"invite_users":{"emails":["a@example.com"],"send_invite_emails":false,"group_ids":["` + id(1) + `"]},"remove_users":{"ids":["` + id(2) + `"]},"org_name":"Acme"}`},
		{"create group", func(ctx context.Context, c *client) error {
			_, err := c.CreateGroup(ctx, braintrust.GroupCreate{Name: "QA", MemberUsers: []string{id(1)}})
			return err
		}, `POST /v1/group {"name":"QA","member_users":["` + id(1) + `"],"org_name":"Acme"}`},
		{"create group elsewhere", func(ctx context.Context, c *client) error {
			_, err := c.CreateGroup(ctx, braintrust.GroupCreate{Name: "QA", OrgName: "Other"})
			return err
		}, `POST /v1/group {"name":"QA","org_name":"Other"}`},
		{"update group", func(ctx context.Context, c *client) error {
			_, err := c.UpdateGroup(ctx, id(1), braintrust.GroupPatch{Description: ptr(""), RemoveMemberUsers: []string{id(2)}})
			return err
		}, "PATCH /v1/group/" + id(1) + ` {"description":"","remove_member_users":["` + id(2) + `"]}`},
		{"delete group", func(ctx context.Context, c *client) error {
			_, err := c.DeleteGroup(ctx, id(1))
			return err
		}, "DELETE /v1/group/" + id(1)},
		{"create role", func(ctx context.Context, c *client) error {
			_, err := c.CreateRole(ctx, braintrust.RoleCreate{Name: "R", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}})
			return err
		}, `POST /v1/role {"name":"R","member_permissions":[{"permission":"read"}],"org_name":"Acme"}`},
		{"update role", func(ctx context.Context, c *client) error {
			_, err := c.UpdateRole(ctx, id(1), braintrust.RolePatch{AddMemberPermissions: []braintrust.RolePermission{{Permission: "read", RestrictObjectType: "dataset"}}})
			return err
		}, "PATCH /v1/role/" + id(1) + ` {"add_member_permissions":[{"permission":"read","restrict_object_type":"dataset"}]}`},
		{"delete role", func(ctx context.Context, c *client) error {
			_, err := c.DeleteRole(ctx, id(1))
			return err
		}, "DELETE /v1/role/" + id(1)},
		{"create ACL", func(ctx context.Context, c *client) error {
			_, err := c.CreateACL(ctx, item)
			return err
		}, "POST /v1/acl " + itemJSON},
		{"delete ACL", func(ctx context.Context, c *client) error {
			_, err := c.DeleteACL(ctx, id(1))
			return err
		}, "DELETE /v1/acl/" + id(1)},
		{"delete ACL by contents", func(ctx context.Context, c *client) error {
			_, err := c.DeleteACLItem(ctx, item)
			return err
		}, "DELETE /v1/acl " + itemJSON},
		{"update ACLs", func(ctx context.Context, c *client) error {
			_, err := c.UpdateACLs(ctx, braintrust.ACLBatch{Add: []braintrust.ACLItem{item}})
			return err
		}, `POST /v1/acl/batch_update {"add_acls":[` + itemJSON + `]}`},
		{"create token", func(ctx context.Context, c *client) error {
			_, err := c.CreateServiceToken(ctx, braintrust.ServiceTokenCreate{Name: "ci", ServiceAccountID: id(1)})
			return err
		}, `POST /v1/service_token {"name":"ci","service_account_id":"` + id(1) + `","org_name":"Acme"}`},
		{"delete token", func(ctx context.Context, c *client) error {
			_, err := c.DeleteServiceToken(ctx, id(1))
			return err
		}, "DELETE /v1/service_token/" + id(1)},
		{"delete API key", func(ctx context.Context, c *client) error {
			_, err := c.DeleteAPIKey(ctx, id(1))
			return err
		}, "DELETE /v1/api_key/" + id(1)},
		{"create project", func(ctx context.Context, c *client) error {
			_, err := c.CreateProject(ctx, braintrust.ProjectCreate{Name: "P"})
			return err
		}, `POST /v1/project {"name":"P","org_name":"Acme"}`},
		{"update project", func(ctx context.Context, c *client) error {
			_, err := c.UpdateProject(ctx, id(1), braintrust.ProjectPatch{Description: ptr("d")})
			return err
		}, "PATCH /v1/project/" + id(1) + ` {"description":"d"}`},
		{"delete project", func(ctx context.Context, c *client) error {
			_, err := c.DeleteProject(ctx, id(1))
			return err
		}, "DELETE /v1/project/" + id(1)},
	}
}

func gets() []call {
	type client = braintrust.Client
	one := func(path string, do func(context.Context, *client) error) call {
		return call{"get " + path, do, "GET /v1/" + path + "/" + id(1)}
	}
	object := func(kind braintrust.ObjectKind) call {
		return one(string(kind), func(ctx context.Context, c *client) error { _, err := c.Object(ctx, kind, id(1)); return err })
	}
	return []call{
		one("organization", func(ctx context.Context, c *client) error { _, err := c.Organization(ctx, id(1)); return err }),
		one("user", func(ctx context.Context, c *client) error { _, err := c.User(ctx, id(1)); return err }),
		one("group", func(ctx context.Context, c *client) error { _, err := c.Group(ctx, id(1)); return err }),
		one("role", func(ctx context.Context, c *client) error { _, err := c.Role(ctx, id(1)); return err }),
		one("acl", func(ctx context.Context, c *client) error { _, err := c.ACL(ctx, id(1)); return err }),
		one("service_token", func(ctx context.Context, c *client) error { _, err := c.ServiceToken(ctx, id(1)); return err }),
		one("api_key", func(ctx context.Context, c *client) error { _, err := c.APIKey(ctx, id(1)); return err }),
		one("project", func(ctx context.Context, c *client) error { _, err := c.Project(ctx, id(1)); return err }),
		object(braintrust.KindExperiment), object(braintrust.KindDataset), object(braintrust.KindPrompt),
		object(braintrust.KindFunction),
	}
}

// conformingAnswer has every member that any of the objects must have.
func conformingAnswer(w http.ResponseWriter, r *http.Request, _ int) {
	const object = `{"id":"%[1]s","org_id":"%[1]s","name":"N","preview_name":"sk-...x","key":"k","user_id":null,
		"object_type":"project","object_id":"%[1]s","_object_org_id":"%[1]s","project_id":"%[1]s","slug":"s","url_slug":"s","public":false,
		"_xact_id":"1","log_id":"p","function_data":{"type":"prompt"},"created":"2026-07-01T12:00:00Z"}`
	switch {
	case r.URL.Path == "/v1/acl/list_org":
		reply(w, 200, `[]`)
	case r.URL.Path == "/v1/organization/members":
		reply(w, 200, `{"status":"success","org_id":"`+id(1)+`"}`)
	case r.URL.Path == "/v1/acl/batch_update":
		reply(w, 200, `{"added_acls":[],"removed_acls":[]}`)
	case r.Method == http.MethodGet && strings.Count(r.URL.Path, "/") == 2:
		reply(w, 200, `{"objects":[]}`)
	default:
		reply(w, 200, fmt.Sprintf(object, id(1)))
	}
}

// TestCalls_SendWhatTheAPIDeclares compares each request with what is expected by hand and, where it is
// at hand, with the vendor's description: org_name is where the API has it and nowhere else.
func TestCalls_SendWhatTheAPIDeclares(t *testing.T) {
	t.Parallel()
	for _, calls := range [][]call{lists(), writes(), gets()} {
		for _, call := range calls {
			t.Run(call.name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, conformingAnswer)
				if err := call.do(t.Context(), client(t, s.URL, withOrg("Acme"), conforming(t))); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{call.want}, s.lines()); diff != "" {
					t.Error(diff)
				}
				header := s.got()[0].header
				if got := header.Get("Authorization"); got != "Bearer "+canary {
					t.Errorf("authorization %q", got)
				}
				if hasBody := s.got()[0].body != ""; (header.Get("Content-Type") == "application/json") != hasBody {
					t.Errorf("content type %q, body: %t", header.Get("Content-Type"), hasBody)
				}
			})
		}
	}
}

// TestD8_NoPUT: no method of the client replaces anything.
func TestD8_NoPUT(t *testing.T) {
	t.Parallel()
	s := serve(t, conformingAnswer)
	c := client(t, s.URL)
	for _, calls := range [][]call{lists(), writes(), gets()} {
		for _, call := range calls {
			if err := call.do(t.Context(), c); err != nil {
				t.Errorf("%s: %v", call.name, err)
			}
		}
	}
	for _, request := range s.got() {
		if request.method == http.MethodPut {
			t.Errorf("sent %s", request.line())
		}
	}
	reads, changes := c.Requests()
	if reads != len(lists())+len(gets()) || changes != len(writes()) {
		t.Errorf("counted %d reads and %d writes, want %d and %d", reads, changes, len(lists())+len(gets()), len(writes()))
	}
}

// TestReadOnly: reads and the login pass, every write is refused before it leaves.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, conformingAnswer)
	observed := 0
	c := client(t, s.URL, func(config *braintrust.Config) {
		config.ReadOnly = true
		config.Observe = func(braintrust.Exchange) { observed++ }
	})
	for _, call := range append(lists(), gets()...) {
		if err := call.do(t.Context(), c); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
	}
	sent := len(s.got())
	raw := func(method, path, body string) call {
		return call{name: method + path, do: func(ctx context.Context, c *braintrust.Client) error {
			_, err := c.Do(ctx, method, path, nil, []byte(body))
			return err
		}}
	}
	refused := append(writes(), raw("PUT", "/v1/group", "{}"), raw("POST", "/v1/anything", "{}"),
		raw("get ", "/v1/group", ""), raw("PROPFIND", "/", ""), raw("POST", "/api/apikey/login", "{}"))
	for _, call := range refused {
		if err := call.do(t.Context(), c); err == nil || braintrust.MaybeCarriedOut(err) {
			t.Errorf("%s: %v, want a refusal", call.name, err)
		}
	}
	if got := len(s.got()); got != sent || observed != sent {
		t.Errorf("%d requests were sent, %d observed, want %d", got, observed, sent)
	}
	if _, changes := c.Requests(); changes != 0 {
		t.Errorf("counted %d writes", changes)
	}
}
