package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// staging is acme with more in it: QA includes tmp-1 and has the account bot and somebody whom only staging has, a role with
// another in it, what is granted to single people, on a log, on one data set and on the group itself.
func staging() *access.Snapshot {
	s := acme()
	qa, tmp := access.Principal{Kind: access.PrincipalGroup, ID: "g-qa"}, access.Principal{Kind: access.PrincipalGroup, ID: "g-tmp"}
	s.Users = append(s.Users, braintrust.User{ID: "u-solo", Email: "Solo@acme.example.com"})
	s.Groups[1].MemberUsers = append(s.Groups[1].MemberUsers, "u-solo", "u-bot")
	s.Groups[1].MemberGroups = []string{"g-tmp", "g-own"}
	s.Roles[0].MemberPermissions = []braintrust.RolePermission{{Permission: "read"}}
	s.Roles[1].MemberRoles = []string{"r-inner"}
	s.Roles = append(s.Roles, braintrust.Role{ID: "r-inner", OrgID: "org", Name: "Inner", MemberPermissions: []braintrust.RolePermission{{Permission: "update"}}})
	s.Objects = []access.Object{{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "d-1", ProjectID: "p-chat", Name: "golden"}}}
	add := func(id string, item braintrust.ACLItem) {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: id, ACLItem: item})
	}
	add("b-1", access.GrantItem(qa, access.Node{Type: braintrust.ObjectProjectLog, ID: "p-b"}, access.Tuple{Permission: "read"}))
	add("b-2", access.GrantItem(qa, access.Node{Type: braintrust.ObjectDataset, ID: "d-1"}, access.Tuple{Permission: "update"}))
	add("b-3", access.GrantItem(tmp, access.Node{Type: braintrust.ObjectGroup, ID: "g-qa"}, access.Tuple{Permission: "update"}))
	add("b-4", access.GrantItem(qa, access.Node{Type: braintrust.ObjectPromptSession, ID: "00000000-0000-4000-8000-000000000001"}, access.Tuple{Permission: "read"}))
	add("b-5", access.GrantItem(qa, access.Node{Type: braintrust.ObjectProject, ID: "p-chat"}, access.Tuple{Permission: "fly"}))
	add("b-6", access.RoleItem(access.Principal{Kind: access.PrincipalUser, ID: "u-bo"}, access.Node{Type: braintrust.ObjectProject, ID: "p-a"}, "r-owner"))
	return s
}

// production has two of the projects and most of the people, with ids and spellings of its own.
func production(edit func(*access.Snapshot)) *access.Snapshot {
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: "org2", Name: "production"}, TokensKnown: true, Complete: true,
		Users:    []braintrust.User{{ID: "v-ana", Email: "ana@acme.example.com"}, {ID: "v-bo", Email: "BO@acme.example.com"}, {ID: "v-kim", Email: "kim@acme.example.com"}, {ID: "v-bot", GivenName: "bot"}},
		Groups:   []braintrust.Group{{ID: "h-own", OrgID: "org2", Name: "Owners", MemberUsers: []string{"v-ana"}}},
		Roles:    []braintrust.Role{{ID: "q-owner", Name: "Owner", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}}},
		Projects: []braintrust.Project{{ID: "w-chat", Name: "Chatbot"}, {ID: "w-b", Name: "prod-b"}},
		Tokens:   []braintrust.ServiceToken{{ID: "t", Name: "t", ServiceAccountID: "v-bot", ServiceAccountName: "bot"}},
	}
	if edit != nil {
		edit(s)
	}
	return s
}

