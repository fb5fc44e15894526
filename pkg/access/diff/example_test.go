package diff_test

import (
	"fmt"

	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

func Example() {
	at := func(members ...string) *access.Snapshot {
		return &access.Snapshot{
			Organization: braintrust.Organization{ID: "acme"},
			Users:        []braintrust.User{{ID: "ana"}, {ID: "bo"}},
			Groups:       []braintrust.Group{{ID: "qa", MemberUsers: members}},
			Projects:     []braintrust.Project{{ID: "chatbot"}},
			ACLs: []braintrust.ACL{{ID: "1", ACLItem: braintrust.ACLItem{
				ObjectType: braintrust.ObjectProject, ObjectID: "chatbot", GroupID: "qa", Permission: braintrust.PermissionRead,
			}}},
		}
	}
	report := diff.Compare(at("ana"), at("bo"), diff.Options{})
	for _, change := range report.Changes {
		verb := map[bool]string{true: "gained", false: "lost"}[change.Gained]
		fmt.Println(change.Principals, verb, change.Permissions, "on", change.Places[0].Node)
	}
	// Output:
	// [user:bo] gained [read] on project:chatbot
	// [user:ana] lost [read] on project:chatbot
}
