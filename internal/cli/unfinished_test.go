package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/exit"
)

// What a long run did not carry through is listed: some of it for people, all of it in JSON, without secrets.
func TestD12UnfinishedIsListed(t *testing.T) {
	t.Parallel()
	var failed []change.Unfinished
	for i := range 30 {
		failed = append(failed, change.Unfinished{
			Step: i + 1, Lines: []change.Line{{Action: "create", Target: fmt.Sprint("group QA", i)}, {Action: "add", Target: "x"}},
			Err: errors.New("no\nbtadmin: " + canaryKey),
		})
	}
	skipped := []change.Unfinished{{Step: 31, Lines: []change.Line{{Action: "remove", Target: "group Ops"}}, Err: errors.New("somebody else has changed it")}}
	err := &change.PartialError{RunID: "abcd", Err: &change.FailuresError{Failed: failed}, Failed: failed, Skipped: skipped, Left: 7}
	a, errOut := quietApp()
	if code := report(a, err); code != exit.Partial {
		t.Errorf("code %d", code)
	}
	got := strings.Split(strings.TrimSpace(errOut.String()), "\n")
	if len(got) != 1+mostUnfinished+2+1 || !strings.HasPrefix(got[1], "  failed: create group QA0 (and 1 more): no") || got[22] != "  not begun: 7" {
		t.Errorf("%d lines: %s", len(got), errOut)
	}
	a.Flags.JSON = true
	errOut.Reset()
	report(a, err)
	var whole failure
	if err := json.Unmarshal(errOut.Bytes(), &whole); err != nil || len(whole.Failed) != 30 || len(whole.Skipped) != 1 || whole.Left != 7 || len(whole.Failed[0].Lines) != 2 {
		t.Errorf("%v in %s", err, errOut)
	}
	if strings.Contains(errOut.String(), canaryKey) {
		t.Errorf("A8: the key is in %s", errOut)
	}
}

// The exit codes of long runs: what somebody else has changed, and a lock that is held.
func TestLongRunExitCodes(t *testing.T) {
	t.Parallel()
	foreign := &change.ForeignEditError{Skipped: []change.Unfinished{{Step: 1, Rows: 1, Lines: []change.Line{{Action: "add"}}, Err: errors.New("x")}}}
	busy := &change.BusyError{PID: 12, Host: "build-7", Run: "abcd"}
	for _, tt := range []struct {
		err  error
		want exit.Code
	}{
		{foreign, exit.Refused},
		{&change.PartialError{Err: foreign}, exit.Partial},
		{busy, exit.Refused},
	} {
		if got := codeOf(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
	for _, word := range []string{"12", "build-7", "abcd"} {
		if !strings.Contains(busy.Error(), word) {
			t.Errorf("%q does not name %s", busy, word)
		}
	}
}

// D17: every outcome that is not in the journal is found, however the errors were joined.
func TestD17AllUnjournaledOutcomes(t *testing.T) {
	t.Parallel()
	lost := func(run string, kind journal.Type) error {
		return &journal.WriteError{Entry: journal.Entry{Run: run, Type: kind}, Err: errors.New("no space left on device")}
	}
	err := fmt.Errorf("outer: %w", errors.Join(errors.Join(errors.New("x"), lost("a", journal.Outcome)), lost("b", journal.Intent), lost("c", journal.Outcome)))
	got := unjournaled(&change.PartialError{Err: err})
	if len(got) != 2 || got[0].Run != "a" || got[1].Run != "c" {
		t.Errorf("%+v", got)
	}
}
