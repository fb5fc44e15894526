package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// A dry run reads, prints the plan with the hash that approves it, writes nothing here or there, and cannot.
func TestMutateDryRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("", "groups", "grant")
	d.Flags.DryRun, d.Flags.Output = true, "json"
	result, err := d.Mutate(t.Context(), d.promote(t, "Evaluators"))
	if err != nil || result != nil || d.LastRun() != "" {
		t.Fatalf("result %+v, %v", result, err)
	}
	var plan planDocument
	if err := json.Unmarshal(d.out.Bytes(), &plan); err != nil || len(plan.Changes) != 1 || plan.PlanHash == "" || len(plan.Guards) == 0 {
		t.Errorf("%v in %s", err, d.out)
	}
	client, err := d.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "QA"}); !errors.Is(err, braintrust.ErrReadOnly) {
		t.Errorf("its client writes: %v", err)
	}
	if s.writes() > 0 || s.journal() != "" {
		t.Errorf("%d writes, journal %q", s.writes(), s.journal())
	}
}

// A dry run of what no flag can answer ends as it would in earnest.
func TestMutateDryRunOfTheImpossible(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("", "groups", "delete")
	d.Flags.DryRun = true
	_, err := d.Mutate(t.Context(), d.delete(t, "Viewers"))
	if _, ok := errors.AsType[*change.GuardError](err); !ok || d.out.Len() == 0 {
		t.Errorf("%v, printed %q", err, d.out)
	}
}

func TestMutateNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if result, err := s.sit("").Mutate(t.Context(), Change{}); result != nil || err != nil || s.journal() != "" {
		t.Errorf("%+v, %v", result, err)
	}
}

// In a script a super-user needs the hash that the dry run has printed, and --yes.
func TestMutateApproval(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dry := s.sit("")
	dry.Flags.DryRun, dry.Flags.Output = true, "json"
	if _, err := dry.Mutate(t.Context(), dry.promote(t, "Evaluators")); err != nil {
		t.Fatal(err)
	}
	var plan planDocument
	if err := json.Unmarshal(dry.out.Bytes(), &plan); err != nil {
		t.Fatal(err)
	}
	for _, yes := range []bool{false, true} {
		d := s.sit("")
		d.Flags.ApproveSuperuser, d.Flags.Yes = plan.PlanHash, yes
		want := exit.BadInput
		if yes {
			want = exit.OK
		}
		if _, err := d.Mutate(t.Context(), d.promote(t, "Evaluators")); codeFor(err) != want {
			t.Errorf("--yes %v: %v", yes, err)
		}
	}
	d := s.sit("")
	if runs := d.runs(t); len(runs) != 1 || runs[0].PlanHash != plan.PlanHash {
		t.Errorf("runs %+v", runs)
	}
}

// An overridden guard is in the journal with its reason.
func TestMutateOverrideIsJournaled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("", "groups", "create", "OWNERS")
	d.Flags.Override, d.Flags.Reason = "G12", "two teams want it"
	c := Change{Steps: []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "OWNERS"}}}}
	if _, err := d.Mutate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if runs := d.runs(t); len(runs) != 1 || runs[0].Override != "G12" || runs[0].Reason != "two teams want it" {
		t.Errorf("runs %+v", runs)
	}
}

// Without a place for the journal nothing is sent.
func TestD17NoJournalNoChange(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("")
	dir := d.dir(t)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Mutate(t.Context(), createQA()); err == nil || !strings.Contains(err.Error(), "nothing was sent") || s.writes() > 0 {
		t.Errorf("%v after %d writes", err, s.writes())
	}
}

// What was opened last is closed first, each once, and every error is told.
func TestCloseOrder(t *testing.T) {
	t.Parallel()
	a := newSite(t).sit("").App
	var order []string
	broken := errors.New("broken")
	for _, name := range []string{"first", "second", "third"} {
		a.OnClose(closer(func() error {
			order = append(order, name)
			if name == "second" {
				return broken
			}
			return nil
		}))
	}
	if err := a.Close(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if err := a.Close(); err != nil || strings.Join(order, " ") != "third second first" {
		t.Errorf("%v, closed %v", err, order)
	}
}

type closer func() error

func (c closer) Close() error { return c() }
