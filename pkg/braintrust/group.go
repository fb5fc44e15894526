package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Group is a permission group: a set of users that can be the subject of an ACL.
type Group struct {
	ID          string     `json:"id"`
	OrgID       string     `json:"org_id"`
	UserID      string     `json:"user_id,omitzero"` // who created it
	Created     time.Time  `json:"created,omitzero"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitzero"`
	DeletedAt   *time.Time `json:"deleted_at,omitzero"`
	MemberUsers []string   `json:"member_users,omitzero"`
	// MemberGroups are the groups whose users this group also has: the users of a member group
	// receive what this group is granted, not the other way round.
	MemberGroups []string       `json:"member_groups,omitzero"`
	Unknown      jsontext.Value `json:",embed"`
}

// GroupFilter narrows Groups.
type GroupFilter struct {
	IDs  []string
	Name string // exact group name
}

// GroupCreate is the body of CreateGroup.
type GroupCreate struct {
	Name         string   `json:"name"`
	Description  string   `json:"description,omitzero"`
	MemberUsers  []string `json:"member_users,omitempty"`
	MemberGroups []string `json:"member_groups,omitempty"`
	OrgName      string   `json:"org_name,omitzero"`
}

// GroupPatch is the body of UpdateGroup. A nil pointer leaves the field; a description is blanked with "".
type GroupPatch struct {
	Name               *string  `json:"name,omitzero"`
	Description        *string  `json:"description,omitzero"`
	AddMemberUsers     []string `json:"add_member_users,omitempty"`
	RemoveMemberUsers  []string `json:"remove_member_users,omitempty"`
	AddMemberGroups    []string `json:"add_member_groups,omitempty"`
	RemoveMemberGroups []string `json:"remove_member_groups,omitempty"`
}
