package access

import "btadmin/pkg/braintrust"

// Node is a thing that grants are attached to. Virtual nodes (org_project, org_member, org_audit_logs,
// org_ai_secret, project_log) have the id of their owner.
type Node struct {
	Type braintrust.ObjectType
	ID   string
}

// String is the node as TYPE:ID.
func (n Node) String() string { return string(n.Type) + ":" + n.ID }

// NodeOf is the node that a grant is attached to.
func NodeOf(item braintrust.ACLItem) Node {
	return Node{Type: item.ObjectType, ID: item.ObjectID}
}

// PrincipalKind tells users and groups apart. A service account is a user.
type PrincipalKind string

// The kinds of principal.
const (
	PrincipalUser  PrincipalKind = "user"
	PrincipalGroup PrincipalKind = "group"
)

// Principal is who a grant is given to.
type Principal struct {
	Kind PrincipalKind
	ID   string
}

// String is the principal as KIND:ID.
func (p Principal) String() string { return string(p.Kind) + ":" + p.ID }

// PrincipalOf is the subject of a grant.
func PrincipalOf(item braintrust.ACLItem) Principal {
	if item.GroupID != "" {
		return Principal{Kind: PrincipalGroup, ID: item.GroupID}
	}
	return Principal{Kind: PrincipalUser, ID: item.UserID}
}

// Tuple is one permission, restricted to a type of object or, when Restrict is empty, not restricted.
type Tuple struct {
	Permission braintrust.Permission
	Restrict   braintrust.ObjectType
}

// String is the tuple as permission or permission/type.
func (t Tuple) String() string {
	if t.Restrict == "" {
		return string(t.Permission)
	}
	return string(t.Permission) + "/" + string(t.Restrict)
}

// GrantItem is the grant of one tuple to a principal on a node.
func GrantItem(p Principal, n Node, t Tuple) braintrust.ACLItem {
	item := subject(p, n)
	item.Permission, item.RestrictObjectType = t.Permission, t.Restrict
	return item
}

// RoleItem is the grant of a role to a principal on a node.
func RoleItem(p Principal, n Node, roleID string) braintrust.ACLItem {
	item := subject(p, n)
	item.RoleID = roleID
	return item
}

func subject(p Principal, n Node) braintrust.ACLItem {
	item := braintrust.ACLItem{ObjectType: n.Type, ObjectID: n.ID}
	if p.Kind == PrincipalGroup {
		item.GroupID = p.ID
	} else {
		item.UserID = p.ID
	}
	return item
}
