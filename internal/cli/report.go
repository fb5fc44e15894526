package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/prompt"
	"btadmin/internal/text"
)

// failure is an error as --json shows it: one object on stderr.
type failure struct {
	Error    string `json:"error"`
	Hint     string `json:"hint,omitempty"`
	ExitCode int    `json:"exit_code"`
	// Guards are those that refused a change, with the hash of its plan.
	Guards   []change.Finding `json:"guards,omitempty"`
	PlanHash string           `json:"plan_hash,omitempty"`
	RunID    string           `json:"run_id,omitempty"`
	// Failed and Skipped are the changes that were not carried through, Left is how many were not begun.
	Failed  []unfinished `json:"failed,omitempty"`
	Skipped []unfinished `json:"skipped,omitempty"`
	Left    int          `json:"left,omitempty"`
	// Unjournaled are the outcomes that could not be written to the journal.
	Unjournaled []journal.Entry `json:"unjournaled,omitempty"`
}

// report prints err for a person, or as one JSON object under --json, and returns the exit code.
func report(a *app.App, err error) exit.Code {
	if err == nil {
		return exit.OK
	}
	code := codeOf(err)
	if code == exit.Failure && errors.Is(err, output.ErrClosedPipe) { // not when something else is wrong as well
		return exit.OK
	}
	if exit.IsSilent(err) {
		return code
	}
	message, hint := a.Redact(err.Error()), a.Redact(hintOf(err))
	if names := inNames(a, err); names != "" {
		hint = strings.TrimPrefix(hint+"; "+a.Redact(names), "; ")
	}
	if code == exit.Interrupted && (errors.Is(err, prompt.ErrInterrupted) || errors.Is(err, context.Canceled)) {
		message = "interrupted: nothing was sent"
	}
	if run := a.LastRun(); run != "" && saysNothingChanged(code) {
		code, message = exit.Partial, fmt.Sprintf("the change is done and confirmed (run %s), but what was to follow is not: %s", run, a.Redact(err.Error()))
	}
	if a.WantsJSON() {
		line, _ := json.Marshal(failureOf(a, err, message, hint, code))
		fmt.Fprintf(a.IO.Err, "%s\n", line)
		return code
	}
	for i, line := range lines(a, err, message) {
		if i == 0 {
			line = "btadmin: error: " + line
		}
		fmt.Fprintln(a.IO.Err, a.Plain(line))
	}
	for _, line := range unfinishedLines(a, err) {
		fmt.Fprintln(a.IO.Err, a.Plain(line))
	}
	if hint != "" {
		fmt.Fprintln(a.IO.Err, a.Plain("hint: "+hint))
	}
	for _, lost := range unjournaled(err) {
		line, _ := json.Marshal(lost)
		fmt.Fprintln(a.IO.Err, a.Plain("not in the journal: "+string(line)))
	}
	return code
}

// saysNothingChanged reports whether a code promises that nothing was changed.
func saysNothingChanged(code exit.Code) bool {
	switch code {
	case exit.Auth, exit.Network, exit.Refused, exit.Interrupted:
		return true
	}
	return false
}

// lines is the message, one line; only the guards, which are all reported together, have a line each, and so have the
// problems of a policy with their excerpts.
func lines(a *app.App, err error, message string) []string {
	if invalid, ok := errors.AsType[*syntax.InvalidError](err); ok {
		out := []string{invalid.Subject() + " not valid: " + text.Count(len(invalid.Problems)+invalid.Left, "error")}
		return append(out, strings.Split(message, "\n")...)
	}
	guards, ok := errors.AsType[*change.GuardError](err)
	if !ok || len(guards.Findings) < 2 {
		return []string{message}
	}
	out := []string{"refused by " + guards.Guards()}
	for _, f := range guards.Findings {
		out = append(out, a.Redact("  "+f.Guard+": "+f.Message))
	}
	return out
}

func failureOf(a *app.App, err error, message, hint string, code exit.Code) failure {
	f := failure{Error: message, Hint: hint, ExitCode: int(code), RunID: a.LastRun(), Unjournaled: unjournaled(err)}
	if guards, ok := errors.AsType[*change.GuardError](err); ok {
		f.PlanHash = guards.Hash
		for _, finding := range guards.Findings {
			finding.Message = a.Redact(finding.Message)
			f.Guards = append(f.Guards, finding)
		}
	}
	failed, skipped, left := unfinishedOf(err)
	f.Failed, f.Skipped, f.Left = shownUnfinished(a, failed), shownUnfinished(a, skipped), left
	if partial, ok := errors.AsType[*change.PartialError](err); ok {
		f.RunID = partial.RunID
	}
	return f
}
