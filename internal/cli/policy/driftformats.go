package policy

import (
	"strings"

	"btadmin/internal/junit"
	"btadmin/internal/output"
	"btadmin/internal/sarif"
)

// driftRules describes the ways to differ.
func driftRules() []sarif.Rule {
	return []sarif.Rule{
		{ID: missing, Short: "The organization lacks what the document asks for", Full: "Somebody has taken it away, or the document was not applied. policy apply adds it.", Level: sarif.LevelError},
		{ID: unexpected, Short: "The organization has what the document does not ask for", Full: "Somebody has added it beside the document. policy apply takes it away; write it into the document to keep it.", Level: sarif.LevelError},
		{ID: changed, Short: "The organization differs from the document", Full: "Somebody has changed it beside the document. policy apply changes it back.", Level: sarif.LevelError},
		{ID: absent, Short: "The document names somebody or something that is not there", Full: "Somebody has removed or renamed it. policy apply refuses the document until it is taken out or is there again.", Level: sarif.LevelError},
		{ID: unlisted, Short: "The document does not own this", Full: "It is there, and the document says nothing about it: an apply leaves it as it is.", Level: sarif.LevelNote},
	}
}

func writeSARIF(p *output.Printer, version string, doc *driftDocument) error {
	run := sarif.Run{Version: version, Rules: driftRules()}
	for _, d := range doc.Differences {
		result := sarif.Result{
			Rule: d.Rule, Message: d.Summary, File: d.File, Line: d.Line, Column: d.Column, Logical: []string{d.Subject},
			Fingerprint: sarif.Fingerprint(d.Rule, d.Kind+"\x00"+d.Subject+"\x00"+d.Detail),
		}
		if !d.Owned && doc.Strict {
			result.Level = sarif.LevelError
		}
		run.Results = append(run.Results, result)
	}
	var b strings.Builder
	if err := sarif.Write(&b, run); err != nil {
		return err
	}
	return output.Document(p, b.String())
}

// writeJUnit makes a case of each difference; without any, of there being none.
func writeJUnit(p *output.Printer, doc *driftDocument) error {
	suite := junit.Suite{Name: "btadmin policy drift " + doc.Organization}
	for _, d := range doc.Differences {
		one := junit.Case{Class: d.Subject, Name: d.Summary, File: d.File, Line: d.Line}
		if d.Owned || doc.Strict {
			one.Failure = &junit.Failure{Message: d.Summary, Text: d.Rule}
		}
		suite.Cases = append(suite.Cases, one)
	}
	if len(suite.Cases) == 0 {
		suite.Cases = append(suite.Cases, junit.Case{Class: doc.Organization, Name: "is as the document asks"})
	}
	var b strings.Builder
	if err := junit.Write(&b, suite); err != nil {
		return err
	}
	return output.Document(p, b.String())
}

// driftAnnotations are the differences beside the lines of the document; what does not count is only a notice.
func driftAnnotations(doc *driftDocument) []output.Annotation {
	var list []output.Annotation
	for _, d := range doc.Differences {
		level := "notice"
		if d.Owned || doc.Strict {
			level = "error"
		}
		list = append(list, output.Annotation{
			Level: level, File: d.File, Line: d.Line, Column: d.Column, Title: "policy drift", Message: d.Rule + ": " + d.Summary,
		})
	}
	return list
}
