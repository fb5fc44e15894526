package change_test

import (
	"context"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func remove(items []braintrust.ACLItem) *change.RemoveACLs {
	acls := make([]braintrust.ACL, len(items))
	for i := range items {
		acls[i].ACLItem = items[i]
	}
	return &change.RemoveACLs{ACLs: acls}
}

// G16: a list of groups that lacks Owners is no complete view, although no request was refused.
func TestG16HiddenOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.group("Owners").MemberUsers
	direct := grants(access.Principal{Kind: "user", ID: people[0]}, w.node("organization"), manageAccess...)
	w.do(&change.AddACLs{Items: direct})
	role := grants(w.team("Viewers"), w.node("org_project"), "read")
	w.delegate(map[access.Node][]braintrust.Permission{w.node("organization"): manageAccess})
	w.wantGuards(t, w.review(remove(direct)), "G16")
	w.wantGuards(t, w.review(remove(role)), "G16")
	w.wantGuards(t, w.review(&change.AddACLs{Items: direct}), "G16")
}

// Who administers groups without being an owner cannot list service tokens, and may still take members out of
// a group that makes nobody an owner.
func TestG1WithoutTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owners := w.group("Owners")
	w.delegate(map[access.Node][]braintrust.Permission{w.node("organization"): {"read", "update", "create_acls", "read_acls", "delete_acls"}})
	evaluators := w.group("Evaluators")
	w.wantGuards(t, w.review(&change.PatchGroup{Group: evaluators, Patch: braintrust.GroupPatch{RemoveMemberUsers: evaluators.MemberUsers[:1]}}))
	w.wantGuards(t, w.review(&change.PatchGroup{Group: owners, Patch: braintrust.GroupPatch{RemoveMemberUsers: owners.MemberUsers[:1]}}), "G16")
}

// G1: where the owners are service accounts only, the last of them stays.
func TestG1WithoutPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owners, me := w.group("Owners"), w.server.Seeded().ServiceAccountID
	var people []string
	for _, id := range owners.MemberUsers {
		if id != me {
			people = append(people, id)
		}
	}
	other := &change.CreateServiceAccount{Name: "other", Groups: []braintrust.Group{owners}}
	w.do(other, &change.PatchGroup{Group: owners, Patch: braintrust.GroupPatch{RemoveMemberUsers: people}})
	without := func(ids ...string) *change.PatchGroup {
		return &change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{RemoveMemberUsers: ids}}
	}
	w.wantGuards(t, w.review(without(other.Out.ID)))
	w.wantGuards(t, w.review(without(other.Out.ID, me)), "G1", "G3")
}

// G3 looks after the caller's own manage-access on one project or object too, and counts what he inherits.
func TestG3OnProjectsAndObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	project := access.Node{Type: "project", ID: w.project("Chatbot").ID}
	objects, err := braintrust.Collect(w.client.Objects(t.Context(), braintrust.KindDataset, braintrust.ObjectFilter{ProjectID: project.ID}))
	if err != nil || len(objects) == 0 {
		t.Fatal(objects, err)
	}
	dataset := access.Node{Type: "dataset", ID: objects[0].ID}
	owner := access.Principal{Kind: "user", ID: w.server.Seeded().ServiceAccountID}
	mine := append(grants(owner, project, manageAccess...), grants(owner, dataset, manageAccess...)...)
	w.do(&change.AddACLs{Items: mine})
	w.wantGuards(t, w.review(remove(mine))) // an owner inherits it from the organization

	me := w.delegate(map[access.Node][]braintrust.Permission{project: manageAccess, dataset: manageAccess})
	w.wantGuards(t, w.review(remove(grants(me, project, manageAccess...))), "G3")
	w.wantGuards(t, w.review(remove(grants(owner, project, manageAccess...))))
}

// What a deleted project has left behind can be cleaned up.
func TestDanglingGrantsCanBeRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.client.CreateProject(t.Context(), braintrust.ProjectCreate{Name: "gone"})
	if err != nil {
		t.Fatal(err)
	}
	left := grants(w.team("Evaluators"), access.Node{Type: "project", ID: made.Object.ID}, manageAccess...)
	w.do(&change.AddACLs{Items: left})
	if _, err := w.client.DeleteProject(t.Context(), made.Object.ID); err != nil {
		t.Fatal(err)
	}
	review := w.review(remove(left))
	w.wantGuards(t, review)
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Error(err)
	}
	if _, err := w.Run(t.Context(), w.review(remove(left))); err != nil {
		t.Errorf("again: %v", err)
	}
}

// G3: a caller whom the server does not name could be anybody who loses something.
func TestG3UnknownCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Caller = func(context.Context) (orgstate.Caller, error) { return orgstate.Caller{ServiceToken: true}, nil }
	tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{}))
	if err != nil || len(tokens) == 0 {
		t.Fatal(tokens, err)
	}
	owners, evaluators := w.group("Owners"), w.group("Evaluators")
	for _, tt := range []struct {
		name string
		step change.Step
		want []string
	}{
		{"a member leaves", &change.RemoveMembers{Users: []braintrust.User{w.user("goran@acme.example.com")}}, []string{"G3", "G11"}},
		{"an owner leaves Owners", &change.PatchGroup{Group: owners, Patch: braintrust.GroupPatch{RemoveMemberUsers: owners.MemberUsers[:1]}}, []string{"G2", "G3"}},
		{"somebody leaves another group", &change.PatchGroup{Group: evaluators, Patch: braintrust.GroupPatch{RemoveMemberUsers: evaluators.MemberUsers[:1]}}, nil},
		{"a token", &change.DeleteToken{Token: tokens[0]}, []string{"G3"}},
		{"an API key, but a token is in use", &change.DeleteAPIKey{}, nil},
		{"something is added", &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) { w.wantGuards(t, w.review(tt.step), tt.want...) })
	}
}
