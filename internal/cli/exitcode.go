package cli

import (
	"context"
	"errors"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
	"btadmin/pkg/braintrust"
)

// codeOf turns an error into the exit code that scripts were promised, the most serious of joined errors first.
// What the server answered counts only where nobody has judged it already: a typed id that it says is not ours
// is bad input, however it says so.
func codeOf(err error) exit.Code {
	if err == nil {
		return exit.OK
	}
	codes := classify(err)
	if coded, ok := errors.AsType[*exit.Error](err); ok {
		codes = append(codes, coded.Code)
	}
	if len(codes) == 0 {
		return codeOfAnswer(err)
	}
	return exit.Worst(codes...)
}

// classify lists the codes that the typed errors inside err stand for.
func classify(err error) []exit.Code {
	var codes []exit.Code
	add := func(matched bool, code exit.Code) {
		if matched {
			codes = append(codes, code)
		}
	}
	add(is[*change.PartialError](err), exit.Partial)
	add(is[*change.GuardError](err) || is[*change.ForeignEditError](err) || is[*change.BusyError](err), exit.Refused)
	add(errors.Is(err, prompt.ErrInterrupted) || errors.Is(err, context.Canceled), exit.Interrupted)
	add(errors.Is(err, prompt.ErrCannotPrompt), exit.BadInput)
	add(is[*output.UsageError](err), exit.BadInput)
	add(is[*braintrust.URLError](err) || errors.Is(err, braintrust.ErrMalformedKey), exit.BadInput)
	add(is[*braintrust.LostAnswerError](err), exit.Partial)
	return codes
}

// codeOfAnswer judges what the server said, or that it said nothing.
func codeOfAnswer(err error) exit.Code {
	var api *braintrust.APIError
	switch {
	case braintrust.IsUnauthorized(err) || braintrust.IsForbidden(err): // some servers forbid with 400
		return exit.Auth
	case errors.As(err, &api) && (api.Status == 408 || api.Status == 429 || api.Status >= 500):
		return exit.Network
	case api != nil:
		return exit.Failure
	case is[*braintrust.NetworkError](err) || errors.Is(err, context.DeadlineExceeded):
		return exit.Network
	}
	return exit.Failure
}

// hintOf finds advice in an error: what to do next.
func hintOf(err error) string {
	var coded *exit.Error
	if errors.As(err, &coded) && coded.Hint != "" {
		return coded.Hint
	}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) {
		return hinter.Hint()
	}
	return ""
}

func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
