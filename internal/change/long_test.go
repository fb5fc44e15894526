package change_test

import (
	"errors"
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// The budget of requests of issue 4: an organization made from nothing, the reading for the plan included.
func TestRequestsOfALongRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                     string
		projects, groups, grants int
		plan, all                int // requests at most
	}{
		{"small", 25, 20, 500, 20, 60},
		{"large", 50, 40, 2000, 24, 120},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, tt.projects)
			want := w.wishFor(tt.groups, tt.grants)
			before := w.server.Counts()
			result, err := w.make(t.Context(), want)
			if err != nil {
				t.Fatal(err)
			}
			after := w.server.Counts()
			reads, writes := after.Reads-before.Reads, after.Writes-before.Writes
			t.Logf("%d requests: %d reads, %d writes", reads+writes, reads, writes)
			if reads+writes > tt.all {
				t.Errorf("%d reads and %d writes, at most %d in all", reads, writes, tt.all)
			}
			if result.Rows != tt.groups+tt.grants || len(result.Failed)+len(result.Skipped)+result.Left > 0 {
				t.Errorf("result %+v", result)
			}
			w.wantExactly(want)

			// D16: nothing is left to do.
			before = w.server.Counts()
			plan, err := w.towards(want)
			if err != nil || len(plan.Steps) > 0 {
				t.Errorf("%d steps are left, %v", len(plan.Steps), err)
			}
			after = w.server.Counts()
			if n := after.Reads + after.Writes - before.Reads - before.Writes; n > tt.plan {
				t.Errorf("%d requests to find nothing to do, at most %d", n, tt.plan)
			}
		})
	}
}

// D16: a plan that somebody has carried out already sends nothing, and says so.
func TestD16DoneAlreadySendsNothing(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	want := w.wishFor(4, 40)
	plan, err := w.towards(want)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.make(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	before := w.server.Counts().Writes
	result, err := w.Run(t.Context(), review)
	if err != nil || result.Already != 44 || result.Rows != 44 {
		t.Errorf("result %+v, %v", result, err)
	}
	if n := w.server.Counts().Writes - before; n > 0 {
		t.Errorf("%d writes", n)
	}
}

// D12: what somebody else has changed between plan and apply is left alone and listed; the rest is done.
func TestD12ForeignEditsAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	if _, err := w.make(t.Context(), w.wishFor(3, 30)); err != nil {
		t.Fatal(err)
	}
	want := w.wishFor(4, 60)
	for name, one := range want.groups {
		one.members = append(one.members, w.userAt(20))
		want.groups[name] = one
	}
	plan, err := w.towards(want)
	if err != nil {
		t.Fatal(err)
	}
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	// The others: a member of a group, a grant on a row that the plan adds to, and a group of a planned name.
	touched := w.group("team-0001")
	if _, err := w.client.UpdateGroup(t.Context(), touched.ID, braintrust.GroupPatch{AddMemberUsers: []string{w.userAt(30)}}); err != nil {
		t.Fatal(err)
	}
	theirs, err := w.client.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "team-0003", Description: "theirs"})
	if err != nil {
		t.Fatal(err)
	}
	row := plan.Steps[len(plan.Steps)-1].(*change.AddACLs).Items
	var item braintrust.ACLItem
	for _, candidate := range row {
		if candidate.GroupID == w.group("team-0000").ID {
			item = candidate
		}
	}
	extra := item
	extra.Permission = "create_acls"
	if _, err := w.client.CreateACL(t.Context(), extra); err != nil {
		t.Fatal(err)
	}
	result, err := w.Run(t.Context(), review)
	var foreign *change.ForeignEditError
	var partial *change.PartialError
	if !errors.As(err, &foreign) || !errors.As(err, &partial) || result == nil {
		t.Fatalf("result %+v, error %v", result, err)
	}
	said := ""
	for _, s := range partial.Skipped {
		said += lineStrings(s.Lines) + ": " + s.Err.Error() + "\n"
	}
	t.Log(said)
	if len(partial.Skipped) != 3 {
		t.Errorf("left alone:\n%s", said)
	}
	if partial.Left == 0 {
		t.Error("the grants of the group that is somebody else's were not left")
	}
	if g := w.group("team-0003"); g.ID != theirs.Object.ID || g.Description != "theirs" || len(g.MemberUsers) > 0 {
		t.Errorf("their group was changed: %+v", g)
	}
	if g := w.group("team-0001"); len(g.MemberUsers) != 3 {
		t.Errorf("their edit was touched: %+v", g.MemberUsers)
	}
	acls, err := braintrust.Collect(w.client.ACLs(t.Context(), braintrust.ACLFilter{ObjectType: item.ObjectType, ObjectID: item.ObjectID, GroupID: item.GroupID}))
	if err != nil {
		t.Fatal(err)
	}
	for _, acl := range acls {
		if acl.ACLItem == item {
			t.Error("a row that somebody else had changed was written")
		}
	}
	if g := w.group("team-0002"); len(g.MemberUsers) != 3 {
		t.Errorf("the rest was not done: %+v", g.MemberUsers)
	}
}

