// Package proposal is what a policy would change, for people and for programs: what differs grouped by whom it is
// about, who gains and loses what, what guards and tests say. It only describes; reconcile compares, change carries out.
package proposal

import (
	"context"
	"slices"
	"strings"

	"btadmin/internal/accessdiff"
	"btadmin/internal/change"
	"btadmin/internal/matrix"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/syntax"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// Proposal is a compared policy.
type Proposal struct {
	Policy *policy.Policy
	Before *orgview.View
	Result *reconcile.Result
	// Review is the plan as it would run, nil when there is nothing to do.
	Review *change.Review
	// After is the organization once the plan is carried out: Before itself when there is nothing to do.
	After  *orgview.View
	Access *diff.Report
	Names  accessdiff.Names
	// Tests are what became of the tests of the document in the state after the plan.
	Tests *assert.Report
	// Requests is how many it took to find all this out.
	Requests int
	// Saved is the file of the plan, "" when it was not saved.
	Saved string
}

// New describes a comparison, and runs the tests. Without steps the state after is the state before.
func New(ctx context.Context, p *policy.Policy, before *orgview.View, r *reconcile.Result) *Proposal {
	out := &Proposal{Policy: p, Before: before, After: before, Result: r}
	if r.Changes() {
		out.After = orgview.New(change.After(before.Snapshot, r.Steps), before.Meta).WithLabels(before.Labels())
	}
	out.Names = accessdiff.Names{Before: planned{before.Names()}, After: planned{out.After.Names()}, Account: func(id string) bool {
		for _, v := range []*orgview.View{out.After, before} {
			if m, known := v.Members.ByID(id); known {
				return m.Kind == orgstate.ServiceAccount
			}
		}
		return false
	}}
	out.Access = &diff.Report{} // nothing to do is no difference, however large the organization
	if r.Changes() {
		out.Access = diff.Compare(before.Snapshot, out.After.Snapshot, diff.Options{Implied: true})
	}
	out.Tests = assert.Run(ctx, p.Desired, out.After, out.Names)
	return out
}

// planned names what is going to be made, of which there is no id yet.
type planned struct{ change.Namer }

// Principal implements change.Namer.
func (p planned) Principal(who access.Principal) string {
	name, is := change.IsNew(who.ID)
	switch {
	case !is:
		return p.Namer.Principal(who)
	case who.Kind == access.PrincipalGroup:
		return "group:" + name
	case strings.Contains(name, "@"):
		return "user:" + name
	}
	return "service-account:" + name
}

// Node implements change.Namer.
func (p planned) Node(n access.Node) string {
	if name, is := change.IsNew(n.ID); is {
		return string(n.Type) + ":" + name
	}
	return p.Namer.Node(n)
}

// Role implements change.Namer.
func (p planned) Role(id string) string {
	if name, is := change.IsNew(id); is {
		return name
	}
	return p.Namer.Role(id)
}

// Lines is the plan, step by step.
func (p *Proposal) Lines() []change.Line {
	if p.Review == nil {
		return []change.Line{}
	}
	return p.Review.Lines(p.Names)
}

// Remark is a warning about a place in the document.
type Remark = syntax.Problem

// Remarks are the warnings about the document by itself, about this organization, and about what its tests could not
// ask.
func (p *Proposal) Remarks() []Remark {
	out := slices.Concat(p.Policy.Warnings, p.Result.Warnings)
	for _, r := range p.Tests.Results {
		for _, w := range r.Warnings {
			out = append(out, Remark{At: r.Test.At, Severity: syntax.Warning, Message: "test " + r.Test.Name.Value + ": " + w})
		}
	}
	return out
}

// Entry is one line of a section: what happens, in words.
type Entry struct {
	Sign string // + - ~ or, for what is only told, a dot
	Text string
	At   document.Pos
}

// Section is all that happens to one group, role, member or account.
type Section struct {
	Subject string
	Entries []Entry
}

// Sections group what differs by subject. Owned are those that the plan changes; the others are only reported.
func (p *Proposal) Sections(owned bool) []Section {
	var out []Section
	all := p.Result.Differences
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].Subject == all[from].Subject {
			to++
		}
		if entries := p.entries(all[from:to], owned); len(entries) > 0 {
			out = append(out, Section{Subject: all[from].Subject, Entries: entries})
		}
		from = to
	}
	return out
}

// entries are the lines of one subject. Grants come as rows of a permission page, because one word of a row may be
// several grants.
func (p *Proposal) entries(differences []reconcile.Difference, owned bool) []Entry {
	var out []Entry
	grants := map[reconcile.Action][]reconcile.Difference{}
	for _, d := range differences {
		switch {
		case (d.Action == reconcile.ActionReport) == owned:
		case d.Kind == reconcile.KindGrant && owned:
			grants[d.Action] = append(grants[d.Action], d)
		default:
			out = append(out, Entry{Sign: sign(d.Action), Text: words(d), At: d.At})
		}
	}
	for _, action := range []reconcile.Action{reconcile.ActionAdd, reconcile.ActionRemove} {
		out = append(out, p.rows(action, grants[action])...)
	}
	return out
}

// sign is the sign of an action.
func sign(a reconcile.Action) string {
	switch a {
	case reconcile.ActionCreate, reconcile.ActionAdd:
		return "+"
	case reconcile.ActionRemove, reconcile.ActionDelete:
		return "-"
	case reconcile.ActionUpdate:
		return "~"
	}
	return "."
}

// words are what happens, without the sign.
func words(d reconcile.Difference) string {
	switch {
	case d.Action == reconcile.ActionDelete && d.Detail != "":
		return "delete: " + d.Detail
	case d.Action == reconcile.ActionRemove && d.Kind == reconcile.KindMember:
		if d.Detail == "" {
			return "leave the organization"
		}
		return "leave the organization: " + d.Detail
	}
	return d.Detail
}

// rows describes grants in the words of permission pages, by whom they are for when that is somebody else than the
// subject, as in administered_by.
func (p *Proposal) rows(action reconcile.Action, differences []reconcile.Difference) []Entry {
	var order []access.Principal
	items := map[access.Principal][]braintrust.ACLItem{}
	for _, d := range differences {
		who := access.PrincipalOf(*d.Grant)
		if items[who] == nil {
			order = append(order, who)
		}
		items[who] = append(items[who], *d.Grant)
	}
	var out []Entry
	for _, who := range order {
		for _, row := range matrix.Rows(p.Before.Labels().Describe(items[who]), p.Names) {
			text := matrix.Words(row) + " on " + row.Object
			if row.Kinds != "" {
				text += " (" + row.Kinds + ")"
			}
			if name := p.Names.Principal(who); name != differences[0].Subject {
				text += " for " + name
			}
			out = append(out, Entry{Sign: sign(action), Text: text, At: placeOf(row, differences)})
		}
	}
	return out
}

// placeOf is where the document speaks of a row.
func placeOf(row matrix.Row, differences []reconcile.Difference) document.Pos {
	for _, d := range differences {
		if string(d.Grant.ObjectType) == row.ObjectType && d.Grant.ObjectID == row.ObjectID && string(d.Grant.RestrictObjectType) == row.Restrict {
			return d.At
		}
	}
	return differences[0].At
}
