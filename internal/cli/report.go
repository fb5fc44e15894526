package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
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
}

// report prints err for a person, or as one JSON object under --json, and returns the exit code.
func report(a *app.App, err error) exit.Code {
	if err == nil || errors.Is(err, output.ErrClosedPipe) {
		return exit.OK
	}
	code := codeOf(err)
	if exit.IsSilent(err) {
		return code
	}
	message, hint := a.Redact(err.Error()), a.Redact(hintOf(err))
	if code == exit.Interrupted && (errors.Is(err, prompt.ErrInterrupted) || errors.Is(err, context.Canceled)) {
		message = "interrupted: nothing was sent"
	}
	if a.WantsJSON() {
		line, _ := json.Marshal(failureOf(err, message, hint, code))
		fmt.Fprintf(a.IO.Err, "%s\n", line)
		return code
	}
	for i, line := range lines(err, message) {
		if i == 0 {
			line = "btadmin: error: " + line
		}
		fmt.Fprintln(a.IO.Err, a.Plain(line))
	}
	if hint != "" {
		fmt.Fprintln(a.IO.Err, a.Plain("hint: "+hint))
	}
	return code
}

// lines is the message, one line; only the guards, which are all reported together, have a line each.
func lines(err error, message string) []string {
	var guards *change.GuardError
	if errors.As(err, &guards) && len(guards.Findings) > 1 {
		return strings.Split(message, "\n")
	}
	return []string{message}
}

func failureOf(err error, message, hint string, code exit.Code) failure {
	f := failure{Error: message, Hint: hint, ExitCode: int(code)}
	var guards *change.GuardError
	if errors.As(err, &guards) {
		f.Guards, f.PlanHash = guards.Findings, guards.Hash
	}
	var partial *change.PartialError
	if errors.As(err, &partial) {
		f.RunID = partial.RunID
	}
	return f
}
