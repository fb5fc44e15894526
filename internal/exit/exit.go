// Package exit holds the exit codes that btadmin promises to scripts, and the error that carries one
// together with a hint.
package exit

import (
	"errors"
	"fmt"
)

// Code is a process exit code. The values are a contract: docs/scripting.md.
type Code int

// The exit codes; 0 to 4 are those of the official Braintrust CLI.
const (
	OK          Code = 0
	Failure     Code = 1   // any other error
	Auth        Code = 2   // not authenticated or not permitted
	Network     Code = 3   // network, timeout, 429 or 5xx after retries, and nothing was changed
	BadInput    Code = 4   // usage, unknown or ambiguous name, invalid file, missing --yes
	Partial     Code = 5   // something was changed or may have been, the end state is not proven
	No          Code = 6   // "no", differences, findings
	Refused     Code = 7   // refused by a guard, stale plan or lock held; nothing was sent
	Bug         Code = 70  // a panic
	Interrupted Code = 130 // interrupted or declined, nothing was sent
)

// rank orders codes when several apply: the first found here wins.
var rank = [...]Code{Bug, Partial, Refused, Interrupted, Auth, Network, BadInput, No, Failure}

// Worst returns the code that wins when all of codes apply; OK when there is none.
func Worst(codes ...Code) Code {
	for _, candidate := range rank {
		for _, c := range codes {
			if c == candidate {
				return candidate
			}
		}
	}
	return OK
}

// Error is an error with an exit code and, where one helps, a hint: what to do next, preferably a
// command that can be pasted.
type Error struct {
	Code Code
	Err  error
	Hint string
}

// Error returns the message of the wrapped error; a nil one has none and is not printed.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.Err }

// WithHint sets the hint and returns the error.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// BadInputf makes an error of code 4.
func BadInputf(format string, args ...any) *Error {
	return &Error{Code: BadInput, Err: fmt.Errorf(format, args...)}
}

// New wraps err with a code.
func New(code Code, err error) *Error { return &Error{Code: code, Err: err} }

// Newf makes an error with a code.
func Newf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// Silent ends the program with code and no message: the answer has been printed already.
func Silent(code Code) error { return &Error{Code: code} }

// IsSilent reports whether err only carries a code.
func IsSilent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Err == nil
}
