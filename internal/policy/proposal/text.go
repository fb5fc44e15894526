package proposal

import (
	"fmt"
	"strings"

	"btadmin/internal/accessdiff"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/text"
)

// mostNames is how many projects of a pattern are named.
const mostNames = 12

// mostReported is how much of what the document does not own is told: it must not push what changes off the screen.
const mostReported = 20

// Text is the proposal for people. Nothing in it can do harm on a terminal.
func (p *Proposal) Text() string {
	var b strings.Builder
	changes := p.Sections(true)
	writeSections(&b, changes)
	if len(changes) > 0 {
		b.WriteString("Who gains and loses access:\n")
		b.WriteString(indent(p.AccessText()))
		b.WriteString("\n")
	}
	if reported := p.Sections(false); len(reported) > 0 {
		b.WriteString("Not owned by the document, left as it is:\n")
		writeReported(&b, reported)
		b.WriteString("\n")
	}
	p.writePatterns(&b)
	p.writeTests(&b)
	if p.Review != nil && len(p.Review.Findings) > 0 {
		b.WriteString("Guards:\n")
		for _, f := range p.Review.Findings {
			fmt.Fprintf(&b, "  %s: %s%s\n", f.Guard, text.Visible(f.Message), pass(f.Bypass))
		}
		b.WriteString("\n")
	}
	b.WriteString(p.Summary() + "\n")
	if p.Review != nil {
		b.WriteString("Plan hash: " + p.Review.Hash + "\n")
	}
	return b.String()
}

func writeSections(b *strings.Builder, sections []Section) {
	for _, s := range sections {
		b.WriteString(text.Visible(s.Subject) + "\n")
		for _, e := range s.Entries {
			line := "  " + e.Sign + " " + text.Visible(e.Text)
			if at := shortPlace(e.At); at != "" {
				line = text.Pad(line, 64) + "  " + at
			}
			b.WriteString(line + "\n")
		}
		b.WriteString("\n")
	}
}

// writeReported lists what is left as it is, and counts it from mostReported on.
func writeReported(b *strings.Builder, sections []Section) {
	n := 0
	for _, s := range sections {
		for _, e := range s.Entries {
			if n++; n <= mostReported {
				fmt.Fprintf(b, "  %s: %s\n", text.Visible(s.Subject), text.Visible(e.Text))
			}
		}
	}
	if n > mostReported {
		fmt.Fprintf(b, "  and %d more, which btadmin policy drift lists\n", n-mostReported)
	}
}

// shortPlace is FILE:LINE.
func shortPlace(at document.Pos) string {
	if !at.Known() || at.File() == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", text.Visible(at.File()), at.Line())
}

// AccessText is who gains and loses what, in sentences.
func (p *Proposal) AccessText() string {
	if s := accessdiff.Text(p.Access, p.Names); s != "" {
		return s
	}
	return "nobody\n"
}

func indent(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSuffix(lines, "\n") + "\n") {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

func (p *Proposal) writePatterns(b *strings.Builder) {
	if len(p.Result.Matches) == 0 {
		return
	}
	b.WriteString("Patterns:\n")
	for _, m := range p.Result.Matches {
		fmt.Fprintf(b, "  %s: %s matches %s\n", text.Visible(m.Group), text.Visible(m.Pattern), text.Visible(matched(m)))
	}
	b.WriteString("\n")
}

// matched says what a pattern stands for, and what of it is new.
func matched(m reconcile.Match) string {
	if len(m.Projects) == 0 {
		return "no project"
	}
	s := text.Count(len(m.Projects), "project") + ": " + names(m.Projects)
	if len(m.New) > 0 {
		s += "; new: " + names(m.New)
	}
	return s
}

func names(all []string) string {
	if len(all) <= mostNames {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:mostNames], ", "), len(all)-mostNames)
}

func (p *Proposal) writeTests(b *strings.Builder) {
	all := len(p.Tests.Results)
	if all == 0 {
		return
	}
	b.WriteString(p.tested() + "\n")
	for _, r := range p.Failed() {
		fmt.Fprintf(b, "  FAILED %s  %s\n", text.Visible(r.Test.Name.Value), shortPlace(r.Test.At))
		b.WriteString(assert.Details(r, p.Names, "    "))
	}
	b.WriteString("\n")
}

// tested says how many tests of the document hold.
func (p *Proposal) tested() string {
	all, failed := len(p.Tests.Results), len(p.Failed())
	return fmt.Sprintf("Tests on the planned state: %d passed, %d failed", all-failed, failed)
}

// Failed are the tests that do not hold.
func (p *Proposal) Failed() []*assert.Result { return Failed(p.Tests) }

// Failed are the tests that do not hold.
func Failed(report *assert.Report) []*assert.Result {
	var out []*assert.Result
	for i := range report.Results {
		if r := &report.Results[i]; !r.Passed() {
			out = append(out, r)
		}
	}
	return out
}

// pass says what lets a guard's finding pass.
func pass(bypass string) string {
	switch bypass {
	case "override":
		return " (an override is possible)"
	case "approve", "exposure":
		return " (needs an approval)"
	case "confirm":
		return " (needs a confirmation)"
	}
	return " (never passes)"
}

// Summary counts what is done in one sentence.
func (p *Proposal) Summary() string {
	org := text.Visible(p.Before.Snapshot.Organization.Name)
	if !p.Result.Changes() {
		return "No changes: " + org + " is as the document asks."
	}
	return "Plan for " + org + ": " + p.planned() + "."
}

// Done counts what an apply has done, all of which was confirmed.
func (p *Proposal) Done() string {
	return p.counted("%d created", "%d changed", "%d added", "%d removed", "%d deleted")
}

func (p *Proposal) planned() string {
	return p.counted("%d to create", "%d to change", "%d to add", "%d to remove", "%d to delete")
}

// counted is how many things of each sort there are, without those of which there is none.
func (p *Proposal) counted(create, update, add, remove, deleted string) string {
	c := p.Counts()
	var parts []string
	for _, part := range []struct {
		n      int
		format string
	}{{c.Create, create}, {c.Update, update}, {c.Add, add}, {c.Remove, remove}, {c.Delete, deleted}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf(part.format, part.n))
		}
	}
	return strings.Join(parts, ", ")
}
