package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

type copyOptions struct {
	from, to string
	groups   []string
}

func newCopy(a *app.App) *cobra.Command {
	var opts copyOptions
	cmd := &cobra.Command{
		Use:   "copy --from PROFILE --to PROFILE",
		Short: "bring groups, roles and grants of one organization to another",
		Long: `Bring the groups of one organization with their members and grants, its roles and where they are assigned, and what
people and service accounts are granted by themselves, to another organization. Each is reached with the key of a
profile; "sandbox" is the embedded organization.

People are the same when their addresses are; service accounts, groups, roles, projects and objects when their names are. A
role that both have must hold the same. Whatever has no equal is listed with what is not carried over because of it;
nobody is invited, and no project and no account is made. Nothing is taken away: a group that is there already gets
what it lacks. Built-in groups are carried over when --groups names them.

The change goes the way of policy apply: it is shown, guards look at it, a question is asked, all is read back and kept in
the journal. A second run has nothing to do.`,
		Example: `  btadmin access copy --from staging --to production --dry-run
  btadmin access copy --from staging --to production --groups 'ml-*' --groups QA
  btadmin access copy --from production --to sandbox --yes --json --jq '.unmatched[].name'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runCopy(cmd.Context(), a, opts) },
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.from, "from", "", "the `PROFILE` of the organization to read")
	flags.StringVar(&opts.to, "to", "", "the `PROFILE` of the organization to change")
	flags.StringArrayVar(&opts.groups, "groups", nil, "only groups that match this `PATTERN`, and their roles (repeatable)")
	return cmd
}

// copied is what a copy did. Fields are added, never renamed.
type copied struct {
	From        string                `json:"from"` // names of the organizations
	To          string                `json:"to"`
	Run         string                `json:"run"`     // "" when nothing was sent
	Changes     int                   `json:"changes"` // confirmed
	Differences []proposal.Difference `json:"differences"`
	Unmatched   []reconcile.Unmatched `json:"unmatched"`
	Plan        *proposal.Document    `json:"plan"` // of a dry run, else null
}

func runCopy(ctx context.Context, a *app.App, opts copyOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	patterns, err := opts.check(a)
	if err != nil {
		return err
	}
	from, to := a.For(opts.from), a.For(opts.to)
	from.Flags.DryRun = true // its client cannot write
	source, err := wholeOrganization(ctx, from, "cannot be copied")
	if err != nil {
		return fmt.Errorf("profile %s: %w", opts.from, err)
	}
	target, err := wholeOrganization(ctx, to, "cannot be compared")
	if err != nil {
		return fmt.Errorf("profile %s: %w", opts.to, err)
	}
	if source.Snapshot.Organization.ID == target.Snapshot.Organization.ID && source.Meta.Host == target.Meta.Host {
		return exit.BadInputf("%s and %s are the same organization: %s", opts.from, opts.to, source.Snapshot.Organization.Name)
	}
	if err := matchGroups(patterns, source.Snapshot); err != nil {
		return err
	}
	moved := reconcile.Transfer(ctx, source, target, reconcile.TransferOptions{Groups: patterns})
	client, err := to.Client(ctx)
	if err != nil {
		return err
	}
	result, err := reconcile.Compare(ctx, moved.Desired, target, reconcile.Options{
		Now: a.Now(), Source: "the organization " + source.Snapshot.Organization.Name, OrgName: client.OrgName(),
	})
	if err != nil {
		return fmt.Errorf("compare with %s: %w", target.Snapshot.Organization.Name, err)
	}
	result.Additive()
	made := proposal.New(ctx, &policy.Policy{Desired: moved.Desired}, target, result)
	done := &copied{
		From: source.Snapshot.Organization.Name, To: target.Snapshot.Organization.Name,
		Differences: proposal.Differences(result.Differences), Unmatched: moved.Unmatched,
	}
	return done.carryOut(ctx, to, p, made, target)
}

// matchGroups refuses a pattern that no group matches: a mistyped name must not look like a copy that is complete.
func matchGroups(patterns []policy.Pattern, from *access.Snapshot) error {
	var names []string
	for _, g := range from.Groups {
		if g.DeletedAt == nil {
			names = append(names, g.Name)
		}
	}
	for _, p := range patterns {
		if slices.ContainsFunc(names, p.Match) {
			continue
		}
		err := exit.BadInputf("--groups %q matches no group of %s", p.String(), from.Organization.Name)
		if near := text.Nearest(p.String(), names); len(near) > 0 {
			return err.WithHint("did you mean %s?", near[0])
		}
		return err
	}
	return nil
}

// check refuses what would mean another organization than the two profiles.
func (o copyOptions) check(a *app.App) ([]policy.Pattern, error) {
	switch {
	case o.from == "" || o.to == "":
		return nil, exit.BadInputf("--from and --to name the profiles of the two organizations").WithHint("btadmin profiles list shows them")
	case o.from == o.to:
		return nil, exit.BadInputf("--from and --to are the same profile: %s", o.from)
	case a.Flags.Org != "" || a.Flags.APIURL != "":
		return nil, exit.BadInputf("--org and --api-url are for one organization: the profiles say which two are meant")
	}
	var patterns []policy.Pattern
	for _, g := range o.groups {
		pattern, err := policy.ParsePattern(g)
		if err != nil {
			return nil, exit.BadInputf("--groups %q: %w", g, err)
		}
		patterns = append(patterns, pattern)
	}
	return patterns, nil
}

// wholeOrganization reads an organization, and refuses one that can only be seen in part (G16).
func wholeOrganization(ctx context.Context, a *app.App, cannot string) (*orgview.View, error) {
	view, err := a.View(ctx, "", orgview.Options{})
	if err != nil {
		return nil, err
	}
	if !view.Meta.AllGrants() {
		return nil, &change.GuardError{Findings: []change.Finding{{Guard: "G16", Message: view.Snapshot.Organization.Name + " " + cannot +
			": this key may not list all its grants"}}}
	}
	return view, nil
}

// carryOut shows the change and makes it, on the road of every change.
func (d *copied) carryOut(ctx context.Context, to *app.App, p *output.Printer, made *proposal.Proposal, target *orgview.View) error {
	if !made.Result.Changes() {
		if err := d.show(to, p, made); err != nil {
			return err
		}
		to.Status.Done("%s has all of it: nothing was sent", d.To)
		if p.Human() || to.Flags.DryRun {
			return nil
		}
		return output.Value(p, d)
	}
	first := true
	result, err := to.Mutate(ctx, app.Change{
		Steps: made.Result.Steps, Limits: made.Result.Limits, Bulk: true, Org: target.Snapshot.Organization,
		Title: "Copying", Confirm: true, Question: fmt.Sprintf("Copy this from %s to %s?", d.From, d.To),
		Read: func(ctx context.Context) (*access.Snapshot, error) {
			if first {
				first = false
				return target.Snapshot, nil
			}
			again, err := wholeOrganization(ctx, to, "cannot be compared")
			if err != nil {
				return nil, err
			}
			return again.Snapshot, nil
		},
		Show: func(review *change.Review) error {
			made.Review = review
			return d.show(to, p, made)
		},
	})
	if err != nil || result == nil {
		return err
	}
	to.Status.Done("Copied from %s to %s and confirmed: %s (run %s)", d.From, d.To, made.Done(), result.RunID)
	if p.Human() {
		return nil
	}
	d.Run, d.Changes = result.RunID, result.Rows
	return output.Value(p, d)
}

// show tells what has no equal and what would change: a dry run as data, else on stderr.
func (d *copied) show(to *app.App, p *output.Printer, made *proposal.Proposal) error {
	lines := d.unmatched()
	if made.Result.Changes() {
		lines += made.Text()
	}
	switch {
	case to.Flags.DryRun && p.Human() && lines != "":
		return output.Changes(p, lines)
	case to.Flags.DryRun && !p.Human():
		plan := made.Document()
		d.Plan = &plan
		return output.Value(p, d)
	}
	to.Status.Changes(lines)
	return nil
}

// mostLost is how much of what hangs on one unmatched thing is told to people.
const mostLost = 10

// unmatched lists what is not carried over, for people.
func (d *copied) unmatched() string {
	if len(d.Unmatched) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Not carried over from %s to %s:\n", text.Visible(d.From), text.Visible(d.To))
	for _, u := range d.Unmatched {
		fmt.Fprintf(&b, "  %s %s: %s\n", strings.ReplaceAll(u.Kind, "_", " "), text.Visible(u.Name), u.Why)
		for i, l := range u.Lost {
			if i == mostLost {
				fmt.Fprintf(&b, "    and %d more; --json lists all\n", len(u.Lost)-mostLost)
				break
			}
			fmt.Fprintf(&b, "    %s\n", text.Visible(l))
		}
	}
	return b.String() + "\n"
}
