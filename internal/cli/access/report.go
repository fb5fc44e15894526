package access

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/accessdiff"
	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/report"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/access/paths"
)

type reportOptions struct {
	html      string
	snapshot  string
	baseline  string
	objects   bool
	overwrite bool
}

// reportDocument says what was written. Fields are added, never renamed.
type reportDocument struct {
	File        string `json:"file"`
	Bytes       int    `json:"bytes"`
	Fingerprint string `json:"fingerprint"` // of what was read
	Complete    bool   `json:"complete"`    // every grant could be read
	Findings    int    `json:"findings"`
	SuperUsers  int    `json:"super_users"`
	CouldBecome int    `json:"could_become_super_user"`
	Changes     *int   `json:"changes"` // null without --baseline
}

func newReport(a *app.App) *cobra.Command {
	var opts reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "make a page to look at: who may do what, and why",
		Long: `Write one HTML page about who may do what: how much there is of what, groups or people by projects with the permissions
in every cell, a click on a cell for the reasons in plain words, a drawing of the groups, who is super-user and who could become
one, what access lint finds with the commands that mend it, and with --baseline what changed since an older snapshot.

The page is one file that loads nothing and sends nothing: it can be mailed, archived and opened without a network, in
any browser, in the dark and on paper. It says who may do what, so the file is readable by you alone.`,
		Example: `  btadmin access report --html access.html
  btadmin access report --html access.html --snapshot friday.btsnap --baseline monday.btsnap --overwrite
  btadmin access report --html access.html --json --jq .bytes`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), a, opts) },
	}
	flags := cmd.Flags()
	addSnapshotFlag(cmd, &opts.snapshot)
	flags.StringVar(&opts.html, "html", "", "write the page to this file")
	flags.StringVar(&opts.baseline, "baseline", "", "also say what changed since this file of btadmin snapshot save")
	flags.BoolVar(&opts.objects, "all-objects", false, "read every experiment, dataset, prompt and function, to find grants on deleted ones")
	flags.BoolVar(&opts.overwrite, "overwrite", false, "replace the file when it exists")
	return cmd
}

func runReport(ctx context.Context, a *app.App, opts reportOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.html == "" {
		return exit.BadInputf("missing --html: the file to write the page to").WithHint("btadmin access report --html access.html")
	}
	pending, err := atomicfile.Create(opts.html, 0o600, opts.overwrite) // before a long reading, not after it
	if err != nil {
		return exit.New(exit.BadInput, err).WithHint("--overwrite replaces an existing file")
	}
	defer pending.Discard()
	in, doc, err := reportInput(ctx, a, opts)
	if err != nil {
		return err
	}
	page, err := report.Build(in)
	if err != nil {
		return err
	}
	html, err := page.HTML()
	if err != nil {
		return err
	}
	if err := pending.Commit(html); err != nil {
		return err
	}
	doc.Bytes = len(html)
	a.Status.Done("Wrote %s: open it in a browser", opts.html)
	if p.Human() {
		return nil
	}
	return output.Value(p, doc)
}

// reportInput reads the organization and asks everything that the page tells.
func reportInput(ctx context.Context, a *app.App, opts reportOptions) (report.Input, *reportDocument, error) {
	var before *orgview.View
	if opts.baseline != "" {
		var err error
		if before, err = a.View(ctx, opts.baseline, orgview.Options{}); err != nil {
			return report.Input{}, nil, err
		}
	}
	view, err := a.View(ctx, opts.snapshot, orgview.Options{Objects: opts.objects || before != nil && before.Meta.Objects})
	if err != nil {
		return report.Input{}, nil, err
	}
	if err := warnIncomplete(ctx, a, view); err != nil {
		return report.Input{}, nil, err
	}
	doc := &reportDocument{File: opts.html, Complete: view.Meta.AllGrants() && len(view.Meta.Unread) == 0 && !view.MayMiss()}
	if doc.Fingerprint, err = view.Fingerprint(); err != nil {
		return report.Input{}, nil, err
	}
	in := report.Input{View: view, Tool: a.Info.Version, Now: a.Now()}
	if in.Findings, err = reportFindings(ctx, a, view); err != nil {
		return report.Input{}, nil, err
	}
	in.Escalation = reportEscalation(view)
	if before != nil {
		if err := orgview.Comparable(before, view); err != nil {
			return report.Input{}, nil, err
		}
		in.Changes = reportChanges(before, view)
		n := len(in.Changes.Gained) + len(in.Changes.Lost)
		doc.Changes = &n
	}
	doc.Findings, doc.SuperUsers, doc.CouldBecome = len(in.Findings.All), len(in.Escalation.Holders), in.Escalation.Climbers
	return in, doc, nil
}

// reportFindings is what access lint says when nothing is asked of it.
func reportFindings(ctx context.Context, a *app.App, view *orgview.View) (report.Findings, error) {
	in, err := lintInput(ctx, a, view)
	if err != nil {
		return report.Findings{}, err
	}
	doc := lintDocumentOf(lint.Run(in, lint.Options{TokenAge: defaultTokenAge * 24 * time.Hour, LargeGroup: defaultLargeGroup, MaxManagers: defaultManagers}), in.Names)
	var out report.Findings
	for _, f := range doc.Findings {
		out.All = append(out.All, report.Finding{Rule: f.Rule, Title: f.Title, Severity: f.Severity, Message: f.Message, Fix: f.Fix})
	}
	for _, s := range doc.Skipped {
		out.Skipped = append(out.Skipped, s.Rule+" ("+s.Reason+")")
	}
	return out, nil
}

// reportEscalation is what access paths says about owning the organization.
func reportEscalation(view *orgview.View) report.Escalation {
	doc := pathsDocumentOf(paths.Find(view.State(), paths.ToOwner(view.State())), "owner", view)
	out := report.Escalation{Climbers: len(doc.Climbers), Complete: doc.Complete}
	for _, h := range doc.Holders {
		out.Holders = append(out.Holders, h.label())
	}
	for _, r := range routesOf(doc.Climbers) {
		route := report.Route{End: r.Text}
		for _, h := range r.who {
			route.Who = append(route.Who, h.label())
		}
		for _, s := range r.Chain {
			route.Steps = append(route.Steps, s.Text)
		}
		out.Routes = append(out.Routes, route)
	}
	for _, c := range doc.Cuts {
		out.Cuts = append(out.Cuts, report.Cut{Text: c.Text, Fix: c.Fix, Stops: len(c.Stops)})
	}
	return out
}

func reportChanges(before, after *orgview.View) *report.Changes {
	found := diff.Compare(before.Snapshot, after.Snapshot, diff.Options{Implied: true, Complete: after.Meta.Objects})
	names := namesOfBoth(before, after)
	out := &report.Changes{File: before.Meta.File, Taken: before.Meta.Taken, Facts: accessdiff.Facts(found, names)}
	for _, c := range accessdiff.Changes(found, names) {
		why := strings.Join(c.Phrase.Through, "; ")
		if c.Phrase.Except != "" {
			why = strings.TrimPrefix(why+", "+c.Phrase.Except, ", ")
		}
		row := report.Change{
			Who: c.Phrase.Who, What: c.Phrase.What, Where: c.Phrase.Where, Why: why, Names: c.Everybody(names), On: c.Everywhere(names),
		}
		if c.Gained {
			out.Gained = append(out.Gained, row)
		} else {
			out.Lost = append(out.Lost, row)
		}
	}
	return out
}
