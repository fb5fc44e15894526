package change_test

import (
	"fmt"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// reviewPlan reviews a plan with limits.
func (w *world) reviewPlan(set func(*change.Plan), steps ...change.Step) *change.Review {
	w.t.Helper()
	plan := w.plan(steps...)
	set(&plan)
	review, err := w.Review(w.t.Context(), plan)
	if err != nil {
		w.t.Fatal(err)
	}
	return review
}

// leave takes people out of a group.
func (w *world) leave(group string, ids ...string) *change.PatchGroup {
	return &change.PatchGroup{Group: w.group(group), Patch: braintrust.GroupPatch{RemoveMemberUsers: ids}}
}

// settled fails the test unless an approval lets everything pass, or nothing of it.
func settled(t *testing.T, review *change.Review, a change.Approval, want bool) {
	t.Helper()
	if left, err := review.Settle(a); err != nil || (len(left) == 0) != want {
		t.Errorf("%+v leaves %+v, %v; want it to pass: %v", a, left, err, want)
	}
}

// G2: of two human owners none may leave; three may become two; the document can want more or fewer.
func TestG2HumanOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bo, goran := w.user("bo@acme.example.com").ID, w.user("goran@acme.example.com").ID
	none := func(*change.Plan) {}
	wants := func(n int) func(*change.Plan) { return func(p *change.Plan) { p.Limits.OwnersAtLeast = n } }
	w.wantGuards(t, w.reviewPlan(none, w.leave("Owners", bo)), "G2")
	w.wantGuards(t, w.reviewPlan(wants(1), w.leave("Owners", bo)))
	settled(t, w.reviewPlan(none, w.leave("Owners", bo)), change.Approval{Override: "G2", Reason: "bo leaves"}, true)
	settled(t, w.reviewPlan(none, w.leave("Owners", bo)), change.Approval{}, false)
	swap := &change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberUsers: []string{goran}, RemoveMemberUsers: []string{bo}}}
	w.wantGuards(t, w.reviewPlan(none, swap), "G7") // as many as before
	w.do(&change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberUsers: []string{goran}}})
	w.wantGuards(t, w.reviewPlan(none, w.leave("Owners", bo)))
	w.wantGuards(t, w.reviewPlan(wants(3), w.leave("Owners", bo)), "G2")
	w.wantGuards(t, w.reviewPlan(wants(9), w.leave("Evaluators", goran))) // not fewer than now
}

// G4: required owners stay, through nesting too.
func TestG4RequiredOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bo, goran := w.user("bo@acme.example.com").ID, w.user("goran@acme.example.com").ID
	must := func(ids ...string) func(*change.Plan) {
		return func(p *change.Plan) { p.Limits.MustInclude, p.Limits.OwnersAtLeast, p.Base = ids, 1, w.base() }
	}
	w.wantGuards(t, w.reviewPlan(must(bo), w.leave("Owners", bo)), "G4")
	w.wantGuards(t, w.reviewPlan(must(), w.leave("Owners", bo)))
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Leads", MemberUsers: []string{goran}}}
	w.wantGuards(t, w.reviewPlan(must(goran), create), "G4") // he is none, and the plan does not make him one
	inside := &change.PatchGroup{Group: w.group("Owners"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{change.New("group", "Leads")}}}
	w.wantGuards(t, w.reviewPlan(must(goran), create, inside), "G7")
	w.do(create, inside)
	w.wantGuards(t, w.reviewPlan(must(goran), &change.DeleteGroup{Group: w.group("Leads")}), "G4", "G11")
	settled(t, w.reviewPlan(must(bo), w.leave("Owners", bo)), change.Approval{Override: "G4", Reason: "r"}, true)
}

