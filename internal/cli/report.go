package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
	"btadmin/internal/text"
)

// failure is an error as --json shows it: one object on stderr.
type failure struct {
	Error    string `json:"error"`
	Hint     string `json:"hint,omitempty"`
	ExitCode int    `json:"exit_code"`
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
	if errors.Is(err, prompt.ErrInterrupted) {
		message = "interrupted: nothing was sent"
	}
	if a.WantsJSON() {
		line, _ := json.Marshal(failure{Error: message, Hint: hint, ExitCode: int(code)})
		fmt.Fprintf(a.IO.Err, "%s\n", line)
		return code
	}
	fmt.Fprintf(a.IO.Err, "btadmin: error: %s\n", text.Visible(message))
	if hint != "" {
		fmt.Fprintf(a.IO.Err, "hint: %s\n", text.Visible(hint))
	}
	return code
}
