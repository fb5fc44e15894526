package orgview_test

import (
	"testing"
	"time"

	"btadmin/internal/orgview"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func live(t *testing.T, o orgview.Options) (*orgview.View, *sandbox.Server) {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	orgs, err := braintrust.Collect(client.Organizations(t.Context(), braintrust.OrganizationFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	view, err := orgview.Live(t.Context(), client, orgs[0], "127.0.0.1", time.Now(), o)
	if err != nil {
		t.Fatal(err)
	}
	return view, server
}

func TestLiveViewAnswers(t *testing.T) {
	t.Parallel()
	view, _ := live(t, orgview.Options{})
	group, err := view.Principal(t.Context(), "group:Evaluators")
	if err != nil {
		t.Fatal(err)
	}
	target, err := view.Target(t.Context(), "project:Chatbot")
	if err != nil {
		t.Fatal(err)
	}
	for _, permission := range braintrust.Permissions() {
		plain := view.State().Allowed(group.Principal, permission, target.Node)
		if fast := view.Engine().Check(group.Principal, permission, target.Node); fast != plain {
			t.Errorf("%s: engine %v, state %v", permission, fast, plain)
		}
	}
	if got := view.Names().Principal(group.Principal) + " " + view.Names().Node(target.Node); got != "group:Evaluators project:Chatbot" {
		t.Errorf("names: %s", got)
	}
	if len(view.Members.All) != 16 {
		t.Errorf("%d members", len(view.Members.All))
	}
}

// An object that no grant names is found by its name all the same, and is then a part of the view.
func TestLiveViewPlacesObjects(t *testing.T) {
	t.Parallel()
	all, _ := live(t, orgview.Options{Objects: true})
	view, _ := live(t, orgview.Options{})
	known := map[string]bool{}
	for _, o := range view.Snapshot.Objects {
		known[o.Name] = true
	}
	names := map[string]string{}
	for _, p := range all.Snapshot.Projects {
		names[p.ID] = p.Name
	}
	for _, o := range all.Snapshot.Objects {
		if o.Kind != braintrust.KindExperiment || known[o.Name] {
			continue
		}
		_ = view.State()
		target, err := view.Target(t.Context(), "experiment:"+names[o.ProjectID]+"/"+o.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !view.Placed(target.Node) {
			t.Errorf("%s is not placed", target.Ref)
		}
		owner := view.State().Owners()[0]
		who := access.Principal{Kind: access.PrincipalUser, ID: owner}
		if !view.State().Allowed(who, braintrust.PermissionDelete, target.Node) || !view.Engine().Check(who, braintrust.PermissionDelete, target.Node) {
			t.Errorf("an owner may not delete %s", target.Ref)
		}
		return
	}
	t.Fatal("the sandbox has no experiment without grants")
}
