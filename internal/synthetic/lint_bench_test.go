package synthetic_test

import (
	"testing"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/braintrust"
)

// ids are names for who needs none.
type ids struct{}

func (ids) Principal(p access.Principal) string { return p.String() }
func (ids) Node(n access.Node) string           { return n.String() }

func lintInput(s *access.Snapshot) lint.Input {
	accounts := map[string]bool{}
	for _, token := range s.Tokens {
		accounts[token.ServiceAccountID] = true
	}
	return lint.Input{
		Snapshot: s, Engine: compiled.Compile(s, compiled.WithImplied()), Names: ids{}, Complete: true, AllObjects: true,
		IsAccount: func(id string) bool { return accounts[id] }, Skeleton: func(name string) string { return name },
		Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Sees: func(braintrust.ObjectType) bool { return true },
	}
}

// All rules, and those that look at every grant beside the others.
func BenchmarkLint(b *testing.B) {
	for name, rules := range map[string][]string{"all": nil, "waste": {"redundant-grant", "powerless-grant", "grant-to-empty-group"}} {
		b.Run(name, func(b *testing.B) {
			eachSize(b, func(b *testing.B, s *access.Snapshot) {
				in, found := lintInput(s), 0
				for b.Loop() {
					found = len(lint.Run(in, lint.Options{TokenAge: 90 * 24 * time.Hour, LargeGroup: 50, MaxManagers: 10, Rules: rules}).Findings)
				}
				b.ReportMetric(float64(found), "findings")
			})
		})
	}
}
