package compiled_test

import (
	"fmt"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

func Example() {
	engine := compiled.Compile(&access.Snapshot{
		Organization: braintrust.Organization{ID: "acme"},
		Users:        []braintrust.User{{ID: "ana"}, {ID: "bo"}},
		Groups:       []braintrust.Group{{ID: "qa", MemberUsers: []string{"ana", "bo"}}},
		Projects:     []braintrust.Project{{ID: "chatbot"}},
		ACLs: []braintrust.ACL{{ID: "1", ACLItem: braintrust.ACLItem{
			ObjectType: braintrust.ObjectProject, ObjectID: "chatbot", GroupID: "qa", Permission: braintrust.PermissionRead,
		}}},
	}, compiled.WithImplied())
	chatbot := access.Node{Type: braintrust.ObjectProject, ID: "chatbot"}
	for who := range engine.WhoCan(braintrust.PermissionRead, chatbot, compiled.Users) {
		fmt.Println(who, engine.EffectivePermissions(who, chatbot))
	}
	// Output:
	// user:ana [read]
	// user:bo [read]
}
