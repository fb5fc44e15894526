package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/braintrust"
)

// What is old, large and too many unless somebody says otherwise.
const (
	defaultTokenAge   = 90 // days
	defaultLargeGroup = 50 // users
	defaultManagers   = 10 // people
)

type lintOptions struct {
	snapshot    string
	objects     bool
	failOn      string
	rules       []string
	ignore      []string
	tokenAge    int
	largeGroup  int
	maxManagers int
}

func newLint(a *app.App) *cobra.Command {
	var opts lintOptions
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "find grants, groups and tokens that are risky, wasteful or broken",
		Long: `Look through who may do what and report what is risky (the organization open to more than its owners, too
many people who manage access, service accounts that are owners, old tokens), broken (grants of deleted roles,
to deleted groups, on deleted things, cycles) or wasteful (grants that others imply, empty groups). Every
finding says why, and has a command that mends it. The rules are described in docs/access-review.md.

Exit code 6 means that there are findings at or above --fail-on. What is meant to be as it is is left out
with --ignore RULE, or --ignore RULE:SUBJECT for one principal or object.

Rules that would conclude something from what this key may not see are skipped, and named. -o sarif is for
code scanning services.`,
		Example: `  btadmin access lint
  btadmin access lint --fail-on error --json
  btadmin access lint --ignore service-account-owner:sa:admin --ignore direct-grant
  btadmin access lint --rule old-token,dangling-subject --token-age 30
  btadmin access lint -o sarif > access.sarif`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runLint(cmd.Context(), a, opts) },
	}
	flags := cmd.Flags()
	addSnapshotFlag(cmd, &opts.snapshot)
	flags.BoolVar(&opts.objects, "all-objects", false, "read every experiment, dataset, prompt and function, to find grants on deleted ones")
	flags.StringVar(&opts.failOn, "fail-on", string(lint.Warning), "exit with 6 for findings of this severity or worse: error, warning, note, never")
	flags.StringSliceVar(&opts.rules, "rule", nil, "only these rules (repeatable)")
	flags.StringArrayVar(&opts.ignore, "ignore", nil, "leave out a rule, or RULE:SUBJECT such as empty-group:group:QA (repeatable)")
	flags.IntVar(&opts.tokenAge, "token-age", defaultTokenAge, "after how many days a service token is old, 0 never")
	flags.IntVar(&opts.largeGroup, "large-group", defaultLargeGroup, "from how many members a group is too large to change all projects, 0 never")
	flags.IntVar(&opts.maxManagers, "max-managers", defaultManagers, "how many people may manage access on one thing, 0 any number")
	return cmd
}

func runLint(ctx context.Context, a *app.App, opts lintOptions) error {
	p, err := a.Printer(output.FormatSARIF)
	if err != nil {
		return err
	}
	failOn, err := checkLint(opts)
	if err != nil {
		return err
	}
	view, err := a.View(ctx, opts.snapshot, orgview.Options{Objects: opts.objects})
	if err != nil {
		return err
	}
	in, err := lintInput(ctx, a, view)
	if err != nil {
		return err
	}
	report := lint.Run(in, lint.Options{
		TokenAge: time.Duration(opts.tokenAge) * 24 * time.Hour, LargeGroup: opts.largeGroup, MaxManagers: opts.maxManagers, Rules: opts.rules,
	})
	doc := lintDocumentOf(report, in.Names)
	doc.leaveOut(opts.ignore)
	if err := printLint(a, p, doc, view); err != nil {
		return err
	}
	if doc.worst() >= failOn {
		return exit.Silent(exit.No)
	}
	return nil
}

// never is above every severity.
const never = 99

