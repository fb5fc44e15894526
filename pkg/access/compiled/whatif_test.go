package compiled_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

func TestWithEqualsTheChangedDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s, before, engine := pair(t)
		after := before.Clone()
		var change compiled.Change
		for _, a := range s.ACLs {
			if kept, there := after.ACL(a.ID); there && rapid.IntRange(0, 3).Draw(t, "remove") == 0 {
				change.Remove = append(change.Remove, kept.ACLItem)
				after.DeleteACL(a.ID)
			}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "added") {
			one := item(t, w, s)
			change.Add = append(change.Add, one)
			after.PutACL(braintrust.ACL{ID: fmt.Sprint("z", i), ACLItem: one})
		}
		for _, id := range before.Groups() {
			if rapid.IntRange(0, 3).Draw(t, "change") == 0 {
				g, _ := before.Group(id)
				g.MemberUsers = some(t, "other users", append(w.users, "new"), 3)
				g.MemberGroups = some(t, "other groups", w.groups, 3)
				change.Groups = append(change.Groups, g)
				after.PutGroup(g)
			}
		}
		changed, err := engine.With(change)
		if err != nil {
			t.Fatal(err)
		}
		equalChecks(t, w, after, changed)
		equalChecks(t, w, before, engine)
	})
}

func TestWithRefusesGroupsItDoesNotKnow(t *testing.T) {
	t.Parallel()
	engine := compiled.Compile(&access.Snapshot{Organization: braintrust.Organization{ID: org}})
	if _, err := engine.With(compiled.Change{Groups: []braintrust.Group{{ID: "g0"}}}); err == nil {
		t.Fatal("no error")
	}
}