// D12: when all of it is somebody else's by now, nothing is sent.
func TestD12NothingSentIsARefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := w.plan(&change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{AddMemberUsers: []string{w.user("bo@acme.example.com").ID}}})
	plan.Base = w.base()
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.UpdateGroup(t.Context(), w.group("Evaluators").ID, braintrust.GroupPatch{Description: ptr("theirs")}); err != nil {
		t.Fatal(err)
	}
	before := w.server.Counts().Writes
	_, err = w.Run(t.Context(), review)
	var foreign *change.ForeignEditError
	var partial *change.PartialError
	if !errors.As(err, &foreign) || errors.As(err, &partial) || w.server.Counts().Writes > before {
		t.Errorf("error %v after %d writes", err, w.server.Counts().Writes-before)
	}
}

// D12 with G1: an owner who left in between is not the one whom the plan relied on.
func TestD12GuardsLookAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owners := w.group(access.OwnersGroup)
	people := owners.MemberUsers
	var keep, drop string
	for _, id := range people {
		switch {
		case id == w.server.Seeded().ServiceAccountID:
		case keep == "":
			keep = id
		default:
			drop = id
		}
	}
	if drop == "" {
		t.Fatalf("owners %v", people)
	}
	evaluators := w.group("Evaluators")
	plan := w.plan(&change.RemoveMembers{Users: []braintrust.User{{ID: drop}}},
		&change.PatchGroup{Group: evaluators, Patch: braintrust.GroupPatch{Description: ptr("x")}})
	plan.Base = w.base()
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range review.Findings {
		if f.Guard == "G1" {
			t.Fatalf("%+v", f)
		}
	}
	var others []string
	for _, id := range people {
		if id != drop && id != w.server.Seeded().ServiceAccountID {
			others = append(others, id)
		}
	}
	if _, err := w.client.UpdateGroup(t.Context(), owners.ID, braintrust.GroupPatch{RemoveMemberUsers: others}); err != nil {
		t.Fatal(err)
	}
	before := w.server.Counts().Writes
	_, err = w.Run(t.Context(), review)
	var refused *change.GuardError
	if !errors.As(err, &refused) || refused.Findings[0].Guard != "G1" || w.server.Counts().Writes > before {
		t.Errorf("error %v", err)
	}
}

// D12: a grant that somebody has taken away beside what a plan touches makes the guards look again, and what is left
// of the plan is done.
func TestD12GrantTakenAwayElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(&change.AddACLs{Items: grants(w.team("Contractors"), w.node("org_project"), "delete")})
	node := w.node("org_project")
	plan := w.plan(&change.AddACLs{Items: grants(w.team("Evaluators"), node, "delete")})
	plan.Base = w.base()
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.UpdateACLs(t.Context(), braintrust.ACLBatch{Remove: grants(w.team("Contractors"), node, "delete")}); err != nil {
		t.Fatal(err)
	}
	result, err := w.Run(t.Context(), review)
	if err != nil || result.Rows != 1 || len(result.Skipped) > 0 {
		t.Errorf("%+v, %v", result, err)
	}
}
