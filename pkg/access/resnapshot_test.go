package access_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// A state of a snapshot of a state is the same state: nobody's rights differ, and writing it out again changes nothing.
func TestSnapshotOfAState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		once := access.NewState(s).Snapshot(s)
		state := access.NewState(once)
		state.AddImplied() // is not part of the lists
		twice := state.Snapshot(once)
		was, is := access.NewState(s), access.NewState(once)
		for _, user := range was.Users() {
			p := access.Principal{Kind: access.PrincipalUser, ID: user}
			for _, project := range s.Projects {
				n := access.Node{Type: braintrust.ObjectProject, ID: project.ID}
				if a, b := was.Effective(p, n), is.Effective(p, n); !slices.Equal(a, b) {
					t.Fatalf("%s on %s: %v, then %v", p, n, a, b)
				}
			}
		}
		if !reflect.DeepEqual(once, twice) {
			t.Fatalf("%+v\n%+v", once, twice)
		}
	})
}
