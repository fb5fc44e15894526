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

// codeOf turns an error into the exit code that scripts were promised. An error that carries its code
// wins; otherwise its type decides, the most serious of joined errors first.
func codeOf(err error) exit.Code {
	if err == nil {
		return exit.OK
	}
	var coded *exit.Error
	if errors.As(err, &coded) {
		return exit.Worst(append(classify(err), coded.Code)...)
	}
	codes := classify(err)
	if len(codes) == 0 {
		return exit.Failure
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
	add(is[*change.GuardError](err), exit.Refused)
	add(errors.Is(err, prompt.ErrInterrupted) || errors.Is(err, context.Canceled), exit.Interrupted)
	add(errors.Is(err, prompt.ErrCannotPrompt), exit.BadInput)
	add(is[*output.UsageError](err), exit.BadInput)
	add(is[*braintrust.URLError](err) || errors.Is(err, braintrust.ErrMalformedKey), exit.BadInput)
	add(is[*braintrust.LostAnswerError](err), exit.Partial)
	if len(codes) > 0 {
		return codes
	}
	var api *braintrust.APIError
	if errors.As(err, &api) {
		return []exit.Code{codeOfStatus(api.Status)}
	}
	add(is[*braintrust.NetworkError](err) || errors.Is(err, context.DeadlineExceeded), exit.Network)
	return codes
}

func codeOfStatus(status int) exit.Code {
	switch {
	case status == 401 || status == 403:
		return exit.Auth
	case status == 408 || status == 429 || status >= 500:
		return exit.Network
	case status == 404 || status == 400 || status == 409 || status == 422:
		return exit.Failure
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
