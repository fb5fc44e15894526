package change_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// saved is a plan in a file: a new group with grants, and somebody leaves another.
func (w *world) saved() string {
	w.t.Helper()
	w.Version = "1.2.3"
	plan := w.plan(
		&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{w.user("bo@acme.example.com").ID}}},
		&change.AddACLs{Items: w.reads("read", "update")},
		w.leave("Evaluators", w.group("Evaluators").MemberUsers[0]),
	)
	plan.Base, plan.Bulk, plan.Limits.OwnersAtLeast = w.base(), true, 1
	review, err := w.Review(w.t.Context(), plan)
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "plan")
	if err := w.SavePlan(path, review, jsontext.Value(`{"said":[1,"<b>"]}`), false); err != nil {
		w.t.Fatal(err)
	}
	if err := w.SavePlan(path, review, jsontext.Value(`{"said":[1,"<b>"]}`), false); err == nil {
		w.t.Error("an existing file is overwritten")
	}
	return path
}

// A saved plan is applied exactly, and a second time it is refused.
func TestSavedPlanIsApplied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.saved()
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), w.server.Seeded().TokenKey.Reveal()) {
		t.Fatal("the plan holds a secret", err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	saved, err := change.LoadPlan(path, "sandbox", w.org, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if saved.Version != "1.2.3" || !saved.Plan.Bulk || saved.Plan.Limits.OwnersAtLeast != 1 || len(saved.Plan.Steps) != 3 {
		t.Errorf("%+v", saved)
	}
	if notes := slices.Clone(saved.Notes); notes.Compact() != nil || string(notes) != `{"said":[1,"<b>"]}` {
		t.Errorf("notes %s", saved.Notes)
	}
	review, err := w.ReviewSaved(t.Context(), saved)
	if err != nil {
		t.Fatal(err)
	}
	if review.Hash != saved.Hash {
		t.Error("the hash that was approved is another")
	}
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	if g := w.group("QA"); len(g.MemberUsers) != 1 {
		t.Errorf("QA: %+v", g)
	}
	again, err := change.LoadPlan(path, "sandbox", w.org, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReviewSaved(t.Context(), again); err == nil {
		t.Error("applied twice")
	}
}

// D13, G13: of another host or organization, edited, of another schema, old, open to others: refused, each with what
// to do, before anything is sent.
func TestD13RefusedPlans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.saved()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := w.org
	other.ID = "11111111-1111-4111-8111-111111111111"
	for _, tt := range []struct {
		name, want string
		edit       func(string) string
		mode       os.FileMode
		host       string
		org        braintrust.Organization
		later      time.Duration
	}{
		{name: "as it is", want: ""},
		{name: "another host", host: "api.example.com", want: "for the server sandbox"},
		{name: "another organization", org: other, want: "for the organization"},
		{name: "a word", edit: func(s string) string { return strings.Replace(s, `"QA"`, `"QB"`, 1) }, want: "edited"},
		{name: "white space", edit: func(s string) string { return s + " " }, want: "edited"},
		{name: "a limit", edit: func(s string) string { return strings.Replace(s, `"owners_at_least": 1`, `"owners_at_least": 0`, 1) }, want: "edited"},
		{name: "a field", edit: func(s string) string { return strings.Replace(s, "{", `{"extra":1,`, 1) }, want: "edited"},
		{name: "half of it", edit: func(s string) string { return s[:len(s)/2] }, want: "damaged"},
		{name: "nothing", edit: func(string) string { return "" }, want: "no plan of btadmin"},
		{name: "an older schema", edit: func(s string) string { return strings.Replace(s, `"btadmin_plan": 1`, `"btadmin_plan": 0`, 1) }, want: "older schema 0"},
		{name: "a newer schema", edit: func(s string) string { return strings.Replace(s, `"btadmin_plan": 1`, `"btadmin_plan": 2`, 1) }, want: "newer schema 2"},
		{name: "23 hours old", later: 23 * time.Hour, want: ""},
		{name: "25 hours old", later: 25 * time.Hour, want: "25h0m0s old"},
		{name: "of tomorrow", later: -time.Hour, want: "in the future"},
		{name: "open to others", mode: 0o644, want: "open to others (mode 0644)"},
		{name: "open to the group", mode: 0o640, want: "open to others (mode 0640)"},
	} {
		if tt.mode != 0 && runtime.GOOS == "windows" {
			continue // no modes
		}
		t.Run(tt.name, func(t *testing.T) {
			text, mode, host, org := string(raw), os.FileMode(0o600), "sandbox", w.org
			if tt.edit != nil {
				text = tt.edit(text)
			}
			if tt.mode != 0 {
				mode = tt.mode
			}
			if tt.host != "" {
				host = tt.host
			}
			if tt.org.ID != "" {
				org = tt.org
			}
			file := filepath.Join(t.TempDir(), "plan")
			if err := os.WriteFile(file, []byte(text), mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			_, err := change.LoadPlan(file, host, org, time.Now().Add(tt.later))
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var guard *change.GuardError
			var refusal *change.SavedPlanError
			if !errors.As(err, &refusal) || !errors.As(err, &guard) || guard.Findings[0].Guard != "G13" ||
				!strings.Contains(err.Error(), tt.want) || refusal.Hint() == "" {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// D13: every single byte counts.
func TestD13EveryByteCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.saved()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(raw); i += 7 {
		edited := bytes.Clone(raw)
		edited[i] ^= 1
		if err := os.WriteFile(path, edited, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := change.LoadPlan(path, "sandbox", w.org, time.Now()); err == nil {
			t.Fatalf("byte %d can be edited: %q", i, raw[max(0, i-20):min(len(raw), i+20)])
		}
	}
}

// A plan that is not there is bad input, a link and a folder are refused.
func TestSavedPlanIsAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.saved()
	_, err := change.LoadPlan(path+"x", "sandbox", w.org, time.Now())
	if coded, ok := errors.AsType[*exit.Error](err); !ok || coded.Code != exit.BadInput {
		t.Errorf("missing: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	odds := []string{t.TempDir()}
	if err := os.Symlink(path, link); err == nil { // some systems have none
		odds = append(odds, link)
	}
	for _, odd := range odds {
		if _, err := change.LoadPlan(odd, "sandbox", w.org, time.Now()); err == nil {
			t.Errorf("%s is read", odd)
		}
	}
}

// G13: what a plan rests on has changed: refused and named. What it does not rest on may change.
func TestG13SameBase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(w *world) change.Step
		want string
	}{
		{"another group", func(w *world) change.Step { return w.leave("Contractors", w.group("Contractors").MemberUsers[0]) }, ""},
		{"a group it changes", func(w *world) change.Step {
			return &change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{AddMemberUsers: []string{w.user("bo@acme.example.com").ID}}}
		}, "rests on: group:Evaluators"},
		{"a group that goes", func(w *world) change.Step {
			return &change.DeleteGroup{Group: w.group("Evaluators")}
		}, "group:Evaluators"},
		{"a member it needs", func(w *world) change.Step {
			return &change.RemoveMembers{Users: []braintrust.User{w.user("bo@acme.example.com")}}
		}, "who the owners are"},
		{"the grants on the organization", func(w *world) change.Step {
			return &change.AddACLs{Items: grants(w.team("Contractors"), w.node("organization"), "read")}
		}, "the grants on organization"},
		{"the name it wants", func(w *world) change.Step {
			return &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
		}, "is there already"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if _, err := w.resolver.Groups(t.Context()); err != nil { // so that they have names
				t.Fatal(err)
			}
			saved, err := change.LoadPlan(w.saved(), "sandbox", w.org, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			w.do(tt.edit(w))
			_, err = w.ReviewSaved(t.Context(), saved)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// Only a plan that was made from the whole organization can be saved.
func TestSavePlanWantsABase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "plan")
	if err := w.SavePlan(path, w.review(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}), nil, false); err == nil {
		t.Error("saved")
	}
}
