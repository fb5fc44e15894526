package app

import (
	"errors"
	"io"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/prompt"
	"btadmin/pkg/braintrust"
)

// codeFor is what the command line makes of the errors of Mutate.
func codeFor(err error) exit.Code {
	_, guarded := errors.AsType[*change.GuardError](err)
	coded, isCoded := errors.AsType[*exit.Error](err)
	switch {
	case err == nil:
		return exit.OK
	case guarded:
		return exit.Refused
	case Declined(err):
		return exit.Interrupted
	case isCoded:
		return coded.Code
	}
	return exit.Failure
}

func removal(d *desk, t *testing.T) Change {
	t.Helper()
	group := d.group(t, "Evaluators")
	return Change{Steps: []change.Step{&change.PatchGroup{Group: group, Patch: braintrust.GroupPatch{RemoveMemberUsers: group.MemberUsers[:1]}}}, Question: "Remove it?"}
}

// Who is asked what, and what each answer leads to: --yes answers the question, never a guard.
func TestMutateConsent(t *testing.T) {
	t.Parallel()
	deletion := func(d *desk, t *testing.T) Change { t.Helper(); return d.delete(t, "Contractors") }
	promotion := func(d *desk, t *testing.T) Change { t.Helper(); return d.promote(t, "Evaluators") }
	create := func(*desk, *testing.T) Change { return createQA() }
	yes := func(d *desk) { d.Flags.Yes = true }
	for _, tt := range []struct {
		name  string
		typed string
		set   func(d *desk)
		what  func(d *desk, t *testing.T) Change
		want  exit.Code
	}{
		{"additive", "", nil, create, exit.OK},
		{"a removal in a script", "", nil, removal, exit.BadInput},
		{"a removal in a script with --yes", "", yes, removal, exit.OK},
		{"a removal, yes", "y\n", nil, removal, exit.OK},
		{"a removal, no", "n\n", nil, removal, exit.Interrupted},
		{"a removal, nothing typed", "\n", nil, removal, exit.Interrupted},
		{"a removal, gone away", "y", nil, removal, exit.Interrupted},
		{"a removal that was asked about", "", nil, func(d *desk, t *testing.T) Change {
			t.Helper()
			c := removal(d, t)
			c.Asked = true
			return c
		}, exit.OK},
		{"a deletion in a script", "", nil, deletion, exit.BadInput},
		{"a deletion with --yes alone", "", yes, deletion, exit.Refused},
		{"a deletion with its name alone", "", func(d *desk) { d.Flags.Confirm = []string{"Contractors"} }, deletion, exit.BadInput},
		{"a deletion with --yes and its name", "", func(d *desk) { d.Flags.Yes, d.Flags.Confirm = true, []string{"Contractors"} }, deletion, exit.OK},
		{"a deletion with --yes and a count", "", func(d *desk) { d.Flags.Yes, d.Flags.ConfirmCount = true, 1 }, deletion, exit.Refused},
		{"a deletion, typed", "Contractors\n", nil, deletion, exit.OK},
		{"a deletion, typed wrongly", "contractors\n", nil, deletion, exit.Interrupted},
		{"a deletion, --yes on a terminal is no name", "Contractors\n", yes, deletion, exit.Refused},
		{"a super-user in a script", "", nil, promotion, exit.Refused},
		{"a super-user with --yes alone", "", yes, promotion, exit.Refused},
		{"a super-user with another hash", "", func(d *desk) { d.Flags.Yes, d.Flags.ApproveSuperuser = true, "0123" }, promotion, exit.Refused},
		{"a super-user with a confirmed name", "", func(d *desk) { d.Flags.Yes, d.Flags.Confirm = true, []string{"group:Evaluators"} }, promotion, exit.Refused},
		{"a super-user, not typed", "y\n", nil, promotion, exit.Interrupted},
		{"a built-in group", "", func(d *desk) { d.Flags.Yes, d.Flags.Confirm = true, []string{"Viewers"} },
			func(d *desk, t *testing.T) Change { t.Helper(); return d.delete(t, "Viewers") }, exit.Refused},
		{"an override of what did not fire", "", func(d *desk) { d.Flags.Override, d.Flags.Reason = "G3", "r" }, create, exit.BadInput},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			d := s.sit(tt.typed)
			if tt.set != nil {
				tt.set(d)
			}
			_, err := d.Mutate(t.Context(), tt.what(d, t))
			if got := codeFor(err); got != tt.want {
				t.Errorf("code %d, want %d: %v", got, tt.want, err)
			}
			done := tt.want == exit.OK
			if (s.writes() > 0) != done || (s.journal() != "") != done || (d.LastRun() != "") != done {
				t.Errorf("%d writes, run %q, journal %q", s.writes(), d.LastRun(), s.journal())
			}
		})
	}
}

// typing waits with its answer until something has happened.
type typing struct {
	first  func()
	answer string
}

func (t *typing) Read(b []byte) (int, error) {
	if t.first != nil {
		t.first()
		t.first = nil
	}
	if t.answer == "" {
		return 0, io.EOF
	}
	n := copy(b, t.answer)
	t.answer = t.answer[n:]
	return n, nil
}

// A question may be open for long: what the guards have seen is looked at again.
func TestMutateAfterALongQuestion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	other := s.sit("")
	solo := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Solo"}}
	if _, err := other.Mutate(t.Context(), Change{Steps: []change.Step{solo}}); err != nil {
		t.Fatal(err)
	}
	goran := other.group(t, "Evaluators").MemberUsers[:1]
	join := Change{Steps: []change.Step{&change.PatchGroup{Group: solo.Out, Patch: braintrust.GroupPatch{AddMemberUsers: goran}}}}
	for _, changes := range []bool{true, false} {
		d := s.sit("on a terminal")
		d.IO.In = &typing{answer: "group:Solo\nuser:fatima@acme.example.com\n", first: func() {
			if !changes {
				return
			}
			if _, err := other.Mutate(t.Context(), join); err != nil {
				t.Error(err)
			}
		}}
		d.Prompt = prompt.New(d.IO)
		_, err := d.Mutate(t.Context(), d.promote(t, "Solo"))
		want := exit.OK
		if changes {
			want = exit.Refused
		}
		if got := codeFor(err); got != want {
			t.Errorf("somebody else changes it %v: %v", changes, err)
		}
	}
}
