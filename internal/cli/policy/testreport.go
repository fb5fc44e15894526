package policy

import (
	"strconv"
	"strings"

	"btadmin/internal/junit"
	"btadmin/internal/output"
	"btadmin/internal/policy/assert"
)

func (x *tested) printJUnit(p *output.Printer) error {
	suites := []junit.Suite{assert.JUnit(x.report)}
	if x.gains != nil {
		suites = append(suites, x.gains.junit())
	}
	var b strings.Builder
	if err := junit.Write(&b, suites...); err != nil {
		return err
	}
	return output.Document(p, b.String())
}

// annotations are what fails and what is doubtful, at the lines of the tests.
func (x *tested) annotations(strict bool) []output.Annotation {
	var list []output.Annotation
	for i := range x.report.Results {
		r := &x.report.Results[i]
		at := output.Annotation{File: r.Test.At.File(), Line: r.Test.At.Line(), Column: r.Test.At.Column(), Title: "policy test: " + r.Test.Name.Value}
		if !r.Passed() {
			at.Level, at.Message = "error", assert.Details(r, x.report.Names, "")
			list = append(list, at)
		}
		for _, w := range r.Warnings {
			at.Level, at.Message = "warning", w
			if strict {
				at.Level = "error"
			}
			list = append(list, at)
		}
	}
	if x.gains != nil && x.gains.any() {
		list = append(list, output.Annotation{Level: "error", File: x.gains.baseline, Title: "new access", Message: x.gains.text()})
	}
	return list
}

func (x *tested) rows() []testRow {
	var rows []testRow
	for i := range x.report.Results {
		r := &x.report.Results[i]
		rows = append(rows, testRow{
			File: r.Test.At.File(), Line: r.Test.At.Line(), Name: r.Test.Name.Value, Passed: r.Passed(),
			Failures: len(r.Failures) + len(r.Problems), Summary: assert.Summary(r, x.report),
		})
	}
	if x.gains != nil {
		rows = append(rows, testRow{
			File: x.gains.baseline, Name: noNewAccess, Passed: !x.gains.any(), Failures: len(x.gains.report.Changes), Summary: x.gains.summary(),
		})
	}
	return rows
}

func testColumns() []output.Column[testRow] {
	return []output.Column[testRow]{
		{Field: "file", Text: func(r testRow) string { return r.File }},
		{Field: "line", Text: func(r testRow) string { return strconv.Itoa(r.Line) }},
		{Field: "name", Text: func(r testRow) string { return r.Name }},
		{Field: "passed", Text: func(r testRow) string { return strconv.FormatBool(r.Passed) }},
		{Field: "failures", Text: func(r testRow) string { return strconv.Itoa(r.Failures) }},
		{Field: "summary", Text: func(r testRow) string { return r.Summary }},
	}
}