// G3: the last token of an owner stays, also when its account loses what makes it an owner.
func TestG3LastOwnerToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := w.server.Seeded().ServiceAccountID
	people := w.group("Owners")
	admins := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Admins", MemberUsers: []string{me}}}
	w.do(admins)
	w.do(&change.PatchGroup{Group: people, Patch: braintrust.GroupPatch{AddMemberGroups: []string{admins.Out.ID}, RemoveMemberUsers: []string{me}}})
	last := "no service token of an owner would be left"
	has := func(review *change.Review) bool {
		for _, f := range review.Findings {
			if f.Guard == "G3" && strings.HasPrefix(f.Message, last) {
				return true
			}
		}
		return false
	}
	if !has(w.review(&change.DeleteGroup{Group: w.group("Admins")})) {
		t.Error("deleting the group that makes the account an owner is not seen")
	}
	tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		if got, want := has(w.review(&change.DeleteToken{Token: token})), token.ServiceAccountID == me; got != want {
			t.Errorf("token %s: %v, want %v", token.Name, got, want)
		}
		if token.ServiceAccountID == me && has(w.review(&change.MintToken{AccountID: me, Account: "platform-admin", Name: "next", Sink: &memorySink{}}, &change.DeleteToken{Token: token})) {
			t.Error("the plan makes another one first")
		}
	}
	as := w.plan(w.leave("Evaluators", w.group("Evaluators").MemberUsers[0]))
	if review, err := w.Review(t.Context(), as); err != nil || has(review) {
		t.Errorf("what has to do with no owner: %+v, %v", review.Findings, err)
	}
}

// keep_my_access: false lets the caller go, but not the key in use.
func TestG3MayLoseAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spare := &change.CreateServiceAccount{Name: "spare", Groups: []braintrust.Group{w.group("Owners")}, TokenName: "spare", Sink: &memorySink{}}
	w.do(spare)
	may := func(p *change.Plan) { p.Limits.MayLoseAccess = true }
	step := w.leave("Owners", w.server.Seeded().ServiceAccountID)
	w.wantGuards(t, w.reviewPlan(may, step))
	w.wantGuards(t, w.reviewPlan(func(*change.Plan) {}, step), "G3")
}

// G5: more than a quarter, and more than two, of what a file or a document takes away. What is named counts not.
func TestG5Caps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for _, user := range w.base().Users[:12] {
		ids = append(ids, user.ID)
	}
	qa := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: ids}}
	w.do(qa)
	caps := func(caps ...string) func(*change.Plan) {
		return func(p *change.Plan) {
			p.Bulk = true
			parsed, err := change.ParseMaxRemovals(caps)
			if err != nil {
				t.Fatal(err)
			}
			p.Limits = p.Limits.WithMaxRemovals(parsed)
		}
	}
	w.wantGuards(t, w.reviewPlan(func(*change.Plan) {}, w.leave("QA", ids...)))
	w.wantGuards(t, w.reviewPlan(caps(), w.leave("QA", ids[:3]...)))
	review := w.reviewPlan(caps(), w.leave("QA", ids[:4]...))
	w.wantGuards(t, review, "G5")
	refusal := &change.GuardError{Findings: review.Findings}
	if hint := refusal.Hint(); hint != "if it is meant: --yes --max-removals memberships=4" {
		t.Error(hint)
	}
	w.wantGuards(t, w.reviewPlan(caps("memberships=4"), w.leave("QA", ids[:4]...)))
	w.wantGuards(t, w.reviewPlan(caps("50%"), w.leave("QA", ids[:6]...)))
	w.wantGuards(t, w.reviewPlan(caps("50%"), w.leave("QA", ids[:7]...)), "G5")
	w.wantGuards(t, w.reviewPlan(caps("0"), w.leave("QA", ids[0])), "G5")
	settled(t, review, change.Approval{Override: "G5", Reason: "r"}, true)
	settled(t, review, change.Approval{ConfirmCount: 4}, true)
	settled(t, review, change.Approval{ConfirmCount: 3}, false)
	if w.script.writes != 1 {
		t.Errorf("%d writes", w.script.writes)
	}
	document := func(p *change.Plan) {
		p.Bulk, p.Base, p.Limits.Source = true, w.base(), &change.Source{Name: "access.yaml"}
	}
	w.wantGuards(t, w.reviewPlan(document, w.leave("QA", ids[:4]...))) // of all memberships
	w.wantGuards(t, w.reviewPlan(document, w.leave("QA", ids...)), "G5")
}

// G5 on grants: those on the objects that a file is about.
func TestG5Grants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	node := access.Node{Type: "project", ID: w.project("Chatbot").ID}
	items := grants(w.team("Evaluators"), node, braintrust.Permissions()...)
	w.do(&change.AddACLs{Items: items})
	bulk := func(p *change.Plan) { p.Bulk = true }
	w.wantGuards(t, w.reviewPlan(bulk, remove(items[:2])))
	w.wantGuards(t, w.reviewPlan(bulk, remove(items)), "G5")
	w.wantGuards(t, w.review(remove(items)))
}

