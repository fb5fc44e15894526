package change

import (
	"testing"

	"btadmin/internal/orgstate"
	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// BenchmarkReviewLarge is what the guards take for 2,000 changes of grants and 500 of groups in an organization of
// 25,000 users, 5,000 groups and 100,000 ACLs (D18).
func BenchmarkReviewLarge(b *testing.B) {
	s := synthetic.Organization(synthetic.Size{Name: "D18", Users: 25_000, Groups: 5_000, Depth: 50, Projects: 1_000, Objects: 2, ACLs: 100_000, Cycles: true}, 1)
	state := access.NewState(s)
	state.AddImplied()
	var steps []Step
	add, remove := &AddACLs{}, &RemoveACLs{}
	for i := range 1000 {
		node := access.Node{Type: braintrust.ObjectProject, ID: s.Projects[i%len(s.Projects)].ID}
		group := access.Principal{Kind: access.PrincipalGroup, ID: s.Groups[(i*7)%len(s.Groups)].ID}
		add.Items = append(add.Items, access.GrantItem(group, node, access.Tuple{Permission: braintrust.PermissionUpdate, Restrict: "dataset"}))
		remove.ACLs = append(remove.ACLs, s.ACLs[(i*97)%len(s.ACLs)])
	}
	for i := range 500 {
		g := s.Groups[(i*9)%len(s.Groups)]
		patch := braintrust.GroupPatch{AddMemberUsers: []string{s.Users[i].ID, s.Users[i+1000].ID}}
		if len(g.MemberUsers) > 0 {
			patch.RemoveMemberUsers = g.MemberUsers[:1]
		}
		steps = append(steps, &PatchGroup{Group: g, Patch: patch})
	}
	steps = append(steps, add, remove)
	b.ResetTimer()
	for range b.N {
		v := &view{
			org: s.Organization, before: state, known: everything(), names: idNamer{}, steps: ordered(steps), bulk: true,
			tokens: s.Tokens, tokensKnown: true, members: orgstate.Classify(s.Users, s.Tokens, true), callerAsked: true,
			caller: orgstate.Caller{UserID: s.Users[0].ID},
		}
		b.ReportMetric(float64(len(v.findings())), "findings")
	}
}
