package policy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/text"
)

func newDrift(a *app.App) *cobra.Command {
	var strict bool
	cmd := tree.AnswersByExitCode(&cobra.Command{
		Use:   "drift " + fileArgs,
		Short: "what somebody has changed beside the policy",
		Long: `Say where the organization is not as the policy asks: what is missing, what is there besides, what is different. Exit
code 0 is no difference, 6 is a difference; nothing is changed, and policy apply would put it right.

What the document does not own, such as grants to one person or groups that it does not name, is told but counts as a
difference only with --strict. People, groups, service accounts and projects that the document names and that are gone are
differences too; policy apply refuses the document until they are taken out of it, or are there again.

-o sarif is for code scanning, with file and line of the document; -o junit for CI systems that show tests; -o github
prints annotations that GitHub Actions shows; -o csv and -o tsv print a row for each difference.`,
		Example: `  btadmin policy drift
  btadmin policy drift access/ --strict -o sarif > drift.sarif
  btadmin policy drift --json --jq '.differences[] | select(.owned) | .summary'`,
		Args: tree.Args(fileArgs),
		RunE: func(cmd *cobra.Command, args []string) error { return runDrift(cmd.Context(), a, args, strict) },
	})
	cmd.Flags().BoolVar(&strict, "strict", false, "what the document does not own counts as well")
	return cmd
}

// driftDocument is what differs. Fields are added, never renamed.
type driftDocument struct {
	Organization string       `json:"organization"`
	OrgID        string       `json:"org_id"`
	Host         string       `json:"host"`
	Files        []string     `json:"files"`
	Taken        time.Time    `json:"taken"`
	Drifted      bool         `json:"drifted"` // what counts differs
	Strict       bool         `json:"strict"`
	Differences  []difference `json:"differences"`
}

// difference is one thing that is not as the document asks.
type difference struct {
	Rule    string `json:"rule"`    // missing, unexpected, changed, absent, unlisted
	Summary string `json:"summary"` // a sentence
	Owned   bool   `json:"owned"`   // the document owns it, so it counts; an apply puts right all but what is absent
	proposal.Difference
}

// The ways to differ, as rules of SARIF.
const (
	missing    = "missing"
	unexpected = "unexpected"
	changed    = "changed"
	absent     = "absent"
	unlisted   = "unlisted"
)

func runDrift(ctx context.Context, a *app.App, paths []string, strict bool) error {
	rows, err := asRows(a)
	if err != nil {
		return err
	}
	format := a.Special("text", "sarif", "junit", "github")
	p, err := a.Printer()
	if err != nil {
		return err
	}
	c, err := compareFor(ctx, a, paths, reconcile.Options{Absent: true})
	if err != nil {
		return annotated(p, format, err)
	}
	doc := driftOf(c, strict)
	for _, w := range slices.Concat(c.policy.Warnings, c.result.Warnings) {
		a.Status.Warn("%s: %s", w.At.String(), w.Message)
	}
	switch {
	case format == "sarif":
		err = writeSARIF(p, a.Info.Version, doc)
	case format == "junit":
		err = writeJUnit(p, doc)
	case format == "github":
		err = output.Annotations(p, driftAnnotations(doc))
	case rows:
		err = output.List(p, driftColumns(), doc.Differences)
	case p.Human():
		err = output.Changes(p, driftText(doc))
	default:
		err = output.Value(p, doc)
	}
	if err != nil || !doc.Drifted {
		return err
	}
	if slices.ContainsFunc(doc.Differences, func(d difference) bool { return d.Rule == absent }) {
		a.Status.Hint("policy plan and apply refuse a document that names who or what is not there: take it out, or bring it back first")
	} else {
		a.Status.Hint("what an apply would put right, and who gains and loses by it: %s", policyLine("plan", paths))
	}
	return exit.Silent(exit.No)
}

func driftOf(c *compared, strict bool) *driftDocument {
	org := c.view.Snapshot.Organization
	doc := &driftDocument{
		Organization: org.Name, OrgID: org.ID, Host: c.view.Meta.Host, Files: c.policy.Files, Taken: c.view.Meta.Taken, Strict: strict,
		Differences: []difference{},
	}
	for i, d := range proposal.Differences(c.result.Differences) {
		one := difference{Rule: ruleOf(c.result.Differences[i].Action), Owned: c.result.Differences[i].Action != reconcile.ActionReport, Difference: d}
		one.Summary = sentence(one)
		if d.File == "" && len(c.policy.Files) > 0 { // of nothing that the document says
			one.File, one.Line, one.Column = c.policy.Files[0], 1, 1
		}
		doc.Drifted = doc.Drifted || one.Owned || strict
		doc.Differences = append(doc.Differences, one)
	}
	return doc
}

func ruleOf(action reconcile.Action) string {
	switch action {
	case reconcile.ActionCreate, reconcile.ActionAdd:
		return missing
	case reconcile.ActionRemove, reconcile.ActionDelete:
		return unexpected
	case reconcile.ActionUpdate:
		return changed
	case reconcile.ActionAbsent:
		return absent
	}
	return unlisted
}

// sentence says what the organization has or lacks.
func sentence(d difference) string {
	switch {
	case d.Rule == absent:
		return d.Subject + " is named here, and is " + d.Detail
	case d.Action == string(reconcile.ActionReport):
		return d.Subject + ": " + d.Detail
	case d.Kind == string(reconcile.KindMembership) || d.Kind == string(reconcile.KindGrant):
		if d.Rule == missing {
			return d.Subject + " lacks " + d.Detail
		}
		return d.Subject + " has " + d.Detail + ", which is not in the document"
	case d.Kind == string(reconcile.KindRole) && d.Action == string(reconcile.ActionAdd): // of one that is not there
		return d.Subject + " lacks " + d.Detail
	case d.Rule == missing && d.Kind == string(reconcile.KindToken):
		return d.Subject + " lacks a token: " + d.Detail
	case d.Rule == missing:
		return d.Subject + " is not there"
	case d.Rule == unexpected && d.Detail == "":
		return d.Subject + " is there, and the document asks for it to be gone"
	case d.Rule == unexpected:
		return d.Subject + " is there: " + d.Detail
	}
	return d.Subject + " differs: " + d.Detail
}

// driftText is the document for people.
func driftText(doc *driftDocument) string {
	var b strings.Builder
	owned := 0
	for _, part := range []bool{true, false} {
		head := "Not owned by the document:\n"
		if part {
			head = ""
		}
		for _, d := range doc.Differences {
			if d.Owned != part {
				continue
			}
			b.WriteString(head)
			head = ""
			line := text.Visible(d.Summary)
			if part {
				owned++
				line = text.Visible(d.File) + ":" + strconv.Itoa(d.Line) + ": " + line
			} else {
				line = "  " + line
			}
			b.WriteString(line + "\n")
		}
		if part && owned > 0 {
			b.WriteString("\n")
		}
	}
	if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n\n") {
		b.WriteString("\n")
	}
	summary := "No drift: " + text.Visible(doc.Organization) + " is as the document asks.\n"
	if doc.Drifted {
		summary = "Drift in " + text.Visible(doc.Organization) + ": " + text.Count(owned, "difference")
		if doc.Strict {
			summary += fmt.Sprintf(", %d not owned by the document", len(doc.Differences)-owned)
		}
		summary += ".\n"
	}
	return b.String() + summary
}
