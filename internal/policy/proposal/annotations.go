package proposal

import (
	"strings"

	"btadmin/internal/output"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
)

// Annotations are remarks about the lines of the document: what would change, what a guard or a test says, what is
// doubtful.
func (p *Proposal) Annotations() []output.Annotation {
	var out []output.Annotation
	add := func(level string, at document.Pos, title, message string) {
		if at.File() == "" && len(p.Policy.Files) > 0 {
			at = syntax.At(p.Policy.Files[0], 1, 1)
		}
		out = append(out, output.Annotation{Level: level, File: at.File(), Line: at.Line(), Column: at.Column(), Title: title, Message: message})
	}
	if p.Review != nil {
		for _, f := range p.Review.Findings {
			level := "error"
			if f.Bypass == "confirm" {
				level = "warning"
			}
			add(level, document.Pos{}, "guard "+f.Guard, f.Message+pass(f.Bypass))
		}
	}
	for _, r := range p.Failed() {
		add("error", r.Test.At, "policy test", r.Test.Name.Value+"\n"+strings.TrimSuffix(assert.Details(r, p.Names, ""), "\n"))
	}
	for _, w := range p.Remarks() {
		add("warning", w.At, "policy", w.Message)
	}
	for _, s := range p.Sections(true) {
		for _, e := range s.Entries {
			add("notice", e.At, "policy plan", s.Subject+": "+e.Sign+" "+e.Text)
		}
	}
	add("notice", document.Pos{}, "policy plan", p.Summary())
	return out
}
