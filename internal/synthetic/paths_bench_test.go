package synthetic_test

import (
	"fmt"
	"slices"
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

// Who could become an owner, for every member. Three teams are put into Owners, and most teams may edit the
// next, so that there are chains.
func BenchmarkPaths(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		changed := *s
		changed.Groups = slices.Clone(s.Groups)
		for i := range 3 {
			owners := &changed.Groups[0]
			owners.MemberGroups = append(owners.MemberGroups, s.Groups[len(s.Groups)-1-7*i].ID)
		}
		changed.ACLs = slices.Clone(s.ACLs)
		for i := 3; i < len(s.Groups)-1; i++ {
			if i%4 == 0 {
				continue
			}
			on := access.Node{Type: braintrust.ObjectGroup, ID: s.Groups[i+1].ID}
			team := access.Principal{Kind: access.PrincipalGroup, ID: s.Groups[i].ID}
			item := access.GrantItem(team, on, access.Tuple{Permission: braintrust.PermissionUpdate})
			changed.ACLs = append(changed.ACLs, braintrust.ACL{ID: fmt.Sprint("edit-", i), ACLItem: item})
		}
		s = &changed
		state := access.NewState(s)
		state.AddImplied()
		climbers, cuts := 0, 0
		for b.Loop() {
			report := paths.Find(state, paths.ToOwner(state))
			climbers, cuts = len(report.Climbers), len(report.Cuts)
		}
		b.ReportMetric(float64(climbers), "climbers")
		b.ReportMetric(float64(cuts), "cuts")
	})
}
