package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// Names turns ids into the references that the command line accepts.
type Names interface {
	Principal(p access.Principal) string
	Node(n access.Node) string
}

// Input is an organization and what is known of it besides.
type Input struct {
	Snapshot *access.Snapshot
	Engine   *compiled.Engine // of the same snapshot, with implied grants
	Names    Names
	// IsAccount tells service accounts from people.
	IsAccount func(userID string) bool
	// Skeleton is the form in which confusable names are equal.
	Skeleton func(name string) string
	Now      time.Time
	// Complete is false when grants or members may be missing, so that nothing is concluded from their absence.
	Complete bool
	// Sees reports whether everything of a type (group, role, project) is in the snapshot. A group that is
	// hidden from the key looks like one that is gone.
	Sees func(t braintrust.ObjectType) bool
	// AllObjects says that every experiment, dataset, prompt and function is in the snapshot.
	AllObjects bool
}

// Options are the thresholds. The zero value of one switches its rule off.
type Options struct {
	TokenAge    time.Duration // from which a token is old
	LargeGroup  int           // from how many users a group is large
	MaxManagers int           // more people than this who manage access on one thing are too many
	Rules       []string      // only these rules, all when empty
}

// Command is a command line as words, the program first.
type Command []string

// Finding is one thing to mend.
type Finding struct {
	Rule     string
	Severity Severity
	Message  string // with names as they are: show them with care
	// Principals and Nodes are what it is about; the first of them stay the same from run to run.
	Principals []access.Principal
	Nodes      []access.Node
	ACLs       []string // ids of the grants
	CoveredBy  []string // ids of the grants that make a redundant one so, where they were looked for
	Tokens     []string // ids of service tokens
	Fix        []Command
}

// Key names the finding without what changes while it stays, such as counts and ids of grants.
func (f Finding) Key() string {
	parts := []string{f.Rule}
	for _, p := range f.Principals {
		parts = append(parts, p.String())
	}
	for _, n := range f.Nodes {
		parts = append(parts, n.String())
	}
	return strings.Join(append(parts, f.Tokens...), " ")
}

// Skip is a rule that was not applied.
type Skip struct {
	Rule   string
	Reason string
}

// Report is what was found, the worst first.
type Report struct {
	Findings []Finding
	Skipped  []Skip
}

// Run applies the rules.
func Run(in Input, o Options) *Report {
	l := newLinter(in, o)
	report := &Report{}
	for _, rule := range Rules() {
		if len(o.Rules) > 0 && !slices.Contains(o.Rules, rule.ID) {
			continue
		}
		if why := l.missing(rule); why != "" {
			report.Skipped = append(report.Skipped, Skip{Rule: rule.ID, Reason: why})
			continue
		}
		for _, f := range rule.find(l) {
			f.Rule, f.Severity = rule.ID, rule.Severity
			report.Findings = append(report.Findings, f)
		}
	}
	order := map[string]int{}
	for i, rule := range Rules() {
		order[rule.ID] = i
	}
	slices.SortStableFunc(report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), cmp.Compare(order[a.Rule], order[b.Rule]))
	})
	return report
}

// missing says why a rule cannot be applied to this view, "" when it can.
func (l *linter) missing(rule Rule) string {
	for _, need := range rule.needs {
		switch {
		case need == needGrants && !l.in.Complete:
			return "not every grant could be read"
		case need == needTokens && !l.in.Snapshot.TokensKnown:
			return "service tokens could not be listed"
		case need == needGroups && !l.in.Sees(braintrust.ObjectGroup):
			return "some groups may be hidden from this key"
		case need == needRoles && !l.in.Sees(braintrust.ObjectRole):
			return "some roles may be hidden from this key"
		case need == needProjects && !l.in.Sees(braintrust.ObjectProject):
			return "some projects may be hidden from this key"
		}
	}
	return ""
}
