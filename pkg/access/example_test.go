package access_test

import (
	"fmt"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// acme is a small organization: Ana is in QA, which may read the project Chatbot and make datasets in it.
func acme() *access.Snapshot {
	grant := func(id, project string, permission braintrust.Permission, restrict braintrust.ObjectType) braintrust.ACL {
		return braintrust.ACL{ID: id, ACLItem: braintrust.ACLItem{
			ObjectType: braintrust.ObjectProject, ObjectID: project, GroupID: "qa", Permission: permission, RestrictObjectType: restrict,
		}}
	}
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: "acme", Name: "Acme"},
		Users:        []braintrust.User{{ID: "ana", Email: "ana@example.com"}, {ID: "bo", Email: "bo@example.com"}},
		Groups:       []braintrust.Group{{ID: "qa", Name: "QA", MemberUsers: []string{"ana"}}},
		Projects:     []braintrust.Project{{ID: "chatbot", Name: "Chatbot"}},
		ACLs:         []braintrust.ACL{grant("1", "chatbot", "read", ""), grant("2", "chatbot", "create", "dataset")},
		Complete:     true,
	}
}

func Example() {
	state := access.NewState(acme())
	state.AddImplied() // what built-in groups hold without a listed grant
	ana := access.Principal{Kind: access.PrincipalUser, ID: "ana"}
	chatbot := access.Node{Type: braintrust.ObjectProject, ID: "chatbot"}

	fmt.Println("read:", state.Allowed(ana, braintrust.PermissionRead, chatbot))
	fmt.Println("update:", state.Allowed(ana, braintrust.PermissionUpdate, chatbot))
	fmt.Println("make a dataset:", state.AllowedChild(ana, braintrust.PermissionCreate, braintrust.ObjectDataset, chatbot))
	fmt.Println("make an experiment:", state.AllowedChild(ana, braintrust.PermissionCreate, braintrust.ObjectExperiment, chatbot))
	// Output:
	// read: true
	// update: false
	// make a dataset: true
	// make an experiment: false
}

func ExampleState_Explain() {
	state := access.NewState(acme())
	ana := access.Principal{Kind: access.PrincipalUser, ID: "ana"}
	why := state.Explain(ana, braintrust.PermissionRead, access.Node{Type: braintrust.ObjectProject, ID: "chatbot"})
	for _, path := range why.Paths {
		fmt.Println(why.Allowed, "by grant", path.ACL.ID, "through", path.Subjects)
	}
	// Output:
	// true by grant 1 through [user:ana group:qa]
}

func ExampleState_Clone() {
	state := access.NewState(acme())
	bo := access.Principal{Kind: access.PrincipalUser, ID: "bo"}
	chatbot := access.Node{Type: braintrust.ObjectProject, ID: "chatbot"}

	after := state.Clone()
	after.AddMember("qa", "bo")
	fmt.Println("now:", state.Allowed(bo, braintrust.PermissionRead, chatbot))
	fmt.Println("as a member of QA:", after.Allowed(bo, braintrust.PermissionRead, chatbot))
	// Output:
	// now: false
	// as a member of QA: true
}

// The words of the permission pages become grants.
func ExampleTable_ParseWords() {
	var table access.Table
	labels, err := table.ParseWords(access.ScopeObjects, "read, update")
	if err != nil {
		fmt.Println(err)
		return
	}
	qa := access.Principal{Kind: access.PrincipalGroup, ID: "qa"}
	for _, label := range labels {
		for _, item := range label.Items(qa, access.Node{Type: braintrust.ObjectProject, ID: "chatbot"}, braintrust.ObjectDataset) {
			fmt.Printf("%s on %s, restricted to %s\n", item.Permission, access.NodeOf(item), item.RestrictObjectType)
		}
	}
	// Output:
	// read on project:chatbot, restricted to dataset
	// update on project:chatbot, restricted to dataset
}

// Grants become the words of the permission pages; nothing is hidden.
func ExampleTable_Describe() {
	var table access.Table
	var items []braintrust.ACLItem
	for _, acl := range acme().ACLs {
		items = append(items, acl.ACLItem)
	}
	for _, row := range table.Describe(items) {
		fmt.Println(row.Scope, row.Node, row.Restrict, row.Words(), row.Unnamed)
	}
	// Output:
	// project project:chatbot  [read] []
	// objects project:chatbot dataset [create] []
}

func ExampleTable_Correct() {
	table, err := access.Table{}.Correct(access.Label{
		Scope: access.ScopeOrganization, Word: "manage-settings", Confidence: access.Certain,
		Grants: []access.LabelGrant{{Tuple: access.Tuple{Permission: braintrust.PermissionUpdate}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	label, _ := table.Label(access.ScopeOrganization, "manage-settings")
	fmt.Println(label.Title, label.Grants, label.Confidence)
	// Output:
	// Manage settings [update] certain
}
