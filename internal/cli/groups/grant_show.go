package groups

import (
	"context"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// printGrants prints changed grants where the output is data.
func printGrants(ctx context.Context, p *output.Printer, r *resolve.Resolver, acls []braintrust.ACL) error {
	if p.Human() {
		return nil
	}
	names, err := r.Names(ctx, aclview.Items(acls))
	if err != nil {
		return err
	}
	return output.List(p, aclview.Columns(), aclview.Rows(acls, names))
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
