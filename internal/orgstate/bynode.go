package orgstate

import (
	"context"
	"fmt"
	"sync"

	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// grantsByNode reads the grants of everything that is listed, one list each, for a key that may not list those of
// the organization as a whole. Those that are refused are noted.
func (w *whole) grantsByNode(ctx context.Context) error {
	// Older servers do not know this type, and no list shows what is of it.
	w.out.Unread = append(w.out.Unread, access.Node{Type: braintrust.ObjectOrgAISecret, ID: w.s.Organization.ID})
	var mu sync.Mutex
	work, ctx := parallel.WithContext(ctx)
	for _, n := range w.nodes() {
		work.Go(func() error {
			acls, err := collect(w.client.ACLs(ctx, braintrust.ACLFilter{ObjectType: n.Type, ObjectID: n.ID}), w.extent.Rows)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case braintrust.IsForbidden(err) || braintrust.IsNotFound(err):
				w.out.Unread = append(w.out.Unread, n)
				return nil
			case err != nil:
				return fmt.Errorf("list the ACLs of %s: %w", n, err)
			}
			w.s.ACLs = append(w.s.ACLs, acls...)
			return nil
		})
	}
	return work.Wait()
}

// nodes are all nodes that the lists show, and the organization's own.
func (w *whole) nodes() []access.Node {
	org := w.s.Organization.ID
	nodes := []access.Node{
		{Type: braintrust.ObjectOrganization, ID: org}, {Type: braintrust.ObjectOrgProject, ID: org},
		{Type: braintrust.ObjectOrgMember, ID: org}, {Type: braintrust.ObjectOrgAuditLogs, ID: org},
	}
	for _, g := range w.s.Groups {
		nodes = append(nodes, access.Node{Type: braintrust.ObjectGroup, ID: g.ID})
	}
	for _, r := range w.s.Roles {
		if r.OrgID != "" { // nobody is granted anything on the system's roles
			nodes = append(nodes, access.Node{Type: braintrust.ObjectRole, ID: r.ID})
		}
	}
	for _, p := range w.s.Projects {
		nodes = append(nodes, access.Node{Type: braintrust.ObjectProject, ID: p.ID}, access.Node{Type: braintrust.ObjectProjectLog, ID: p.ID})
	}
	for _, g := range w.s.ProjectGroups {
		nodes = append(nodes, access.Node{Type: braintrust.ObjectProjectGroup, ID: g.ID})
	}
	seen := map[access.Node]bool{}
	for _, o := range w.s.Objects {
		if n := o.Node(); !seen[n] {
			seen[n] = true
			nodes = append(nodes, n)
		}
	}
	return nodes
}
