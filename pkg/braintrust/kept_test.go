package braintrust_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// TestC5_UnknownFieldsRoundTrip: every object keeps the members that this package does not know, and
// writes nothing of its own making.
func TestC5_UnknownFieldsRoundTrip(t *testing.T) {
	t.Parallel()
	t.Run("Organization", roundTrips[braintrust.Organization])
	t.Run("User", roundTrips[braintrust.User])
	t.Run("Group", roundTrips[braintrust.Group])
	t.Run("Role", roundTrips[braintrust.Role])
	t.Run("ACL", roundTrips[braintrust.ACL])
	t.Run("ServiceToken", roundTrips[braintrust.ServiceToken])
	t.Run("APIKey", roundTrips[braintrust.APIKey])
	t.Run("Project", roundTrips[braintrust.Project])
	t.Run("ProjectGroup", roundTrips[braintrust.ProjectGroup])
	t.Run("Object", roundTrips[braintrust.Object])
	t.Run("LoginOrg", roundTrips[braintrust.LoginOrg])
	t.Run("MintedToken", roundTrips[braintrust.MintedToken])
}

func roundTrips[T any](t *testing.T) {
	t.Parallel()
	const text = `{"id":"a","created":"2026-07-01T12:00:00.5Z","wings":{"left":[1,null]},"legs":12345678901234567890}`
	var object T
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(written), `"wings":{"left":[1,null]},"legs":12345678901234567890`) || strings.Contains(string(written), "Unknown") {
		t.Errorf("wrote %s", written)
	}
	var again T
	if err := json.Unmarshal(written, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object, again, cmp.Comparer(func(a, b braintrust.Secret) bool { return true })); diff != "" {
		t.Error(diff)
	}
}
