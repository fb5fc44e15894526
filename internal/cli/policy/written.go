package policy

import (
	"bytes"
	"fmt"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// remarks are what stands in a document beside what it asks for.
type remarks struct {
	top      []string            // comments at the top
	sections map[string][]string // comments above a section
	tail     string              // lines at the end
}

// layOut is what a document asks for as text in the canonical layout, with remarks.
func layOut(a *app.App, doc *document.Document, r remarks) ([]byte, error) {
	var raw bytes.Buffer
	streams := *a.IO
	streams.Out, streams.OutFile = &raw, nil
	p, err := output.New(&streams, output.Options{Format: output.FormatYAML})
	if err != nil {
		return nil, err
	}
	if err := output.Value(p, doc); err != nil {
		return nil, err
	}
	body, err := syntax.Inline(raw.Bytes())
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	comment(&b, r.top)
	if len(r.top) > 0 {
		b.WriteString("\n")
	}
	for line := range strings.Lines(string(body)) {
		if section, _, found := strings.Cut(line, ":"); found && (strings.HasSuffix(line, ":\n") || strings.HasSuffix(line, ": {}\n")) && !strings.HasPrefix(section, " ") {
			b.WriteString("\n")
			comment(&b, r.sections[section])
		}
		b.WriteString(line)
	}
	b.WriteString(r.tail)
	var problems syntax.Problems
	layout := syntax.Format("the document", []byte(b.String()), &problems)
	if err := problems.Err(); err != nil { // too large, or a bug: a name that YAML cannot hold
		return nil, exit.New(exit.Failure, fmt.Errorf("write the document: %w", err))
	}
	return layout, nil
}

func comment(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(strings.TrimSuffix("# "+text.Visible(line), " ") + "\n")
	}
}

// shortened leaves out what the defaults say anyway.
func shortened(doc *document.Document) *document.Document {
	for i := range doc.Groups.Entries {
		g := &doc.Groups.Entries[i].Value
		if g.Memberships.Value == "exact" {
			g.Memberships = document.Text{}
		}
		if g.Grants.Value == "exact" {
			g.Grants = document.Text{}
		}
	}
	for i := range doc.ServiceAccounts.Entries {
		if a := &doc.ServiceAccounts.Entries[i].Value; a.Grants.Value == "exact" {
			a.Grants = document.Text{}
		}
	}
	return doc
}

// origin says in comments where a document is from. A live organization has no time there, so that one in which nothing
// has changed is the same text, and a commit of it is empty.
func origin(v *orgview.View) []string {
	line := fmt.Sprintf("The access of the organization %s on %s", v.Snapshot.Organization.Name, v.Meta.Host)
	if v.Meta.File != "" {
		line += ", as it was at " + output.Time(v.Meta.Taken)
	}
	return []string{line + "."}
}

// mostLeft is how many of the things that no document can say are listed.
const mostLeft = 50

// leftOut lists in comments what no document can say.
func leftOut(left []string) []string {
	if len(left) == 0 {
		return nil
	}
	lines := []string{"", "Not in this document, and left alone by policy apply (roles given to one person, and what no document can say):"}
	for i, line := range left {
		if i == mostLeft {
			lines = append(lines, fmt.Sprintf("  and %d more", len(left)-mostLeft))
			break
		}
		lines = append(lines, "  "+line)
	}
	return lines
}
