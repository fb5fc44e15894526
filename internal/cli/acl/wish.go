package acl

import (
	"context"

	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// wish is one row of what a person asked for: a principal's permissions on an object, in words.
type wish struct {
	object, principal    string
	allow, objects, role string
	row                  batch.Row // where it was written, when it came from a file
	who                  access.Principal
	set                  grants.Set
	target               resolve.Target
}

// columns of a file of wishes.
func fileOptions() batch.Options {
	return batch.Options{
		Columns: []string{"object", "principal", "allow", "objects", "role"}, Required: []string{"object", "principal"},
		Aliases: map[string]string{"ref": "object", "on": "object", "who": "principal", "permissions": "allow", "kinds": "objects"},
	}
}

// resolve turns the words of a wish into grants. Nothing has been sent when it fails.
func (w *wish) resolve(ctx context.Context, r *resolve.Resolver) error {
	if w.allow == "" && w.role == "" {
		return exit.BadInputf("missing --allow: which permissions").WithHint("for example --allow read,update, or --allow none with acl set")
	}
	var err error
	if w.target, err = r.Target(ctx, w.object); err != nil {
		return err
	}
	named, err := r.Principal(ctx, w.principal)
	if err != nil {
		return err
	}
	w.who = named.Principal
	if w.allow != "" {
		if w.set, err = grants.On(w.who, w.target.Node, w.allow, w.objects); err != nil {
			return err
		}
	} else if w.objects != "" {
		return exit.BadInputf("--objects goes with --allow, not with --role")
	}
	if w.role != "" {
		role, err := r.Role(ctx, w.role)
		if err != nil {
			return err
		}
		w.set.Items = append(w.set.Items, access.RoleItem(w.who, w.target.Node, role.ID))
	}
	return nil
}

// nodes are those whose grants must be known.
func nodesOf(wishes []*wish) []access.Node {
	var nodes []access.Node
	seen := map[access.Node]bool{}
	add := func(n access.Node) {
		if !seen[n] {
			seen[n] = true
			nodes = append(nodes, n)
		}
	}
	for _, w := range wishes {
		for _, item := range w.set.Items {
			add(access.NodeOf(item))
		}
		for _, row := range w.set.Rows {
			for _, n := range row.Nodes() {
				add(n)
			}
		}
	}
	return nodes
}

// manyNodes is how many objects are listed one by one before the organization's list is cheaper.
const manyNodes = 3

// current reads the grants on nodes, in as few requests as the caller's permissions allow.
func current(ctx context.Context, client *braintrust.Client, nodes []access.Node) ([]braintrust.ACL, error) {
	if len(nodes) > manyNodes {
		all, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{}))
		if err == nil || !braintrust.IsForbidden(err) {
			return all, err
		}
	}
	var acls []braintrust.ACL
	for _, n := range nodes {
		found, err := braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: n.Type, ObjectID: n.ID}))
		if err != nil {
			return nil, err
		}
		acls = append(acls, found...)
	}
	return acls, nil
}
