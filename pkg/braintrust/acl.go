package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ACL is one stored grant. ACLs are immutable: to change one, add the new one and remove the old.
type ACL struct {
	ID string `json:"id"`
	ACLItem
	ObjectOrgID string         `json:"_object_org_id,omitzero"`
	Created     time.Time      `json:"created,omitzero"`
	Unknown     jsontext.Value `json:",embed"`
}

// ACLItem is the contents of a grant and its natural key: a subject (exactly one of UserID and
// GroupID) is given a permission, optionally restricted to an object type, or a role, on an object.
// It is comparable, so it can be a map key.
type ACLItem struct {
	ObjectType         ObjectType `json:"object_type"`
	ObjectID           string     `json:"object_id"`
	UserID             string     `json:"user_id,omitzero"`
	GroupID            string     `json:"group_id,omitzero"`
	Permission         Permission `json:"permission,omitzero"`
	RestrictObjectType ObjectType `json:"restrict_object_type,omitzero"`
	RoleID             string     `json:"role_id,omitzero"`
}

// ACLFilter narrows ACLs and OrgACLs. ACLs requires ObjectType and ObjectID.
type ACLFilter struct {
	IDs                []string
	ObjectType         ObjectType
	ObjectID           string
	UserID             string
	GroupID            string
	Permission         Permission
	RestrictObjectType ObjectType
	RoleID             string
	After              string // only what comes after the grant with this id; lists are newest first
}

// ACLBatch is the body of UpdateACLs. It is idempotent; atomicity is not published, so callers never
// rely on it.
type ACLBatch struct {
	Add    []ACLItem `json:"add_acls,omitempty"`
	Remove []ACLItem `json:"remove_acls,omitempty"`
}

// ACLBatchResult is the answer of UpdateACLs.
type ACLBatchResult struct {
	Added   []ACL `json:"added_acls"`
	Removed []ACL `json:"removed_acls"`
}
