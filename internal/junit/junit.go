// Package junit writes results in the XML that JUnit's Ant task began and that CI systems show as tests: suites of
// cases, each with its failure. There is no standard; this is what GitLab, Jenkins, CircleCI and Azure read alike.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
)

// Suite is a group of cases.
type Suite struct {
	Name  string
	Cases []Case
}

// Case is one thing that was checked.
type Case struct {
	Class, Name string
	File        string // where it is written, "" when nowhere
	Line        int
	// Failure is nil when the case holds.
	Failure *Failure
	// Output is what is to be told beside the result.
	Output string
}

// Failure is why a case does not hold.
type Failure struct {
	Message string // one line
	Text    string
}

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Cases    []testcase `xml:"testcase"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	File    string   `xml:"file,attr,omitempty"`
	Line    int      `xml:"line,attr,omitempty"`
	Failure *failure `xml:"failure"`
	Output  string   `xml:"system-out,omitempty"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// Write writes suites as one document. Characters that XML cannot hold become U+FFFD.
func Write(w io.Writer, list ...Suite) error {
	out := suites{}
	for _, s := range list {
		one := suite{Name: s.Name, Tests: len(s.Cases)}
		for _, c := range s.Cases {
			t := testcase{Class: c.Class, Name: c.Name, File: c.File, Line: c.Line, Output: c.Output}
			if c.Failure != nil {
				one.Failures++
				t.Failure = &failure{Message: c.Failure.Message, Type: "failure", Text: c.Failure.Text}
			}
			one.Cases = append(one.Cases, t)
		}
		out.Tests += one.Tests
		out.Failures += one.Failures
		out.Suites = append(out.Suites, one)
	}
	data, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}
