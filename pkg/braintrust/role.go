package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Role is a named set of permissions that a grant can carry. An empty OrgID marks a system role:
// it can be assigned and inherited, not edited.
type Role struct {
	ID                string           `json:"id"`
	OrgID             string           `json:"org_id,omitzero"`
	UserID            string           `json:"user_id,omitzero"`
	Created           time.Time        `json:"created,omitzero"`
	Name              string           `json:"name"`
	Description       string           `json:"description,omitzero"`
	DeletedAt         *time.Time       `json:"deleted_at,omitzero"`
	MemberPermissions []RolePermission `json:"member_permissions,omitzero"`
	MemberRoles       []string         `json:"member_roles,omitzero"` // roles whose permissions this one also has
	Unknown           jsontext.Value   `json:",embed"`
}

// RolePermission is one (permission, restriction) pair of a role; an empty restriction means none.
type RolePermission struct {
	Permission         Permission `json:"permission"`
	RestrictObjectType ObjectType `json:"restrict_object_type,omitzero"`
}

// RoleFilter narrows Roles.
type RoleFilter struct {
	IDs  []string
	Name string
}

// RoleCreate is the body of CreateRole.
type RoleCreate struct {
	Name              string           `json:"name"`
	Description       string           `json:"description,omitzero"`
	MemberPermissions []RolePermission `json:"member_permissions,omitempty"`
	MemberRoles       []string         `json:"member_roles,omitempty"`
	OrgName           string           `json:"org_name,omitzero"`
}

// RolePatch is the body of UpdateRole.
type RolePatch struct {
	Name                    *string          `json:"name,omitzero"`
	Description             *string          `json:"description,omitzero"`
	AddMemberPermissions    []RolePermission `json:"add_member_permissions,omitempty"`
	RemoveMemberPermissions []RolePermission `json:"remove_member_permissions,omitempty"`
	AddMemberRoles          []string         `json:"add_member_roles,omitempty"`
	RemoveMemberRoles       []string         `json:"remove_member_roles,omitempty"`
}
