package groups

import (
	"context"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// grantRow is one grant as JSON shows it: the API's fields and names beside ids.
type grantRow struct {
	ID                 string    `json:"id"`
	ObjectType         string    `json:"object_type"`
	ObjectID           string    `json:"object_id"`
	ObjectName         string    `json:"object_name"`
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

// printGrants prints changed grants where the output is data.
func printGrants(ctx context.Context, p *output.Printer, r *resolve.Resolver, acls []braintrust.ACL) error {
	if p.Human() {
		return nil
	}
	items := make([]braintrust.ACLItem, len(acls))
	for i, acl := range acls {
		items[i] = acl.ACLItem
	}
	names, err := r.Names(ctx, items)
	if err != nil {
		return err
	}
	rows := make([]grantRow, len(acls))
	for i, acl := range acls {
		rows[i] = grantRow{
			ID: acl.ID, ObjectType: string(acl.ObjectType), ObjectID: acl.ObjectID, ObjectName: names.Node(access.NodeOf(acl.ACLItem)),
			UserID: acl.UserID, UserEmail: names.User(acl.UserID), GroupID: acl.GroupID, GroupName: names.Group(acl.GroupID),
			Permission: string(acl.Permission), RestrictObjectType: string(acl.RestrictObjectType),
			RoleID: acl.RoleID, RoleName: names.Role(acl.RoleID), Created: acl.Created,
		}
	}
	return output.List(p, grantColumns(), rows)
}

func grantColumns() []output.Column[grantRow] {
	return []output.Column[grantRow]{
		{Field: "object_name", Header: "ON", Text: func(g grantRow) string { return g.ObjectName }},
		{Field: "permission", Text: func(g grantRow) string { return g.Permission }},
		{Field: "restrict_object_type", Header: "RESTRICT", Text: func(g grantRow) string { return g.RestrictObjectType }},
		{Field: "role_name", Header: "ROLE", Text: func(g grantRow) string { return g.RoleName }},
		{Field: "id", Text: func(g grantRow) string { return g.ID }},
	}
}

// existing looks up which of items are granted, with one list for each object they are on.
func existing(ctx context.Context, a *app.App, items []braintrust.ACLItem) ([]braintrust.ACL, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	wanted := make(map[braintrust.ACLItem]bool, len(items))
	nodes := map[access.Node]bool{}
	var order []access.Node
	for _, item := range items {
		wanted[item] = true
		if node := access.NodeOf(item); !nodes[node] {
			nodes[node] = true
			order = append(order, node)
		}
	}
	var found []braintrust.ACL
	for _, node := range order {
		acls, err := braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: node.Type, ObjectID: node.ID}))
		if err != nil {
			return nil, err
		}
		for _, acl := range acls {
			if wanted[acl.ACLItem] {
				found = append(found, acl)
			}
		}
	}
	return found, nil
}
