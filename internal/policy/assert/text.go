package assert

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/explain"
	"btadmin/internal/text"
)

// How much of one test is shown to people: failures with their reasons, and failures at all.
const (
	shownReasons  = 5
	shownFailures = 20
)

// Text is a report for people: the tests that do not hold, each with its place in the document, who fails it and why;
// then the warnings. It is "" when there is nothing to tell.
func Text(r *Report) string {
	var b strings.Builder
	for i := range r.Results {
		if x := &r.Results[i]; !x.Passed() {
			fmt.Fprintf(&b, "%s: FAILED: %s\n", x.Test.At, text.Visible(x.Test.Name.Value))
			b.WriteString(Details(x, r.Names, "  "))
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		for _, w := range x.Warnings {
			fmt.Fprintf(&b, "%s: warning: %s: %s\n", x.Test.At, text.Visible(x.Test.Name.Value), text.Visible(w))
		}
	}
	return b.String()
}

// Details are the failures of one test with their reasons, every line indented.
func Details(x *Result, n explain.Names, indent string) string {
	var b strings.Builder
	for _, p := range x.Problems {
		fmt.Fprintf(&b, "%s%s\n", indent, text.Visible(p))
	}
	for i := range x.Failures[:min(len(x.Failures), shownFailures)] {
		f := &x.Failures[i]
		fmt.Fprintf(&b, "%s%s\n", indent, Sentence(f, n))
		if f.At.Known() {
			fmt.Fprintf(&b, "%s  %s\n", indent, f.At)
		}
		if i < shownReasons {
			b.WriteString(reasons(f, n, indent+"  "))
		}
	}
	if more := len(x.Failures) - shownFailures; more > 0 {
		fmt.Fprintf(&b, "%sand %d more\n", indent, more)
	}
	return b.String()
}

// reasons shows the ways to what is held, or those that come nearest to what is missing. Permissions with the same
// reasons share one tree.
func reasons(f *Failure, n explain.Names, indent string) string {
	const slot = "\x00" // stands for the permissions while trees are compared
	var trees []string
	var held [][]string
	for _, e := range f.Why {
		one := explain.Tree(explain.Paths(e.Paths, n), slot, indent)
		switch {
		case f.byMembership(e):
			one = indent + slot + ": every member may, without a grant\n"
		case len(e.Paths) == 0 && len(e.Near) > 0:
			one = indent + "nearest:\n" + explain.Tree(explain.Paths(e.Near, n), slot, indent)
		}
		i := slices.Index(trees, one)
		if i < 0 {
			i = len(trees)
			trees, held = append(trees, one), append(held, nil)
		}
		held[i] = append(held[i], string(e.Permission))
	}
	var b strings.Builder
	for i, t := range trees {
		b.WriteString(strings.ReplaceAll(t, slot, strings.Join(held[i], ", ")))
	}
	return b.String()
}
