package paths_test

import (
	"fmt"

	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

// Ana may change who is in Owners, so she could become an owner in one step.
func Example() {
	state := access.NewState(&access.Snapshot{
		Organization: braintrust.Organization{ID: "acme"},
		Users:        []braintrust.User{{ID: "ana"}, {ID: "bo"}},
		Groups:       []braintrust.Group{{ID: "owners", Name: "Owners", MemberUsers: []string{"bo"}}},
		ACLs: []braintrust.ACL{{ID: "1", ACLItem: braintrust.ACLItem{
			ObjectType: braintrust.ObjectGroup, ObjectID: "owners", UserID: "ana", Permission: braintrust.PermissionUpdate,
		}}},
	})
	state.AddImplied()
	report := paths.Find(state, paths.ToOwner(state))
	fmt.Println("owners:", report.Holders)
	for _, climber := range report.Climbers {
		for _, link := range climber.Links {
			fmt.Println(climber.UserID, link.Action, link.On, "with", link.Right)
		}
	}
	// Output:
	// owners: [bo]
	// ana join-group group:owners with update
}
