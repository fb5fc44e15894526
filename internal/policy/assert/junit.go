package assert

import (
	"fmt"
	"strings"

	"btadmin/internal/junit"
	"btadmin/internal/text"
)

// JUnit is a report as a suite: a case for each test.
func JUnit(r *Report) junit.Suite {
	suite := junit.Suite{Name: "policy tests"}
	for i := range r.Results {
		x := &r.Results[i]
		c := junit.Case{
			Class: x.Test.At.File(), Name: text.Visible(x.Test.Name.Value), File: x.Test.At.File(), Line: x.Test.At.Line(),
			Output: text.Visible(strings.Join(x.Warnings, "; ")),
		}
		if !x.Passed() {
			c.Failure = &junit.Failure{Message: Summary(x, r), Text: x.Test.At.String() + "\n" + Details(x, r.Names, "")}
		}
		suite.Cases = append(suite.Cases, c)
	}
	return suite
}

// Summary says in one line why a test fails, "" when it does not.
func Summary(x *Result, r *Report) string {
	var first string
	switch {
	case len(x.Problems) > 0:
		first = text.Visible(x.Problems[0])
	case len(x.Failures) > 0:
		first = Sentence(&x.Failures[0], r.Names)
	}
	if more := len(x.Problems) + len(x.Failures) - 1; more > 0 {
		return fmt.Sprintf("%s, and %d more", first, more)
	}
	return first
}
