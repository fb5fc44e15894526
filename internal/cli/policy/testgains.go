package policy

import (
	"btadmin/internal/accessdiff"
	"btadmin/internal/app"
	"btadmin/internal/junit"
	"btadmin/internal/orgview"
	"btadmin/internal/text"
	"btadmin/pkg/access/diff"
)

// noNewAccess names what --no-new-access checks, beside the tests.
const noNewAccess = "nobody has more access than in the baseline"

// gains are what somebody has now and had not in the baseline.
type gains struct {
	baseline string
	report   *diff.Report
	names    accessdiff.Names
}

// newAccess compares what was tested with a snapshot and keeps the gains.
func newAccess(a *app.App, baseline string, x *tested) (*gains, error) {
	base, err := orgview.Open(baseline)
	if err != nil {
		return nil, err
	}
	if err := orgview.Comparable(base, x.view); err != nil {
		return nil, err
	}
	for _, v := range []*orgview.View{base, x.view} {
		if !v.Meta.AllGrants() {
			a.Status.Warn("not every grant could be read: what is hidden from the key is not compared")
		}
	}
	report := diff.Compare(base.Snapshot, x.view.Snapshot, diff.Options{Implied: true, Complete: x.view.Meta.Objects})
	kept := *report
	kept.Changes, kept.Appeared, kept.Vanished, kept.Renamed, kept.NoLongerOwner = nil, nil, nil, nil, nil
	for _, c := range report.Changes {
		if c.Gained {
			kept.Changes = append(kept.Changes, c)
		}
	}
	names := accessdiff.Names{Before: base.Names(), After: x.report.Names, Account: orgview.Accounts(x.view, base)}
	return &gains{baseline: baseline, report: &kept, names: names}, nil
}

func (g *gains) any() bool { return len(g.report.Changes) > 0 }

func (g *gains) summary() string {
	who := len(g.report.Principals())
	switch who {
	case 0:
		return "nobody gained access"
	case 1:
		return "1 principal gained access"
	}
	return text.Count(who, "principal") + " gained access"
}

func (g *gains) text() string {
	if !g.any() {
		return ""
	}
	return "FAILED: " + noNewAccess + " " + text.Visible(g.baseline) + "\n" + accessdiff.Text(g.report, g.names)
}

// gainsDocument is what --no-new-access found. Fields are added, never renamed.
type gainsDocument struct {
	Baseline string              `json:"baseline"`
	Passed   bool                `json:"passed"`
	Changes  []accessdiff.Change `json:"changes"`
}

func (g *gains) document() *gainsDocument {
	return &gainsDocument{Baseline: g.baseline, Passed: !g.any(), Changes: accessdiff.Documents(g.report, g.names).Changes}
}

func (g *gains) junit() junit.Suite {
	c := junit.Case{Class: "new access", Name: noNewAccess, File: g.baseline}
	if g.any() {
		c.Failure = &junit.Failure{Message: g.summary(), Text: g.text()}
	}
	return junit.Suite{Name: "new access", Cases: []junit.Case{c}}
}
