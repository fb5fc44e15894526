package policy

import (
	"strconv"

	"btadmin/internal/app"
	"btadmin/internal/output"
	"btadmin/internal/policy/proposal"
)

// asRows reports whether rows were asked for: CSV or TSV by name, on the command line, in the environment or in the
// configuration. What is piped without a name is the text that a terminal shows. It is asked before app.App.Special, which
// names a format itself.
func asRows(a *app.App) (bool, error) {
	format := a.Flags.Output
	if format == "" && a.Flags.JQ == "" {
		settings, err := a.Settings()
		if err != nil {
			return false, err
		}
		format = settings.Output()
	}
	return format == string(output.FormatCSV) || format == string(output.FormatTSV), nil
}

// differenceColumns are the rows of a plan.
func differenceColumns() []output.Column[proposal.Difference] {
	return []output.Column[proposal.Difference]{
		{Field: "action", Text: func(d proposal.Difference) string { return d.Action }},
		{Field: "kind", Text: func(d proposal.Difference) string { return d.Kind }},
		{Field: "subject", Text: func(d proposal.Difference) string { return d.Subject }},
		{Field: "detail", Text: func(d proposal.Difference) string { return d.Detail }},
		{Field: "file", Text: func(d proposal.Difference) string { return d.File }},
		{Field: "line", Text: func(d proposal.Difference) string { return line(d.Place) }},
	}
}

// driftColumns are the rows of a drift.
func driftColumns() []output.Column[difference] {
	return []output.Column[difference]{
		{Field: "rule", Text: func(d difference) string { return d.Rule }},
		{Field: "owned", Text: func(d difference) string { return strconv.FormatBool(d.Owned) }},
		{Field: "kind", Text: func(d difference) string { return d.Kind }},
		{Field: "subject", Text: func(d difference) string { return d.Subject }},
		{Field: "detail", Text: func(d difference) string { return d.Detail }},
		{Field: "file", Text: func(d difference) string { return d.File }},
		{Field: "line", Text: func(d difference) string { return line(d.Place) }},
	}
}

// line is where the document speaks of something, "" where it does not.
func line(p proposal.Place) string {
	if p.Line == 0 {
		return ""
	}
	return strconv.Itoa(p.Line)
}

// printRows prints what differs. What rows have no room for goes to stderr: guards, tests and the summary.
func printRows(a *app.App, p *output.Printer, made *proposal.Proposal) error {
	if err := output.List(p, differenceColumns(), proposal.Differences(made.Result.Differences)); err != nil {
		return err
	}
	if made.Review != nil {
		for _, f := range made.Review.Findings {
			a.Status.Warn("%s: %s", f.Guard, f.Message)
		}
	}
	for _, r := range made.Failed() {
		a.Status.Warn("%s: the test %s fails on the planned state", r.Test.At.String(), r.Test.Name.Value)
	}
	a.Status.Note("%s", made.Summary())
	return nil
}
