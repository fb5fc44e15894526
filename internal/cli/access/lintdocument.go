package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/orgview"
	"btadmin/internal/sarif"
	"btadmin/internal/text"
	"btadmin/pkg/access/lint"
)

// lintDocument is everything that was found. Fields are added, never renamed.
type lintDocument struct {
	Findings []lintFinding `json:"findings"` // the worst first
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Notes    int           `json:"notes"`
	Ignored  int           `json:"ignored"` // left out by --ignore
	Skipped  []lintSkip    `json:"skipped"` // rules that could not be applied
}

type lintSkip struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// lintFinding is one finding.
type lintFinding struct {
	Rule        string        `json:"rule"`
	Severity    string        `json:"severity"` // error, warning or note
	Title       string        `json:"title"`
	Message     string        `json:"message"`
	Subjects    []lintSubject `json:"subjects"`
	ACLIDs      []string      `json:"acl_ids"`
	CoveredBy   []string      `json:"covered_by"` // grants that make a redundant one so; looked up for the first ones
	TokenIDs    []string      `json:"token_ids"`
	Fix         []string      `json:"fix"` // command lines, quoted for a POSIX shell
	Fingerprint string        `json:"fingerprint"`
}

// lintSubject is a principal or an object that a finding is about.
type lintSubject struct {
	Ref  string `json:"ref"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

func lintDocumentOf(report *lint.Report, names lint.Names) *lintDocument {
	titles := map[string]string{}
	for _, rule := range lint.Rules() {
		titles[rule.ID] = rule.Title
	}
	doc := &lintDocument{Findings: []lintFinding{}, Skipped: []lintSkip{}}
	for _, f := range report.Findings {
		row := lintFinding{
			Rule: f.Rule, Severity: string(f.Severity), Title: titles[f.Rule], Message: f.Message, Subjects: []lintSubject{},
			ACLIDs: orEmpty(f.ACLs), CoveredBy: orEmpty(f.CoveredBy), TokenIDs: orEmpty(f.Tokens), Fix: []string{},
			Fingerprint: sarif.Fingerprint(f.Rule, f.Key()),
		}
		for _, p := range f.Principals {
			row.Subjects = append(row.Subjects, lintSubject{Ref: names.Principal(p), Type: string(p.Kind), ID: p.ID})
		}
		for _, n := range f.Nodes {
			if n.ID != "" {
				row.Subjects = append(row.Subjects, lintSubject{Ref: names.Node(n), Type: string(n.Type), ID: n.ID})
			}
		}
		for _, command := range f.Fix {
			row.Fix = append(row.Fix, text.ShellLine(command...))
		}
		doc.Findings = append(doc.Findings, row)
	}
	for _, s := range report.Skipped {
		doc.Skipped = append(doc.Skipped, lintSkip{Rule: s.Rule, Reason: s.Reason})
	}
	doc.count()
	return doc
}

func orEmpty(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func (d *lintDocument) count() {
	d.Errors, d.Warnings, d.Notes = 0, 0, 0
	for _, f := range d.Findings {
		switch lint.Severity(f.Severity) {
		case lint.Error:
			d.Errors++
		case lint.Warning:
			d.Warnings++
		case lint.Note:
			d.Notes++
		}
	}
}

// worst is the rank of the worst finding, 0 without one.
func (d *lintDocument) worst() int {
	worst := 0
	for _, f := range d.Findings {
		worst = max(worst, lint.Severity(f.Severity).Rank())
	}
	return worst
}

// leaveOut takes out what is ignored: a rule, or a rule for one subject.
func (d *lintDocument) leaveOut(ignore []string) {
	before := len(d.Findings)
	d.Findings = slices.DeleteFunc(d.Findings, func(f lintFinding) bool {
		return slices.ContainsFunc(ignore, func(one string) bool { return f.isMeant(one) })
	})
	d.Ignored = before - len(d.Findings)
	d.count()
}

// isMeant reports whether RULE or RULE:SUBJECT means the finding. A subject is its reference or its id.
func (f lintFinding) isMeant(ignore string) bool {
	rule, subject, some := strings.Cut(ignore, ":")
	if rule != f.Rule || !some {
		return rule == f.Rule
	}
	if short, is := strings.CutPrefix(subject, "sa:"); is {
		subject = "service-account:" + short
	}
	return slices.ContainsFunc(f.Subjects, func(s lintSubject) bool { return s.Ref == subject || s.ID == subject })
}

// Of one rule a person reads so many findings, and of one finding so many commands; the rest is in the JSON.
const (
	mostFindings = 20
	mostCommands = 3
)

// renderLint is the report for people: by rule, the worst first, each finding with the commands that mend it.
func renderLint(doc *lintDocument) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, %s", counted(doc.Errors, "error"), counted(doc.Warnings, "warning"), counted(doc.Notes, "note"))
	if doc.Ignored > 0 {
		fmt.Fprintf(&b, "; %d ignored", doc.Ignored)
	}
	b.WriteString("\n")
	for first := 0; first < len(doc.Findings); {
		last := first
		for last < len(doc.Findings) && doc.Findings[last].Rule == doc.Findings[first].Rule {
			last++
		}
		renderRule(&b, doc.Findings[first:last])
		first = last
	}
	return b.String()
}

func renderRule(b *strings.Builder, findings []lintFinding) {
	fmt.Fprintf(b, "\n%s: %s [%s]: %d\n", findings[0].Severity, findings[0].Title, findings[0].Rule, len(findings))
	for i, f := range findings {
		if i == mostFindings {
			fmt.Fprintf(b, "  and %d more: --rule %s --json has all\n", len(findings)-i, f.Rule)
			break
		}
		fmt.Fprintf(b, "  %s\n", text.Visible(f.Message))
		for j, command := range f.Fix {
			if j == mostCommands {
				fmt.Fprintf(b, "      and %d more commands: --json has all\n", len(f.Fix)-j)
				break
			}
			fmt.Fprintf(b, "      %s\n", text.Visible(command))
		}
	}
}

// sarifOf is the report as SARIF. Findings are in no file of a repository: their location is the snapshot, or a
// path made of the organization's name.
func sarifOf(a *app.App, doc *lintDocument, view *orgview.View) (string, error) {
	file := view.Meta.File
	if file == "" {
		file = "braintrust/" + view.Snapshot.Organization.Name
	}
	run := sarif.Run{Version: a.Info.Version}
	for _, rule := range lint.Rules() {
		run.Rules = append(run.Rules, sarif.Rule{ID: rule.ID, Short: rule.Title, Full: rule.Help, Level: sarif.Level(rule.Severity)})
	}
	for _, f := range doc.Findings {
		result := sarif.Result{Rule: f.Rule, Level: sarif.Level(f.Severity), Message: f.Message, Fingerprint: f.Fingerprint, File: file, Line: 1}
		if len(f.Fix) > 0 {
			result.Message += "\nTo mend it: " + f.Fix[0]
		}
		for _, s := range f.Subjects {
			result.Logical = append(result.Logical, s.Ref)
		}
		run.Results = append(run.Results, result)
	}
	for _, s := range doc.Skipped {
		run.Notes = append(run.Notes, s.Rule+" was not looked for: "+s.Reason)
	}
	var b strings.Builder
	err := sarif.Write(&b, run)
	return b.String(), err
}
