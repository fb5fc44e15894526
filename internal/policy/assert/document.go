package assert

import (
	"fmt"
	"strings"

	"btadmin/internal/accessdiff"
	"btadmin/internal/explain"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Document is a report for JSON. Fields are added, never renamed.
type Document struct {
	Passed bool           `json:"passed"`
	Failed int            `json:"failed"` // tests
	Tests  []TestDocument `json:"tests"`
}

// TestDocument is what became of one test.
type TestDocument struct {
	Name     string            `json:"name"`
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Column   int               `json:"column"`
	Passed   bool              `json:"passed"`
	Checked  int               `json:"checked"` // how many questions were asked
	Failures []FailureDocument `json:"failures"`
	Problems []string          `json:"problems"` // why it could not be judged
	Warnings []string          `json:"warnings"`
}

// FailureDocument is one principal for whom a test does not hold.
type FailureDocument struct {
	Summary     string            `json:"summary"` // a sentence
	Principal   explain.Principal `json:"principal"`
	Holds       bool              `json:"holds"`       // false: lacks
	Permission  string            `json:"permission"`  // the word of the test, "" for annotations
	Permissions []string          `json:"permissions"` // those of the word that are held or missing
	On          string            `json:"on"`
	OnType      string            `json:"on_type"`
	OnID        string            `json:"on_id"`
	ChildType   string            `json:"child_type"` // what is in it, "" for the thing itself
	Reasons     []ReasonDocument  `json:"reasons"`    // only for the first hundred failures of a test
	File        string            `json:"file"`       // of an annotation that is missing
	Line        int               `json:"line"`
}

// ReasonDocument is why one permission is held, or what comes nearest.
type ReasonDocument struct {
	Permission string         `json:"permission"`
	Paths      []explain.Path `json:"paths"`
	Near       []explain.Path `json:"near"` // the same permission, restricted to another type
	// ByMembership: no grant gives it and none is needed, because every member may.
	ByMembership bool `json:"by_membership"`
}

// Documents puts a report into a Document.
func Documents(r *Report) Document {
	out := Document{Failed: r.Failed(), Passed: r.Failed() == 0, Tests: []TestDocument{}}
	for i := range r.Results {
		x := &r.Results[i]
		t := TestDocument{
			Name: x.Test.Name.Value, File: x.Test.At.File(), Line: x.Test.At.Line(), Column: x.Test.At.Column(), Passed: x.Passed(), Checked: x.Asked,
			Failures: []FailureDocument{}, Problems: append([]string{}, x.Problems...), Warnings: append([]string{}, x.Warnings...),
		}
		for j := range x.Failures {
			t.Failures = append(t.Failures, failureDocument(&x.Failures[j], r.Names))
		}
		out.Tests = append(out.Tests, t)
	}
	return out
}

func failureDocument(f *Failure, n explain.Names) FailureDocument {
	out := FailureDocument{
		Summary: Sentence(f, n), Principal: explain.Principals([]access.Principal{f.Principal}, n)[0], Holds: f.Holds,
		Permission: f.Word, Permissions: []string{}, OnType: string(f.Node.Type), OnID: f.Node.ID, ChildType: string(f.Child),
		Reasons: []ReasonDocument{}, File: f.At.File(), Line: f.At.Line(),
	}
	if f.Message == "" {
		out.On = n.Node(f.Node)
	}
	for _, p := range f.Permissions {
		out.Permissions = append(out.Permissions, string(p))
	}
	for _, e := range f.Why {
		out.Reasons = append(out.Reasons, ReasonDocument{
			Permission: string(e.Permission), Paths: explain.Paths(e.Paths, n), Near: explain.Paths(e.Near, n), ByMembership: f.byMembership(e),
		})
	}
	return out
}

// Sentence says who fails a test and how: user:kim@example.com has read on logs:Chatbot, and must not. Names in it are
// harmless.
func Sentence(f *Failure, n explain.Names) string {
	who := text.Visible(n.Principal(f.Principal))
	if f.Message != "" {
		return who + " " + f.Message
	}
	words := strings.Join(accessdiff.Words(f.Permissions), ", ")
	where := text.Visible(n.Node(f.Node))
	switch f.Child {
	case "":
		where = "on " + where
	case braintrust.ObjectProject:
		where = "on every project, those to come included"
	default:
		where = "for " + explain.Restriction(string(f.Child)) + " in " + where
	}
	if f.Holds {
		return fmt.Sprintf("%s has %s %s, and must not", who, words, where)
	}
	return fmt.Sprintf("%s does not have %s %s", who, words, where)
}
