package access

import "btadmin/pkg/braintrust"

// Object is an experiment, dataset, prompt, function or playground, with the endpoint it came from.
type Object struct {
	Kind braintrust.ObjectKind
	braintrust.Object
}

// Node is the node that grants on the object are attached to.
func (o Object) Node() Node { return Node{Type: o.Kind.Type(), ID: o.ID} }

// Snapshot is what an organization looked like at one moment: the lists of the API, complete or empty.
type Snapshot struct {
	Organization  braintrust.Organization
	Users         []braintrust.User
	Groups        []braintrust.Group
	Roles         []braintrust.Role
	ACLs          []braintrust.ACL
	Projects      []braintrust.Project
	ProjectGroups []braintrust.ProjectGroup
	Objects       []Object
	Tokens        []braintrust.ServiceToken
	// TokensKnown is false when the caller may not list service tokens, so that nothing is concluded
	// from their absence.
	TokensKnown bool
	// Complete says that Users has every member, and Objects every experiment, dataset, prompt and function
	// that a grant names. Who or what is named but not listed is then gone and is given nothing. Without it
	// nothing is concluded from not being listed, so that guards that read some lists err on the safe side.
	Complete bool
}
