package reconcile_test

import (
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Who administers a group and can be named by an id only is in the document; where one cannot be named at all, the
// document says nothing about who administers the group. Either way a plan takes nothing away.
func TestExportKeepsEveryAdministrator(t *testing.T) {
	t.Parallel()
	admin := func(s *access.Snapshot, id string, p access.Principal) {
		on := access.Node{Type: braintrust.ObjectGroup, ID: "g-qa"}
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: id, ACLItem: access.GrantItem(p, on, access.Tuple{Permission: "update"})})
	}
	const twin = "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f09"
	for name, tt := range map[string]struct {
		edit func(*access.Snapshot)
		want int // administrators in the document
	}{
		"one of two accounts with one name": {func(s *access.Snapshot) {
			s.Users = append(s.Users, braintrust.User{ID: twin, GivenName: "bot"})
			s.Tokens = append(s.Tokens, braintrust.ServiceToken{ID: "t-twin", Name: "x", ServiceAccountID: twin, ServiceAccountName: "bot"})
			admin(s, "a-twin", access.Principal{Kind: access.PrincipalUser, ID: twin})
		}, 2},
		"a group whose name cannot be written": {func(s *access.Snapshot) {
			s.Groups = append(s.Groups, braintrust.Group{ID: "g-odd", OrgID: "org", Name: "${odd}"})
			admin(s, "a-odd", access.Principal{Kind: access.PrincipalGroup, ID: "g-odd"})
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acme()
			admin(s, "a-ana", access.Principal{Kind: access.PrincipalUser, ID: "u-ana"})
			tt.edit(s)
			view := orgview.New(s, orgview.Meta{Objects: true})
			exported := reconcile.Export(view).Desired
			for _, g := range exported.Groups {
				if g.Name.Value == "QA" && len(g.Administrators) != tt.want {
					t.Errorf("%+v", g.Administrators)
				}
			}
			p := parse(t, exported, access.Table{})
			result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: now})
			if err != nil || result.Changes() {
				t.Errorf("%v, %+v", err, result)
			}
		})
	}
}
