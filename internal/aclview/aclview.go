// Package aclview shows ACLs: the API's fields with the names beside the ids.
package aclview

import (
	"time"

	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Row is one ACL. Fields are added, never renamed.
type Row struct {
	ID                 string    `json:"id"`
	ObjectType         string    `json:"object_type"`
	ObjectID           string    `json:"object_id"`
	ObjectName         string    `json:"object_name"` // reference: project:Chatbot
	Principal          string    `json:"principal"`   // reference: group:QA
	UserID             string    `json:"user_id"`
	UserEmail          string    `json:"user_email"`
	GroupID            string    `json:"group_id"`
	GroupName          string    `json:"group_name"`
	Permission         string    `json:"permission"`
	RestrictObjectType string    `json:"restrict_object_type"`
	RoleID             string    `json:"role_id"`
	RoleName           string    `json:"role_name"`
	Created            time.Time `json:"created,omitzero"`
}

// Items is the contents of ACLs, for looking their names up.
func Items(acls []braintrust.ACL) []braintrust.ACLItem {
	items := make([]braintrust.ACLItem, len(acls))
	for i, acl := range acls {
		items[i] = acl.ACLItem
	}
	return items
}

// Rows names ACLs.
func Rows(acls []braintrust.ACL, names *resolve.Names) []Row {
	rows := make([]Row, len(acls))
	for i, acl := range acls {
		rows[i] = Row{
			ID: acl.ID, ObjectType: string(acl.ObjectType), ObjectID: acl.ObjectID, ObjectName: names.Node(access.NodeOf(acl.ACLItem)),
			Principal: names.Principal(access.PrincipalOf(acl.ACLItem)),
			UserID:    acl.UserID, UserEmail: names.User(acl.UserID), GroupID: acl.GroupID, GroupName: names.Group(acl.GroupID),
			Permission: string(acl.Permission), RestrictObjectType: string(acl.RestrictObjectType),
			RoleID: acl.RoleID, RoleName: names.Role(acl.RoleID), Created: acl.Created,
		}
	}
	return rows
}

// grant is what a row gives: a permission, or a role.
func (r Row) grant() string {
	if r.RoleID == "" {
		return r.Permission
	}
	if r.RoleName == "" {
		return "role " + r.RoleID
	}
	return "role " + r.RoleName
}

// Columns are the columns of a list of ACLs.
func Columns() []output.Column[Row] {
	return []output.Column[Row]{
		{Field: "object_name", Header: "ON", Text: func(r Row) string { return r.ObjectName }},
		{Field: "principal", Header: "WHO", Text: func(r Row) string { return r.Principal }},
		{Field: "permission", Text: func(r Row) string { return r.grant() }},
		{Field: "restrict_object_type", Header: "RESTRICTED TO", Text: func(r Row) string { return r.RestrictObjectType }},
		{Field: "id", Text: func(r Row) string { return r.ID }},
	}
}