// checkLint refuses what would silently check less than was meant.
func checkLint(opts lintOptions) (failOn int, err error) {
	var known []string
	for _, rule := range lint.Rules() {
		known = append(known, rule.ID)
	}
	named := slices.Clone(opts.rules)
	for _, ignored := range opts.ignore {
		rule, _, _ := strings.Cut(ignored, ":")
		named = append(named, rule)
	}
	for _, rule := range named {
		if slices.Contains(known, rule) {
			continue
		}
		err := exit.BadInputf("unknown rule %q", rule)
		if near := text.Nearest(rule, known); len(near) > 0 {
			return 0, err.WithHint("did you mean %s?", near[0])
		}
		return 0, err.WithHint("the rules are %s", strings.Join(known, ", "))
	}
	for flag, n := range map[string]int{"--token-age": opts.tokenAge, "--large-group": opts.largeGroup, "--max-managers": opts.maxManagers} {
		if n < 0 {
			return 0, exit.BadInputf("%s is %d: it cannot be negative", flag, n)
		}
	}
	if opts.failOn == "never" {
		return never, nil
	}
	if failOn = lint.Severity(opts.failOn).Rank(); failOn == 0 {
		return 0, exit.BadInputf("--fail-on is %q: use error, warning, note or never", opts.failOn)
	}
	return failOn, nil
}

// lintInput says what the view lacks: a group that is hidden from the key must not look like one that is gone.
func lintInput(ctx context.Context, a *app.App, view *orgview.View) (lint.Input, error) {
	reader := view.Meta.Reader
	if reader == "" && view.Meta.File == "" {
		caller, err := a.Caller(ctx)
		if err != nil {
			return lint.Input{}, err
		}
		reader = caller.UserID
	}
	org := view.Snapshot.Organization.ID
	return lint.Input{
		Snapshot: view.Snapshot, Engine: view.Engine(), Names: view.Names(), Skeleton: text.Skeleton, Now: a.Now(),
		Complete: view.Meta.AllGrants() && len(view.Meta.Unread) == 0, AllObjects: view.Meta.Objects,
		IsAccount: func(id string) bool {
			m, known := view.Members.ByID(id)
			return known && m.Kind != orgstate.Person
		},
		Sees: func(t braintrust.ObjectType) bool {
			container := access.Node{Type: braintrust.ObjectOrganization, ID: org}
			if t == braintrust.ObjectProject {
				container.Type = braintrust.ObjectOrgProject
			}
			who := access.Principal{Kind: access.PrincipalUser, ID: reader}
			return reader != "" && view.Engine().CheckChild(who, braintrust.PermissionRead, t, container)
		},
	}, nil
}

func printLint(a *app.App, p *output.Printer, doc *lintDocument, view *orgview.View) error {
	for _, skip := range doc.Skipped {
		a.Status.Warn("%s was not looked for: %s", skip.Rule, skip.Reason)
	}
	switch p.Format() {
	case output.FormatSARIF:
		document, err := sarifOf(a, doc, view)
		if err != nil {
			return err
		}
		return output.Document(p, document)
	case output.FormatTable:
		return output.Document(p, renderLint(doc))
	case output.FormatTSV, output.FormatCSV, output.FormatJSONL:
		return output.List(p, lintColumns(), doc.Findings)
	}
	return output.Value(p, doc)
}

func lintColumns() []output.Column[lintFinding] {
	return []output.Column[lintFinding]{
		{Field: "severity", Text: func(f lintFinding) string { return f.Severity }},
		{Field: "rule", Text: func(f lintFinding) string { return f.Rule }},
		{Field: "message", Text: func(f lintFinding) string { return f.Message }},
		{Field: "fix", Text: func(f lintFinding) string { return strings.Join(f.Fix, "; ") }},
		{Field: "acl_ids", Text: func(f lintFinding) string { return strings.Join(f.ACLIDs, ",") }},
		{Field: "fingerprint", Text: func(f lintFinding) string { return f.Fingerprint }},
	}
}

func counted(n int, one string) string {
	if n == 0 {
		return fmt.Sprintf("no %ss", one)
	}
	return text.Count(n, one)
}
