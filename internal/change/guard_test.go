package change_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func ptr[T any](v T) *T { return &v }

// Each guard fires on what its rule names, and on nothing that is close to it.
func TestGuards(t *testing.T) {
	t.Parallel()
	org := func(w *world, kind braintrust.ObjectType) access.Node { return access.Node{Type: kind, ID: w.org.ID} }
	for _, tt := range []struct {
		name  string
		steps func(w *world) []change.Step
		want  []string
	}{
		{"G1 the last human owners leave Owners", func(w *world) []change.Step {
			owners := w.group("Owners")
			var people []string
			for _, id := range owners.MemberUsers {
				if id != w.server.Seeded().ServiceAccountID {
					people = append(people, id)
				}
			}
			return []change.Step{&change.PatchGroup{Group: owners, Patch: braintrust.GroupPatch{RemoveMemberUsers: people}}}
		}, []string{"G1"}},
		{"G1 one of several human owners leaves", func(w *world) []change.Step {
			return []change.Step{&change.RemoveMembers{Users: []braintrust.User{w.user("bo@acme.example.com")}}}
		}, []string{"G2", "G11"}},
		{"G3 the caller leaves Owners", func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{
				Group: w.group("Owners"), Patch: braintrust.GroupPatch{RemoveMemberUsers: []string{w.server.Seeded().ServiceAccountID}},
			}}
		}, []string{"G3"}},
		{"G3 the token in use is deleted", func(w *world) []change.Step {
			tokens, err := braintrust.Collect(w.client.ServiceTokens(w.t.Context(), braintrust.ServiceTokenFilter{}))
			if err != nil {
				w.t.Fatal(err)
			}
			for _, token := range tokens {
				if token.ServiceAccountID == w.server.Seeded().ServiceAccountID {
					return []change.Step{&change.DeleteToken{Token: token}}
				}
			}
			w.t.Fatal("no token in use")
			return nil
		}, []string{"G3"}},
		{"G7 manage access on the organization", func(w *world) []change.Step {
			return []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
				access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, org(w, "organization"), access.Tuple{Permission: "create_acls"}),
			}}}
		}, []string{"G7"}},
		{"G7 update on everything reaches Owners", func(w *world) []change.Step {
			return []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
				access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, org(w, "organization"), access.Tuple{Permission: "update"}),
			}}}
		}, []string{"G7"}},
		{"G7 manage settings does not", func(w *world) []change.Step {
			return []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
				access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, org(w, "organization"), access.Tuple{Permission: "update", Restrict: "organization"}),
			}}}
		}, nil},
		{"G7 a role that manages access", func(w *world) []change.Step {
			return []change.Step{
				&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Admin", MemberPermissions: []braintrust.RolePermission{{Permission: "create_acls"}}}},
				&change.AddACLs{Items: []braintrust.ACLItem{
					access.RoleItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, org(w, "org_project"), change.New("role", "Admin")),
				}},
			}
		}, []string{"G7"}},
		{"G7 a group inside Owners", func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{w.group("Evaluators").ID}}}}
		}, []string{"G7"}},
		{"G7 an invitation into Owners", func(w *world) []change.Step {
			return []change.Step{&change.InviteMembers{Emails: []string{"new@acme.example.com"}, Groups: []braintrust.Group{w.group("Owners")}}}
		}, []string{"G7"}},
		{"G7 an unknown permission", func(w *world) []change.Step {
			node := access.Node{Type: "project", ID: w.project("Chatbot").ID}
			return []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
				access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, node, access.Tuple{Permission: "teleport"}),
			}}}
		}, []string{"G7"}},
		{"G7 manage access on one project", func(w *world) []change.Step {
			node := access.Node{Type: "project", ID: w.project("Chatbot").ID}
			return []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
				access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, node, access.Tuple{Permission: "create_acls"}),
			}}}
		}, nil},
		{"G9 a built-in group is deleted", func(w *world) []change.Step {
			return []change.Step{&change.DeleteGroup{Group: w.group("Viewers")}}
		}, []string{"G9", "G11"}},
		{"G9 a built-in group is renamed", func(w *world) []change.Step {
			return []change.Step{&change.PatchGroup{Group: w.group("Viewers"), Patch: braintrust.GroupPatch{Name: ptr("Readers")}}}
		}, []string{"G9"}},
		{"G9 a base grant is removed", func(w *world) []change.Step {
			acls, err := braintrust.Collect(w.client.ACLs(w.t.Context(), braintrust.ACLFilter{ObjectType: "org_project", ObjectID: w.org.ID}))
			if err != nil {
				w.t.Fatal(err)
			}
			viewers := w.group("Viewers").ID
			for _, acl := range acls {
				if acl.GroupID == viewers {
					return []change.Step{&change.RemoveACLs{ACLs: []braintrust.ACL{acl}}}
				}
			}
			w.t.Fatal("Viewers has no grant")
			return nil
		}, []string{"G9"}},
		{"G11 a custom group is deleted", func(w *world) []change.Step {
			return []change.Step{&change.DeleteGroup{Group: w.group("Evaluators")}}
		}, []string{"G11"}},
		{"G12 a look-alike", func(w *world) []change.Step {
			return []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "ＯＷＮＥＲＳ"}}}
		}, []string{"G12"}},
		{"G12 a name with a bidirectional override", func(w *world) []change.Step {
			return []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "safe\u202eelif"}}}
		}, []string{"G12"}},
		{"a plain group", func(w *world) []change.Step {
			return []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{w.user("bo@acme.example.com").ID}}}}
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			review := w.review(tt.steps(w)...)
			if diff := cmp.Diff(tt.want, guards(review)); diff != "" {
				t.Errorf("guards (-want +got):\n%s\n%+v", diff, review.Findings)
			}
			if w.server.Counts().Writes > 0 {
				t.Error("the review wrote something")
			}
		})
	}
}

