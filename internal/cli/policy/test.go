package policy

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/assert"
	"btadmin/internal/text"
)

type testOptions struct {
	snapshot    string
	planned     bool
	strict      bool
	noNewAccess bool
	baseline    string
}

func newTest(a *app.App) *cobra.Command {
	var opts testOptions
	cmd := &cobra.Command{
		Use:   "test " + fileArgs,
		Short: "run the tests of a policy on effective access",
		Long: `Run the tests of a policy: what is asserted about effective access, whoever granted it. They run on the organization as
it is; with --snapshot on a file of btadmin snapshot save, without network or key; with --planned on the state after a
plan of the same policy, so that a pull request is judged before it is applied. policy plan and policy apply run them, too.

Each failure says who, what, and through which groups and grants. A test about something that is not there is a
warning where it can only pass; --strict makes warnings failures.

With --no-new-access nobody may have any right that he has not in the snapshot --baseline, whatever the tests say. It
needs no policy: without an argument and without an access.yaml only that is checked.

Exit code 0 is that everything holds, 6 that something does not. -o junit is for CI systems, -o github annotates the
lines of the tests in a pull request.`,
		Example: `  btadmin policy test
  btadmin policy test access/ --planned
  btadmin policy test --snapshot acme.btsnap -o junit > tests.xml
  btadmin policy test --no-new-access --baseline approved.btsnap
  btadmin policy test --json --jq '.tests[] | select(.passed | not) | .failures[].summary'`,
		Args: tree.Args(fileArgs),
		RunE: func(cmd *cobra.Command, args []string) error { return runTest(cmd.Context(), a, args, opts) },
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.snapshot, "snapshot", "", "ask this file of btadmin snapshot save, without network or key")
	flags.BoolVar(&opts.planned, "planned", false, "ask the organization as it would be after policy apply")
	flags.BoolVar(&opts.strict, "strict", false, "warnings are failures: tests that match nothing")
	flags.BoolVar(&opts.noNewAccess, "no-new-access", false, "nobody may gain anything compared with --baseline")
	flags.StringVar(&opts.baseline, "baseline", "", "the snapshot `FILE` of --no-new-access")
	return tree.AnswersByExitCode(cmd)
}

func runTest(ctx context.Context, a *app.App, paths []string, opts testOptions) error {
	format := a.Special("junit", "github")
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.noNewAccess != (opts.baseline != "") {
		return exit.BadInputf("--no-new-access and --baseline go together")
	}
	if opts.planned && opts.snapshot != "" {
		return exit.BadInputf("--planned compares with the organization as it is now, not with --snapshot")
	}
	x, err := testedState(ctx, a, paths, opts)
	if err != nil {
		return annotated(p, format, err)
	}
	if opts.noNewAccess {
		if x.gains, err = newAccess(a, opts.baseline, x); err != nil {
			return err
		}
	}
	return x.print(a, p, format, opts)
}

// tested is what was tested and what came out.
type tested struct {
	state  string // live, snapshot, planned
	policy *policy.Policy
	view   *orgview.View
	report *assert.Report
	gains  *gains // nil without --no-new-access
}

// testedState reads the policy and the state that is asked, and runs the tests.
func testedState(ctx context.Context, a *app.App, paths []string, opts testOptions) (*tested, error) {
	x := &tested{state: "live", policy: &policy.Policy{Desired: &policy.Desired{}}}
	if opts.planned {
		return x, x.plan(ctx, a, paths)
	}
	if opts.snapshot != "" {
		x.state = "snapshot"
	}
	loaded, err := load(a, paths)
	switch {
	case err == nil:
		x.policy = loaded
	case !opts.noNewAccess || len(paths) > 0 || !isMissing(policy.DefaultFile):
		return nil, err
	}
	if x.view, err = a.View(ctx, opts.snapshot, orgview.Options{}); err != nil {
		return nil, err
	}
	if err := x.sameOrganization(); err != nil {
		return nil, err
	}
	x.report = assert.Run(ctx, x.policy.Desired, x.view, nil)
	return x, nil
}

func isMissing(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, os.ErrNotExist)
}

// sameOrganization refuses to test one organization with the policy of another.
func (x *tested) sameOrganization() error {
	org := x.view.Snapshot.Organization
	want := x.policy.Desired.Org
	if !want.Known() || want.Value == org.Name || want.Value == org.ID {
		return nil
	}
	return exit.BadInputf("%s: the policy is for the organization %s, and what is asked is %s", want.At, text.Visible(want.Value), text.Visible(org.Name))
}

func (x *tested) failed(strict bool) bool {
	return x.report.Failed() > 0 || strict && x.report.Warned() || x.gains != nil && x.gains.any()
}

// testRow is one test in a list.
type testRow struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Name     string `json:"name"`
	Passed   bool   `json:"passed"`
	Failures int    `json:"failures"`
	Summary  string `json:"summary"`
}

// testDocument is a whole report. Fields are added, never renamed.
type testDocument struct {
	Organization string `json:"organization"`
	State        string `json:"state"` // live, snapshot or planned
	assert.Document
	NewAccess *gainsDocument `json:"new_access"` // null without --no-new-access
}

func (x *tested) document(strict bool) testDocument {
	d := testDocument{Organization: x.view.Snapshot.Organization.Name, State: x.state, Document: assert.Documents(x.report)}
	d.Passed = !x.failed(strict)
	if x.gains != nil {
		d.NewAccess = x.gains.document()
	}
	return d
}

func (x *tested) summary() string {
	total, failed := len(x.report.Results), x.report.Failed()
	s := fmt.Sprintf("%s of %s: %d passed, %d failed", text.Count(total, "test"), x.view.Snapshot.Organization.Name, total-failed, failed)
	if x.gains != nil {
		s += ", " + x.gains.summary()
	}
	return s + " (" + x.where() + ")"
}

func (x *tested) where() string {
	switch x.state {
	case "snapshot":
		return "as in " + x.view.Meta.File
	case "planned":
		return "as it would be after the plan"
	}
	return "as it is now"
}

func (x *tested) print(a *app.App, p *output.Printer, format string, opts testOptions) error {
	var err error
	switch {
	case format == "junit":
		err = x.printJUnit(p)
	case format == "github":
		err = output.Annotations(p, x.annotations(opts.strict))
	case p.Human():
		lines := assert.Text(x.report)
		if x.gains != nil {
			lines += x.gains.text()
		}
		if lines != "" {
			err = output.Changes(p, lines)
		}
	case p.Format() == output.FormatCSV || p.Format() == output.FormatJSONL:
		err = output.List(p, testColumns(), x.rows())
	default:
		err = output.Value(p, x.document(opts.strict))
	}
	if err != nil {
		return err
	}
	if x.failed(opts.strict) {
		a.Status.Print("%s", x.summary())
		return exit.Silent(exit.No)
	}
	a.Status.Done("%s", x.summary())
	return nil
}
