package reconcile_test

import (
	"slices"
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/synthetic"
	"btadmin/pkg/braintrust"
)

// BenchmarkCompare is the comparison of D18 by itself: an organization with what describes it.
func BenchmarkCompare(b *testing.B) {
	s := synthetic.Organization(synthetic.Size{Name: "D18", Users: 25_000, Groups: 5_000, Depth: 50, Projects: 1_000, Objects: 0, ACLs: 100_000, Cycles: true}, 1)
	for i := range s.Users[:20_000] {
		s.Groups[0].MemberUsers = append(s.Groups[0].MemberUsers, s.Users[i].ID)
	}
	s.ACLs = slices.DeleteFunc(s.ACLs, func(a braintrust.ACL) bool { return a.ObjectType == braintrust.ObjectPromptSession })
	desired := reconcile.Export(orgview.New(s, orgview.Meta{Objects: true})).Desired
	for b.Loop() {
		result, err := reconcile.Compare(b.Context(), desired, orgview.New(s, orgview.Meta{Objects: true}), reconcile.Options{Now: now})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(result.Steps)), "steps")
	}
}