// D10: a plan that is harmless at its end, but not on the way, is refused.
func TestD10GuardsRunOnEveryPrefix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	node := access.Node{Type: "organization", ID: w.org.ID}
	item := access.GrantItem(access.Principal{Kind: "user", ID: w.user("goran@acme.example.com").ID}, node, access.Tuple{Permission: "create_acls"})
	review := w.review(
		&change.AddACLs{Items: []braintrust.ACLItem{item}},
		&change.RemoveACLs{ACLs: []braintrust.ACL{{ID: "later", ACLItem: item}}},
	)
	if diff := cmp.Diff([]string{"G7"}, guards(review)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOrderIsCreateAddRemoveDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	node := access.Node{Type: "project", ID: w.project("Chatbot").ID}
	item := access.GrantItem(access.Principal{Kind: "group", ID: change.New("group", "QA")}, node, access.Tuple{Permission: "read"})
	old := access.GrantItem(access.Principal{Kind: "group", ID: w.group("Evaluators").ID}, node, access.Tuple{Permission: "read"})
	review := w.review(
		&change.DeleteGroup{Group: w.group("Contractors")},
		&change.RemoveACLs{ACLs: []braintrust.ACL{{ID: "x", ACLItem: old}}},
		&change.AddACLs{Items: []braintrust.ACLItem{item}},
		&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}},
	)
	var got []string
	for _, line := range review.Lines(w.Names) {
		got = append(got, line.Action)
	}
	if diff := cmp.Diff([]string{"create", "add", "remove", "delete"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// G16: who may not read what the guards need is refused what would need it, and may do the rest.
func TestG16IncompleteViewMeansNo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// Goran may administer one group and nothing else.
	qa := w.group("Evaluators")
	node := access.Node{Type: "group", ID: qa.ID}
	goran := access.Principal{Kind: "user", ID: w.user("goran@acme.example.com").ID}
	var items []braintrust.ACLItem
	for _, permission := range []braintrust.Permission{"read", "update"} {
		items = append(items, access.GrantItem(goran, node, access.Tuple{Permission: permission}))
	}
	sink := &memorySink{}
	account := &change.CreateServiceAccount{Name: "delegate", TokenName: "delegate", Sink: sink}
	if _, err := w.Run(t.Context(), w.review(account, &change.AddACLs{Items: items})); err != nil {
		t.Fatal(err)
	}
	for i := range items {
		items[i].UserID = account.Out.ID
	}
	if _, err := w.Run(t.Context(), w.review(&change.AddACLs{Items: items})); err != nil {
		t.Fatal(err)
	}
	bo := w.user("bo@acme.example.com").ID
	w.as(sink.secret)
	add := w.review(&change.PatchGroup{Group: qa, Patch: braintrust.GroupPatch{AddMemberUsers: []string{bo}}})
	if len(add.Findings) > 0 {
		t.Errorf("a purely additive change of a delegated administrator is refused: %+v", add.Findings)
	}
	remove := w.review(&change.PatchGroup{Group: qa, Patch: braintrust.GroupPatch{RemoveMemberUsers: qa.MemberUsers}})
	if diff := cmp.Diff([]string{"G16"}, guards(remove)[:1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	review := w.review(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "OWNERS"}})
	for _, tt := range []struct {
		name     string
		approval change.Approval
		left     int
		err      string
	}{
		{"nothing", change.Approval{}, 1, ""},
		{"another guard", change.Approval{Override: "G3", Reason: "r"}, 0, "that guard did not fire"},
		{"without a reason", change.Approval{Override: "G12"}, 0, "needs --reason"},
		{"overridden", change.Approval{Override: "G12", Reason: "two teams"}, 0, ""},
		{"--yes has no say here", change.Approval{Confirm: []string{"OWNERS"}, ConfirmCount: 1}, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			left, err := review.Settle(tt.approval)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || len(left) != tt.left {
				t.Errorf("left %+v, %v; want %d", left, err, tt.left)
			}
		})
	}
}
