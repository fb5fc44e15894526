package change_test

import (
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// user is a person of the demo organization as a principal.
func (w *world) person(email string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: w.user(email).ID}
}

// team is a group of the demo organization as a principal.
func (w *world) team(name string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: w.group(name).ID}
}

// node is one of the organization's own nodes.
func (w *world) node(t braintrust.ObjectType) access.Node { return access.Node{Type: t, ID: w.org.ID} }

// do runs steps whatever the guards say: it prepares what a test is about.
func (w *world) do(steps ...change.Step) {
	w.t.Helper()
	if _, err := w.Run(w.t.Context(), w.review(steps...)); err != nil {
		w.t.Fatal(err)
	}
}

// grants gives permissions to a principal on a node.
func grants(p access.Principal, n access.Node, permissions ...braintrust.Permission) []braintrust.ACLItem {
	items := make([]braintrust.ACLItem, len(permissions))
	for i, permission := range permissions {
		items[i] = access.GrantItem(p, n, access.Tuple{Permission: permission})
	}
	return items
}

var manageAccess = braintrust.ACLPermissions()

// delegate makes a service account that may do what is granted to it on nodes, and nothing else, and
// becomes it.
func (w *world) delegate(may map[access.Node][]braintrust.Permission) access.Principal {
	w.t.Helper()
	sink := &memorySink{}
	account := &change.CreateServiceAccount{Name: "delegate", TokenName: "delegate", Sink: sink}
	w.do(account)
	me := access.Principal{Kind: access.PrincipalUser, ID: account.Out.ID}
	for node, permissions := range may {
		w.do(&change.AddACLs{Items: grants(me, node, permissions...)})
	}
	w.as(sink.secret)
	return me
}

// wantGuards fails the test unless exactly these guards fire, in this order.
func (w *world) wantGuards(t *testing.T, review *change.Review, want ...string) {
	t.Helper()
	got := guards(review)
	if len(got) != len(want) {
		t.Errorf("guards %q, want %q: %+v", got, want, review.Findings)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("guards %q, want %q: %+v", got, want, review.Findings)
			return
		}
	}
}

func (w *world) role(name string) braintrust.Role {
	w.t.Helper()
	roles, err := braintrust.Collect(w.client.Roles(w.t.Context(), braintrust.RoleFilter{Name: name}))
	if err != nil || len(roles) != 1 {
		w.t.Fatalf("role %s: %v, %v", name, roles, err)
	}
	return roles[0]
}
