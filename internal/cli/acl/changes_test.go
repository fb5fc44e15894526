package acl

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// items draws grants of few principals on few objects, so that they meet.
func items(t *rapid.T, label string) []braintrust.ACLItem {
	nodes := []access.Node{{Type: "organization", ID: "org"}, {Type: "org_member", ID: "org"}, {Type: "org_audit_logs", ID: "org"}, {Type: "project", ID: "P"}, {Type: "project", ID: "Q"}}
	drawn := rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) braintrust.ACLItem {
		p := rapid.SampledFrom(principals()).Draw(t, "principal")
		n := rapid.SampledFrom(nodes).Draw(t, "node")
		if rapid.IntRange(0, 5).Draw(t, "kind") == 0 {
			return access.RoleItem(p, n, "viewer")
		}
		return access.GrantItem(p, n, access.Tuple{
			Permission: rapid.SampledFrom(append(braintrust.Permissions(), "newer")).Draw(t, "permission"),
			Restrict:   rapid.SampledFrom([]braintrust.ObjectType{"", "", "dataset", "prompt", "organization"}).Draw(t, "restrict"),
		})
	}), func(i braintrust.ACLItem) braintrust.ACLItem { return i })
	return drawn.Draw(t, label)
}

func principals() []access.Principal {
	return []access.Principal{{Kind: access.PrincipalGroup, ID: "qa"}, {Kind: access.PrincipalUser, ID: "ana"}}
}

// wished draws a wish about the organization, a project, or a kind of object in it.
func wished(t *rapid.T) *wish {
	who := rapid.SampledFrom(principals()).Draw(t, "who")
	place := rapid.SampledFrom([]struct {
		node    access.Node
		objects string
		words   []string
	}{
		{access.Node{Type: "organization", ID: "org"}, "", []string{"manage-settings", "manage-members,read-audit-logs", "manage-access", "read", "none"}},
		{access.Node{Type: "project", ID: "P"}, "", []string{"read", "read,create", "all", "all,manage-access", "read_acls", "none"}},
		{access.Node{Type: "project", ID: "P"}, "datasets", []string{"read", "all", "none"}},
		{access.Node{Type: "project", ID: "Q"}, "datasets,scorers", []string{"create", "all,manage-access", "none"}},
	}).Draw(t, "place")
	words := rapid.SampledFrom(place.words).Draw(t, "words")
	set, err := grants.On(access.Table{}, who, place.node, words, place.objects)
	if err != nil {
		t.Fatal(err)
	}
	return &wish{who: resolve.Named{Principal: who}, target: resolve.Target{Node: place.node}, set: set}
}

func stored(items []braintrust.ACLItem) []braintrust.ACL {
	acls := make([]braintrust.ACL, len(items))
	for i, item := range items {
		acls[i] = braintrust.ACL{ID: string(rune('a' + i)), ACLItem: item}
	}
	return acls
}

// apply is what the server has after the changes.
func apply(before []braintrust.ACLItem, c changes) []braintrust.ACLItem {
	after := append(slices.Clone(before), c.add.Items...)
	for _, acl := range c.remove.ACLs {
		after = slices.DeleteFunc(after, func(i braintrust.ACLItem) bool { return i == acl.ACLItem })
	}
	return after
}

func setVerb() verb {
	return verb{exclusive: true, adds: true, want: func(w *wish, have *index) ([]braintrust.ACLItem, []braintrust.ACL) {
		return w.missing(have), w.surplus(have)
	}}
}

func TestSetMakesARowExactlySoAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, w := items(t, "before"), wished(t)
		have := newIndex(stored(before))
		c := setVerb().plan([]*wish{w}, have)
		after := apply(before, c)
		inRow := func(i braintrust.ACLItem) bool {
			return access.PrincipalOf(i) == w.who.Principal && i.RoleID == "" && slices.ContainsFunc(w.set.Rows, func(r grants.Row) bool { return r.Holds(access.Table{}, i) })
		}
		for _, i := range after {
			if inRow(i) && !slices.Contains(w.set.Items, i) {
				t.Errorf("%+v is left in the row", i)
			}
		}
		for _, i := range w.set.Items {
			if !slices.Contains(after, i) {
				t.Errorf("%+v was wished for and is not there", i)
			}
		}
		for _, i := range before {
			if !inRow(i) && !slices.Contains(after, i) {
				t.Errorf("%+v is outside of the row and was taken away", i)
			}
		}
		if again := setVerb().plan([]*wish{w}, newIndex(stored(after))); len(again.steps) != 0 {
			t.Errorf("a second run changes something: %+v", again)
		}
		c.add.Out = stored(c.add.Items)
		for _, acl := range c.after(w, have) {
			if !slices.Contains(after, acl.ACLItem) {
				t.Errorf("the answer has %+v, which is not there", acl.ACLItem)
			}
		}
	})
}

// What one row of a file wishes for, no other row takes away: the organization's row has grants on members,
// which have a row of their own too.
func TestRowsOfOneFileDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := items(t, "before")
		organization := wished(t)
		who := organization.who.Principal
		members, err := grants.On(access.Table{}, who, access.Node{Type: "org_member", ID: "org"}, "create", "")
		if err != nil {
			t.Fatal(err)
		}
		w := &wish{who: organization.who, target: resolve.Target{Node: access.Node{Type: "org_member", ID: "org"}}, set: members}
		after := apply(before, setVerb().plan([]*wish{organization, w}, newIndex(stored(before))))
		for _, i := range append(slices.Clone(organization.set.Items), members.Items...) {
			if !slices.Contains(after, i) {
				t.Errorf("%+v was wished for and is not there", i)
			}
		}
	})
}
