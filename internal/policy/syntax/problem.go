package syntax

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a problem makes the document unusable.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is something wrong with a document, at a place.
type Problem struct {
	At       Pos
	Severity Severity
	Message  string
	Hint     string
	// Also is another place that has to do with it, such as where a name was given first.
	Also     Pos
	AlsoText string // what is there
	// Excerpt is the line of the file with a caret below the place, "" when the place has no text.
	Excerpt string
}

// WithHint sets the hint and returns the problem.
func (p *Problem) WithHint(format string, args ...any) *Problem {
	p.Hint = fmt.Sprintf(format, args...)
	return p
}

// See adds another place that has to do with the problem.
func (p *Problem) See(at Pos, what string) *Problem {
	p.Also, p.AlsoText = at, what
	return p
}

// String is the problem as people read it: place and message, the excerpt, the other place and the hint on lines
// of their own.
func (p *Problem) String() string {
	var b strings.Builder
	if p.At.File() != "" {
		b.WriteString(p.At.String() + ": ")
	}
	if p.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	if p.Also.Known() {
		b.WriteString("\n    " + p.AlsoText + ": " + p.Also.String())
	}
	if p.Hint != "" {
		b.WriteString("\n    hint: " + p.Hint)
	}
	return b.String()
}

// mostProblems is how many problems are kept: a document with more is another kind of file.
const mostProblems = 200

// Problems collects what is wrong with one or several files, and knows their text for the excerpts. The zero
// value is ready.
type Problems struct {
	list  []*Problem
	seen  map[string]bool
	texts map[string][]byte // of the files, as they may be shown
	left  int
	errs  int
}

// Errorf notes an error at a place.
func (ps *Problems) Errorf(at Pos, format string, args ...any) *Problem {
	return ps.add(&Problem{At: at, Severity: Error, Message: fmt.Sprintf(format, args...)})
}

// Warnf notes a warning at a place.
func (ps *Problems) Warnf(at Pos, format string, args ...any) *Problem {
	return ps.add(&Problem{At: at, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}

// add keeps each problem once: what an alias stands for is looked at wherever it is used.
func (ps *Problems) add(p *Problem) *Problem {
	if p.Severity == Error {
		ps.errs++
	}
	key := p.At.String() + "\x00" + p.Message
	if ps.seen == nil {
		ps.seen = map[string]bool{}
	}
	switch {
	case ps.seen[key]:
	case len(ps.list) >= mostProblems:
		ps.left++
	default:
		ps.seen[key] = true
		ps.list = append(ps.list, p)
	}
	return p
}

// keep remembers the text of a file for excerpts.
func (ps *Problems) keep(file string, shown []byte) {
	if ps.texts == nil {
		ps.texts = map[string][]byte{}
	}
	ps.texts[file] = shown
}

// All returns the problems in the order of their places, with excerpts.
func (ps *Problems) All() []Problem {
	out := make([]Problem, len(ps.list))
	lines := map[string][]string{}
	for i, p := range ps.list {
		out[i] = *p
		file := p.At.File()
		if _, split := lines[file]; !split {
			lines[file] = splitLines(string(ps.texts[file]))
		}
		out[i].Excerpt = excerpt(lines[file], p.At)
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return a.At.Compare(b.At) })
	return out
}

// Errors counts the errors so far, which tells whether a step added one.
func (ps *Problems) Errors() int { return ps.errs }

// Left counts the problems that were not kept because there were too many.
func (ps *Problems) Left() int { return ps.left }

// Failed reports whether an error is among the problems.
func (ps *Problems) Failed() bool { return ps.errs > 0 }

// Warnings returns the problems that are no errors.
func (ps *Problems) Warnings() []Problem {
	return slices.DeleteFunc(ps.All(), func(p Problem) bool { return p.Severity == Error })
}

// Err is nil without errors, else an *InvalidError with all of them.
func (ps *Problems) Err() error {
	if !ps.Failed() {
		return nil
	}
	return &InvalidError{
		Problems: slices.DeleteFunc(ps.All(), func(p Problem) bool { return p.Severity != Error }),
		Left:     ps.left,
	}
}

// InvalidError is everything that makes a document unusable.
type InvalidError struct {
	Problems []Problem
	Left     int // how many more there were
	// What is not valid; "" is a policy.
	What string
}

// Subject names the kind of document.
func (e *InvalidError) Subject() string {
	if e.What == "" {
		return "the policy is"
	}
	return e.What
}

// Error lists every problem with its excerpt.
func (e *InvalidError) Error() string {
	var b strings.Builder
	for i := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Problems[i].String())
	}
	if e.Left > 0 {
		fmt.Fprintf(&b, "\nand %d more", e.Left)
	}
	return b.String()
}