// Each is decided by hand: what is carried over, what is not and why.
func TestTransfer(t *testing.T) {
	t.Parallel()
	lost := []string{
		`grant role:Owner of single members: whoever makes something gets it, and there it was made by somebody else (role:Owner of user:bo@acme.example.com on project:prod-a)`,
		`group Owners: built-in groups are carried over when --groups names them (1 member)`,
		`object playground:00000000-0000-4000-8000-000000000001: it can only be named by its id (grants of group:QA)`,
		`object dataset:Chatbot/golden: nothing there has this name (grants of group:QA)`,
		`project prod-a: nothing there has this name (grants of group:tmp-1, grants of user:bo@acme.example.com)`,
		`user Solo@acme.example.com: nobody there has this address (member of group:QA)`,
	}
	for _, tt := range []struct {
		name   string
		edit   func(*access.Snapshot)
		groups []string
		want   []string // what the plan adds
		lost   []string
	}{
		{
			name: "everything that has an equal", lost: append(slices.Clone(lost), "grant fly on project:Chatbot for group:QA (ACL b-5): it cannot be said by name"),
			want: []string{
				"group:QA create", "group:QA member group:Owners", "group:QA member group:tmp-1", "group:QA member service-account:bot",
				"group:QA member user:BO@acme.example.com", "group:QA member user:kim@acme.example.com",
				"group:QA read on logs:prod-b", "group:QA read on project:Chatbot", "group:QA update on group:QA",
				"group:tmp-1 create", "group:tmp-1 member user:kim@acme.example.com",
				"role:Inner create", "role:Inner permission update on anything",
				"role:Judge create", "role:Judge permission read on anything", "role:Judge role Inner", "role:Judge role Judge on project:prod-b",
			},
		},
		{
			name: "one group: what is not chosen is not told", groups: []string{"tmp-*"},
			want: []string{
				"group:tmp-1 create", "group:tmp-1 member user:kim@acme.example.com",
				"role:Inner create", "role:Inner permission update on anything",
				"role:Judge create", "role:Judge permission read on anything", "role:Judge role Inner", "role:Judge role Judge on project:prod-b",
			},
			lost: []string{`project prod-a: nothing there has this name (grants of group:tmp-1)`},
		},
		{
			name: "a built-in group that is named", groups: []string{"Owners"}, want: nil,
		},
		{
			name: "a role of the same name that holds something else", groups: []string{"tmp-1"},
			edit: func(s *access.Snapshot) {
				s.Roles = append(s.Roles, braintrust.Role{ID: "q-judge", OrgID: "org2", Name: "Judge", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}})
			},
			want: []string{"group:tmp-1 create", "group:tmp-1 member user:kim@acme.example.com", "role:Inner create", "role:Inner permission update on anything"},
			lost: []string{
				`project prod-a: nothing there has this name (grants of group:tmp-1)`,
				`role Judge: the role of this name holds other permissions there (role:Judge of group:tmp-1 on project:prod-b)`,
			},
		},
		{
			name: "a role that holds the same by other ways is the same", groups: []string{"tmp-1"},
			edit: func(s *access.Snapshot) {
				s.Roles = append(s.Roles, braintrust.Role{ID: "q-judge", OrgID: "org2", Name: "Judge", MemberPermissions: []braintrust.RolePermission{{Permission: "update"}, {Permission: "read"}}})
			},
			want: []string{
				"group:tmp-1 create", "group:tmp-1 member user:kim@acme.example.com",
				"role:Inner create", "role:Inner permission update on anything", "role:Judge role Judge on project:prod-b",
			},
			lost: []string{`project prod-a: nothing there has this name (grants of group:tmp-1)`},
		},
		{
			name: "what is there stays: a group with other members and a description", groups: []string{"tmp-1"},
			edit: func(s *access.Snapshot) {
				s.Groups = append(s.Groups, braintrust.Group{ID: "h-tmp", OrgID: "org2", Name: "tmp-1", Description: "ours", MemberUsers: []string{"v-bo"}})
				s.Projects = append(s.Projects, braintrust.Project{ID: "w-a", Name: "prod-a"})
				s.ACLs = append(s.ACLs, braintrust.ACL{ID: "c", ACLItem: access.GrantItem(access.Principal{Kind: access.PrincipalGroup, ID: "h-tmp"}, access.Node{Type: braintrust.ObjectProject, ID: "w-a"}, access.Tuple{Permission: "delete"})})
			},
			want: []string{
				"group:tmp-1 member user:kim@acme.example.com", "group:tmp-1 read on project:prod-a",
				"role:Inner create", "role:Inner permission update on anything",
				"role:Judge create", "role:Judge permission read on anything", "role:Judge role Inner", "role:Judge role Judge on project:prod-b",
			},
		},
		{
			name: "two accounts of one name are nobody", groups: []string{"QA"},
			edit: func(s *access.Snapshot) {
				s.Users = append(s.Users, braintrust.User{ID: "v-bot2", GivenName: "bot"})
				s.Tokens = append(s.Tokens, braintrust.ServiceToken{ID: "t2", Name: "t", ServiceAccountID: "v-bot2", ServiceAccountName: "bot"})
				s.Users = slices.DeleteFunc(s.Users, func(u braintrust.User) bool { return u.ID == "v-kim" })
			},
			want: []string{
				"group:QA create", "group:QA member group:Owners", "group:QA member user:BO@acme.example.com",
				"group:QA read on logs:prod-b", "group:QA read on project:Chatbot",
			},
			lost: []string{
				`group tmp-1: it is neither there nor carried over (member of group:QA, administrator of group:QA)`,
				lost[3], lost[2], `service_account bot: no account there, or more than one, has this name (member of group:QA)`,
				lost[5], `user kim@acme.example.com: nobody there has this address (member of group:QA)`,
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var o reconcile.TransferOptions
			for _, g := range tt.groups {
				p, err := policy.ParsePattern(g)
				if err != nil {
					t.Fatal(err)
				}
				o.Groups = append(o.Groups, p)
			}
			to := orgview.New(production(tt.edit), orgview.Meta{Objects: true})
			moved := reconcile.Transfer(t.Context(), orgview.New(staging(), orgview.Meta{Objects: true}), to, o)
			result, err := reconcile.Compare(t.Context(), moved.Desired, to, reconcile.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			result.Additive()
			var got, gone []string
			for _, d := range result.Differences {
				got = append(got, d.Subject+" "+d.Detail)
			}
			for _, u := range moved.Unmatched {
				line := fmt.Sprintf("%s %s: %s", u.Kind, u.Name, u.Why)
				if len(u.Lost) > 0 {
					line += " (" + strings.Join(u.Lost, ", ") + ")"
				}
				gone = append(gone, line)
			}
			compareLines(t, "carried over", got, tt.want)
			compareLines(t, "not carried over", gone, tt.lost)
		})
	}
}

func compareLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
