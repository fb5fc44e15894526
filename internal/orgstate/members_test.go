package orgstate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/orgstate"
	"btadmin/pkg/braintrust"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	users := []braintrust.User{
		{ID: "ana", GivenName: "Ana", FamilyName: "Ruiz", Email: "ana@acme.example.com"},
		{ID: "ci", GivenName: "old name", Email: "ci@x.serviceaccount.local"},
		{ID: "idle", GivenName: "idle", Email: "idle@x.serviceaccount.local"},
		{ID: "other", GivenName: "other", Email: "other@elsewhere.invalid"},
		{ID: "nameless", Email: "nobody@acme.example.com"},
		{ID: "mailless", GivenName: "m"},
	}
	tokens := []braintrust.ServiceToken{{ServiceAccountID: "ci", ServiceAccountName: "ci", ServiceAccountEmail: "ci@x.serviceaccount.local"}}
	for _, tt := range []struct {
		name   string
		tokens []braintrust.ServiceToken
		known  bool
		want   map[string]orgstate.Kind
	}{
		{"with tokens", tokens, true, map[string]orgstate.Kind{
			"ana": orgstate.Person, "ci": orgstate.ServiceAccount, "idle": orgstate.ServiceAccount,
			"other": orgstate.Unknown, "nameless": orgstate.Person, "mailless": orgstate.Unknown,
		}},
		{"tokens may not be listed", nil, false, map[string]orgstate.Kind{
			"ana": orgstate.Person, "ci": orgstate.Unknown, "idle": orgstate.Unknown,
			"other": orgstate.Unknown, "nameless": orgstate.Unknown, "mailless": orgstate.Unknown,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			members := orgstate.Classify(users, tt.tokens, tt.known)
			got := map[string]orgstate.Kind{}
			for _, m := range members.All {
				got[m.User.ID] = m.Kind
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if ci, ok := members.ByID("ci"); !ok || (tt.known && ci.Name != "ci") {
				t.Errorf("ci = %+v, %v: the token's name of an account wins", ci, ok)
			}
		})
	}
}
