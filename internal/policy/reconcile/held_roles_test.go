package reconcile_test

import (
	"slices"
	"strings"
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// A role that somebody gives by hand to a group, a person or an account whose grants the document states is never
// overlooked: it is told, and taken away where the document owns it.
func TestHeldRoles(t *testing.T) {
	t.Parallel()
	const tmp = "groups: {QA: {}, tmp-1: {permissions: {projects: {prod-a: [read]}}}}\n"
	const held = "reported: group:tmp-1: not in the document: role Judge on project:prod-b"
	const gone = "remove project:prod-b: role Judge for group:tmp-1"
	bo := func(s *access.Snapshot) {
		item := access.RoleItem(access.Principal{Kind: access.PrincipalUser, ID: "u-bo"}, access.Node{Type: braintrust.ObjectProject, ID: "p-chat"}, "r-owner")
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: "a-bo", ACLItem: item})
	}
	onlyRole := func(s *access.Snapshot) { // of tmp-1
		s.ACLs = slices.DeleteFunc(s.ACLs, func(acl braintrust.ACL) bool { return acl.ID == "a-3" })
	}
	const boOwns = "reported: user:bo@acme.example.com: direct grant: role Owner on project:Chatbot"
	for _, tt := range []struct {
		name, document string
		want           []string
		edits          []func(*access.Snapshot)
	}{
		{"roles are not managed: it is told", tmp, []string{held, boHas}, nil},
		{"roles are managed: it is not asked for", tmp + "roles: {}", []string{gone, boHas, "emptied: roles"}, nil},
		{"by the roles that are listed", tmp + "roles: {Owner: {builtin: true}}", []string{gone, boHas}, nil},
		{"nor is anything else", "groups: {QA: {}, tmp-1: {permissions: {}}}\nroles: {Owner: {builtin: true}}",
			[]string{"remove project:prod-a: read for group:tmp-1", gone, boHas, "emptied: grants of tmp-1"}, nil},
		{"nor is the role that is all it has", "groups: {QA: {}, tmp-1: {permissions: {}}}\nroles: {Owner: {builtin: true}}",
			[]string{gone, boHas, "emptied: grants of tmp-1"}, []func(*access.Snapshot){onlyRole}},
		{"while another role stays", "groups: {QA: {}, tmp-1: {permissions: {}}}\nroles: {Owner: {builtin: true, assigned_to: [{group: tmp-1, projects: [prod-a]}]}}",
			[]string{"add project:prod-a: role Owner for group:tmp-1", gone, boHas}, []func(*access.Snapshot){onlyRole}},
		{"and told where grants are additive", "manage: {grants: additive}\n" + tmp + "roles: {}", []string{held, boHas}, nil},
		{"permissions that are not stated own nothing", "groups: {QA: {}, tmp-1: {}}\nroles: {}", []string{boHas}, nil},
		{"a listed role without assigned_to leaves where it is held", tmp + "roles: {Judge: {}}", []string{held, boHas}, nil},
		{"what a role says is not asked twice", tmp + "roles: {Judge: {assigned_to: [{group: tmp-1, projects: [prod-b]}]}}", []string{boHas}, nil},
		{"ignored roles are nobody's", "manage: {ignore: {roles: [Jud*]}}\n" + tmp + "roles: {}", []string{boHas}, nil},
		{"ignored projects are nobody's", "manage: {ignore: {projects: [prod-b]}}\n" + tmp + "roles: {}", []string{boHas}, nil},
		{"a person's roles are told, whether his grants are stated or not", "members: [{email: bo@acme.example.com, permissions: {projects: {prod-a: [read]}}}]", []string{boOwns}, []func(*access.Snapshot){bo}},
		{"and taken away where direct grants are exact", "manage: {direct_grants: exact}\nmembers: [{email: bo@acme.example.com, permissions: {projects: {prod-a: [read]}}}]", []string{
			"remove project:Chatbot: role Owner for user:bo@acme.example.com",
		}, []func(*access.Snapshot){bo}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := outcome(t, tt.document, tt.edits...); !slices.Equal(got, tt.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
			}
		})
	}
}

// new_super_users: deny looks at roles as the plan leaves them: one that is made, one that grows, one that includes
// another that manages access.
func TestRolesThatMakeSuperUsers(t *testing.T) {
	t.Parallel()
	const on = "assigned_to: [{group: QA, on: [organization]}]"
	judgeOnOrg := func(s *access.Snapshot) {
		item := access.RoleItem(access.Principal{Kind: access.PrincipalUser, ID: "u-kim"}, access.Node{Type: braintrust.ObjectOrganization, ID: "org"}, "r-judge")
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: "a-kim", ACLItem: item})
		s.Roles = append(s.Roles, braintrust.Role{ID: "r-outer", OrgID: "org", Name: "Outer", MemberRoles: []string{"r-judge"}})
		outer := access.RoleItem(access.Principal{Kind: access.PrincipalUser, ID: "u-bo"}, access.Node{Type: braintrust.ObjectOrgProject, ID: "org"}, "r-outer")
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: "a-outer", ACLItem: outer})
	}
	ownerIsOne := func(s *access.Snapshot) {
		s.Roles[0].MemberPermissions = []braintrust.RolePermission{{Permission: "create_acls"}}
	}
	for name, tt := range map[string]struct {
		document, want string
		edit           func(*access.Snapshot)
	}{
		"a system role":                 {"roles: {Owner: {builtin: true, " + on + "}}", "role:Owner for group:QA on organization", ownerIsOne},
		"a new role":                    {"roles: {Boss: {permissions: {any: [manage_access]}, " + on + "}}", "role:Boss for group:QA on organization", ownerIsOne},
		"a new role with another":       {"roles: {Boss: {includes: [Owner], " + on + "}}", "role:Boss for group:QA on organization", ownerIsOne},
		"a role that grows":             {"roles: {Judge: {permissions: {any: [read, manage_access]}, " + on + "}}", "role:Judge for group:QA on organization", ownerIsOne},
		"one that somebody has":         {"roles: {Judge: {permissions: {any: [read, manage_access]}}}", "role:Judge for user:kim@acme.example.com on organization", judgeOnOrg},
		"one inside of another":         {"roles: {Judge: {permissions: {any: [read, manage_access]}}}", "role:Outer for user:bo@acme.example.com on all-projects", judgeOnOrg},
		"approved":                      {"roles: {Boss: {permissions: {any: [manage_access]}, assigned_to: [{group: QA, on: [organization], approved_by: SEC-1}]}}", "", ownerIsOne},
		"only on a project":             {"roles: {Boss: {permissions: {any: [manage_access]}, assigned_to: [{group: QA, projects: [prod-a]}]}}", "", ownerIsOne},
		"one that does not manage it":   {"roles: {Boss: {permissions: {any: [read]}, " + on + "}}", "", ownerIsOne},
		"new super-users may be warned": {"guards: {new_super_users: warn}\nroles: {Boss: {permissions: {any: [manage_access]}, " + on + "}}", "", ownerIsOne},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(outcome(t, tt.document, tt.edit), "\n")
			_, unapproved, _ := strings.Cut(got, "unapproved: ")
			if tt.want == "" && unapproved != "" || !strings.Contains(unapproved, tt.want) {
				t.Errorf("want unapproved %q in\n%s", tt.want, got)
			}
		})
	}
}
