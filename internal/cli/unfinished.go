package cli

import (
	"errors"
	"fmt"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
)

// mostUnfinished is how many changes that were not carried through are printed for people; JSON has all.
const mostUnfinished = 20

// unfinished is a change that a run did not carry through, as --json shows it.
type unfinished struct {
	Step   int           `json:"step"`
	Lines  []change.Line `json:"lines"`
	Reason string        `json:"reason"`
}

// unfinishedOf finds in an error what failed, what was left alone because somebody else had changed it, and how many
// changes were not begun.
func unfinishedOf(err error) (failed, skipped []change.Unfinished, left int) {
	if partial, ok := errors.AsType[*change.PartialError](err); ok {
		return partial.Failed, partial.Skipped, partial.Left
	}
	if several, ok := errors.AsType[*change.FailuresError](err); ok {
		failed = several.Failed
	}
	if foreign, ok := errors.AsType[*change.ForeignEditError](err); ok {
		skipped = foreign.Skipped
	}
	return failed, skipped, 0
}

func shownUnfinished(a *app.App, list []change.Unfinished) []unfinished {
	var out []unfinished
	for _, u := range list {
		out = append(out, unfinished{Step: u.Step, Lines: u.Lines, Reason: a.Redact(u.Err.Error())})
	}
	return out
}

// unfinishedLines lists for people what was not carried through, when it is more than the message says.
func unfinishedLines(a *app.App, err error) []string {
	failed, skipped, left := unfinishedOf(err)
	var out []string
	list := func(what string, all []change.Unfinished) {
		for _, u := range all {
			line := fmt.Sprintf("  %s: %s", what, u.Lines[0].String())
			if more := len(u.Lines) - 1; more > 0 {
				line += fmt.Sprintf(" (and %d more)", more)
			}
			out = append(out, a.Redact(line+": "+u.Err.Error()))
		}
	}
	if len(failed) > 1 {
		list("failed", failed)
	}
	list("left alone", skipped)
	if len(out) > mostUnfinished {
		out = append(out[:mostUnfinished], fmt.Sprintf("  and %d more; --json lists all", len(out)-mostUnfinished))
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("  not begun: %d", left))
		out = append(out, restLines(a, err)...)
	}
	return out
}

// mostRest is how many of the changes that were not begun are printed.
const mostRest = 5

// restLines are the first of the changes that were not begun.
func restLines(a *app.App, err error) []string {
	partial, ok := errors.AsType[*change.PartialError](err)
	if !ok {
		return nil
	}
	var out []string
	lines := 0
	for _, u := range partial.Rest {
		for _, line := range u.Lines {
			if lines++; lines <= mostRest {
				out = append(out, a.Redact("    "+line.String()))
			}
		}
	}
	if lines > mostRest {
		out = append(out, "    ...")
	}
	return out
}

// unjournaled are the outcomes that a run could not write to its journal any more (D17): several requests may have
// been in flight.
func unjournaled(err error) []journal.Entry {
	var out []journal.Entry
	switch e := err.(type) { //nolint:errorlint // the whole tree is walked, one node at a time
	case nil:
	case *journal.WriteError:
		if e.Entry.Type == journal.Outcome {
			out = append(out, e.Entry)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			out = append(out, unjournaled(inner)...)
		}
	default:
		return unjournaled(errors.Unwrap(err))
	}
	return out
}
