package change_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

// A count stands for names that came through a pipe, a name for exactly that name, and two accounts of one name
// are two.
func TestG11Confirmations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "qa"}})
	one, two := &change.CreateServiceAccount{Name: "twin"}, &change.CreateServiceAccount{Name: "twin"}
	w.do(one)
	w.do(two)
	group := []change.Step{&change.DeleteGroup{Group: w.group("qa")}}
	person := []change.Step{&change.RemoveMembers{Users: []braintrust.User{w.user("goran@acme.example.com")}}}
	twins := []change.Step{&change.RemoveMembers{Users: []braintrust.User{{ID: one.Out.ID, Email: one.Out.Email}, {ID: two.Out.ID, Email: two.Out.Email}}}}
	for _, tt := range []struct {
		name     string
		steps    []change.Step
		bulk     bool
		approval change.Approval
		left     int
	}{
		{"the name", group, false, change.Approval{Confirm: []string{"qa"}}, 0},
		{"another case", group, false, change.Approval{Confirm: []string{"QA"}}, 1},
		{"a count without a pipe", group, false, change.Approval{ConfirmCount: 1}, 1},
		{"a count with a pipe", group, true, change.Approval{ConfirmCount: 1}, 0},
		{"an e-mail in another case", person, false, change.Approval{Confirm: []string{"Goran@Acme.example.com"}}, 0},
		{"two of one name, counted as one", twins, true, change.Approval{ConfirmCount: 1}, 2},
		{"two of one name, counted", twins, true, change.Approval{ConfirmCount: 2}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plan := w.plan(tt.steps...)
			plan.Bulk = tt.bulk
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			if left, err := review.Settle(tt.approval); err != nil || len(left) != tt.left {
				t.Errorf("left %+v, %v; want %d", left, err, tt.left)
			}
		})
	}
}

func TestOverrideNeedsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	review := w.review(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "OWNERS"}})
	if _, err := review.Settle(change.Approval{Override: "G12", Reason: " \t"}); err == nil || !strings.Contains(err.Error(), "--reason") {
		t.Errorf("error %v", err)
	}
}

// G12 looks at every name that is written, and at names of built-in groups that are not there yet.
func TestG12EveryName(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Options{Plan: sandbox.PlanStarter, Seed: sandbox.SeedSpec{Kind: sandbox.SeedEmpty}})
	hidden := "a\u200bb"
	for name, step := range map[string]change.Step{
		"member":        &change.InviteMembers{Emails: []string{"fine@example.com", hidden + "@example.com"}},
		"organization":  &change.PatchOrganization{Organization: w.org, Patch: braintrust.OrganizationPatch{Name: &hidden}},
		"account":       &change.CreateServiceAccount{Name: hidden},
		"account token": &change.CreateServiceAccount{Name: "fine", TokenName: hidden},
		"token":         &change.MintToken{Name: hidden},
		"role":          &change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: hidden}},
		"built-in":      &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Engineers"}},
	} {
		t.Run(name, func(t *testing.T) { w.wantGuards(t, w.review(step), "G12") })
	}
}

func TestRenamingToATakenName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Judge"}})
	for name, step := range map[string]change.Step{
		"group": &change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{Name: ptr("Contractors")}},
		"role":  &change.PatchRole{Role: w.role("Judge"), Patch: braintrust.RolePatch{Name: ptr("Engineer")}},
	} {
		_, err := w.Review(t.Context(), w.plan(step))
		var exists *change.AlreadyExistsError
		if !errors.As(err, &exists) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The hint of a refusal names every flag at once, and none when nothing helps.
func TestHintNamesEveryFlag(t *testing.T) {
	t.Parallel()
	approve, name, other := change.Finding{Guard: "G7", Bypass: "approve"}, change.Finding{Guard: "G11", Bypass: "confirm", Names: []string{"my team"}}, change.Finding{Guard: "G11", Bypass: "confirm", Names: []string{"QA"}}
	g3, g12, never := change.Finding{Guard: "G3", Bypass: "override"}, change.Finding{Guard: "G12", Bypass: "override"}, change.Finding{Guard: "G1"}
	for _, tt := range []struct {
		findings []change.Finding
		want     string
	}{
		{[]change.Finding{name, other, approve}, "review it with --dry-run, then repeat with --yes --confirm 'my team' --confirm QA --approve-superuser abc"},
		{[]change.Finding{name}, "repeat with --yes --confirm 'my team'"},
		{[]change.Finding{g3}, `if it is meant: --override G3 --reason "..."`},
		{[]change.Finding{g3, other, g3}, `if it is meant: --yes --confirm QA --override G3 --reason "..."`},
		{[]change.Finding{g3, g12}, ""},
		{[]change.Finding{approve, never}, ""},
	} {
		if got := (&change.GuardError{Findings: tt.findings, Hash: "abc"}).Hint(); got != tt.want {
			t.Errorf("hint %q, want %q", got, tt.want)
		}
	}
}

// The plan's hash is another when the steps are, or the state that they touch: who would gain.
func TestPlanHash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	evaluators := w.group("Evaluators")
	give := func() *change.Review {
		return w.review(&change.AddACLs{Items: grants(w.team("Evaluators"), w.node("organization"), manageAccess...)})
	}
	first := give().Hash
	if again := give().Hash; again != first {
		t.Errorf("the same plan has the hashes %s and %s", first, again)
	}
	w.do(&change.PatchGroup{Group: evaluators, Patch: braintrust.GroupPatch{AddMemberUsers: []string{w.user("goran@acme.example.com").ID}}})
	if now := give().Hash; now == first {
		t.Error("somebody joined the group that becomes powerful, and the hash is the same")
	}
	fewer := w.review(&change.AddACLs{Items: grants(w.team("Evaluators"), w.node("organization"), manageAccess[:1]...)})
	if fewer.Hash == give().Hash {
		t.Error("other steps have the same hash")
	}
}
