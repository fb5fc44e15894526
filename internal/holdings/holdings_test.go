package holdings

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// The users of a member group receive what the listing group allows, not the other way round; a cycle ends.
func TestGroupsOf(t *testing.T) {
	t.Parallel()
	groups := []braintrust.Group{
		{ID: "1", Name: "Evaluators", MemberUsers: []string{"ana"}},
		{ID: "2", Name: "Research", MemberGroups: []string{"1"}, MemberUsers: []string{"ben"}},
		{ID: "3", Name: "Everybody", MemberGroups: []string{"2", "4"}},
		{ID: "4", Name: "Circle", MemberGroups: []string{"3"}},
		{ID: "5", Name: "Both", MemberGroups: []string{"1"}, MemberUsers: []string{"ana"}},
		{ID: "6", Name: "Others", MemberUsers: []string{"cleo"}},
	}
	want := []Group{
		{GroupID: "5", GroupName: "Both", Direct: true},
		{GroupID: "1", GroupName: "Evaluators", Direct: true},
		{GroupID: "4", GroupName: "Circle", ViaGroupID: "3", ViaGroupName: "Everybody"},
		{GroupID: "3", GroupName: "Everybody", ViaGroupID: "2", ViaGroupName: "Research"},
		{GroupID: "2", GroupName: "Research", ViaGroupID: "1", ViaGroupName: "Evaluators"},
	}
	if diff := cmp.Diff(want, groupsOf(groups, "ana")); diff != "" {
		t.Errorf("groups of ana (-want +got):\n%s", diff)
	}
	if got := groupsOf(groups, "nobody"); got == nil || len(got) != 0 {
		t.Errorf("groups of nobody: %v", got)
	}
}

func TestCellsNameWhatIsUnreadable(t *testing.T) {
	t.Parallel()
	h := &Holdings{Groups: []Group{{GroupName: "A", Direct: true}, {GroupName: "B", ViaGroupName: "A"}}, Unreadable: []string{"grants"}}
	for want, got := range map[string]string{
		"A; B (via A)":                 h.GroupWords(),
		"(not readable with this key)": h.GrantWords(),
		"":                             h.TokenWords(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