func TestParseMaxRemovals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   []string
		want string
	}{
		{nil, "map[]"},
		{[]string{"3"}, "map[grants:3 groups:3 members:3 memberships:3 roles:3 service_accounts:3 tokens:3]"},
		{[]string{"grants=40", "members=10%"}, "map[grants:40 members:10%]"},
		{[]string{"3", "grants=4"}, "error"},
		{[]string{"grant=4"}, "error"},
		{[]string{"grants=4", "grants=5"}, "error"},
		{[]string{"-1"}, "error"},
		{[]string{"120%"}, "error"},
		{[]string{"many"}, "error"},
	} {
		got, err := change.ParseMaxRemovals(tt.in)
		text := fmt.Sprint(got)
		if err != nil {
			text = "error"
		}
		if text != tt.want {
			t.Errorf("%q: %s, want %s (%v)", tt.in, text, tt.want, err)
		}
	}
}

// G6, G10, G14: what documents may not say by accident.
func TestG6G10G14Documents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contractors := w.group("Contractors")
	deletion := &change.DeleteGroup{Group: contractors}
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
	source := func(set func(*change.Limits)) func(*change.Plan) {
		return func(p *change.Plan) {
			p.Limits.Source = &change.Source{Name: "access.yaml", Organization: w.org.Name}
			set(&p.Limits)
		}
	}
	w.wantGuards(t, w.reviewPlan(source(func(*change.Limits) {}), create))
	emptied := w.reviewPlan(source(func(l *change.Limits) { l.Emptied = []string{"groups"} }), create)
	w.wantGuards(t, emptied, "G6")
	if !strings.Contains(emptied.Findings[0].Message, "groups") {
		t.Errorf("the section is not named: %+v", emptied.Findings)
	}
	settled(t, emptied, change.Approval{Override: "G6", Reason: "moved"}, true)
	pruned := w.reviewPlan(source(func(*change.Limits) {}), deletion)
	w.wantGuards(t, pruned, "G10", "G11")
	if _, err := pruned.Settle(change.Approval{Override: "G10", Reason: "r"}); err == nil {
		t.Error("G10 can be overridden")
	}
	w.wantGuards(t, w.reviewPlan(source(func(l *change.Limits) { l.Source.Pruned = []string{contractors.ID} }), deletion), "G11")
	w.wantGuards(t, w.review(deletion), "G11")
	other := w.reviewPlan(source(func(l *change.Limits) { l.Source.Organization = "other" }), create)
	w.wantGuards(t, other, "G14")
	if _, err := other.Settle(change.Approval{Override: "G14", Reason: "r"}); err == nil {
		t.Error("G14 can be overridden")
	}
	w.wantGuards(t, w.reviewPlan(source(func(l *change.Limits) { l.Source.Organization = w.org.ID }), create))
}

// G7 in documents that deny new super-users: without approved_by no flag helps.
func TestG7Unapproved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	promote := &change.AddACLs{Items: grants(w.team("Evaluators"), w.node("organization"), "create_acls")}
	deny := func(p *change.Plan) { p.Limits.Unapproved = []string{"groups.Evaluators.permissions.organization"} }
	review := w.reviewPlan(deny, promote)
	settled(t, review, change.Approval{Superuser: review.Hash}, false)
	allowed := w.review(promote)
	settled(t, allowed, change.Approval{Superuser: allowed.Hash}, true)
	w.wantGuards(t, w.reviewPlan(deny, &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}))
}

// Findings are many, guards are few: the message counts guards.
func TestRefusalCountsGuards(t *testing.T) {
	t.Parallel()
	two := []change.Finding{{Guard: "G7", Message: "a"}, {Guard: "G7", Message: "b"}}
	for want, findings := range map[string][]change.Finding{
		"refused by guard G7\n": two,
		"refused by 2 guards\n": append(two[:2:2], change.Finding{Guard: "G9", Message: "c"}),
	} {
		if got := (&change.GuardError{Findings: findings}).Error(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
