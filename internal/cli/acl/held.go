package acl

import (
	"context"
	"errors"
	"fmt"

	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// seat is a principal on an object: where its grants are looked for.
type seat struct {
	who  access.Principal
	node access.Node
}

// index finds grants by their contents and by seat.
type index struct {
	byItem map[braintrust.ACLItem]braintrust.ACL
	bySeat map[seat][]braintrust.ACL
}

func newIndex(acls []braintrust.ACL) *index {
	x := &index{byItem: make(map[braintrust.ACLItem]braintrust.ACL, len(acls)), bySeat: map[seat][]braintrust.ACL{}}
	for _, acl := range acls {
		x.byItem[acl.ACLItem] = acl
		s := seat{who: access.PrincipalOf(acl.ACLItem), node: access.NodeOf(acl.ACLItem)}
		x.bySeat[s] = append(x.bySeat[s], acl)
	}
	return x
}

// row lists the grants of a principal in a row of the page.
func (x *index) row(table access.Table, who access.Principal, row grants.Row) []braintrust.ACL {
	var out []braintrust.ACL
	for _, node := range row.Nodes() {
		for _, acl := range x.bySeat[seat{who: who, node: node}] {
			if row.Holds(table, acl.ACLItem) {
				out = append(out, acl)
			}
		}
	}
	return out
}

const (
	// fewNodes is how many objects are listed one by one without asking what the organization's list costs.
	fewNodes = 3
	// listRequests is what the list of one object takes at least: its ACLs, and the empty page that ends it.
	listRequests = 2
	// pageRows is how many ACLs a page has.
	pageRows = 1000
)

// errTooMany says that the organization has so many ACLs that a list for each object is cheaper.
var errTooMany = errors.New("the organization has more ACLs than are worth reading")

// current reads the grants on nodes with few requests: the organization's list, unless its pages are more than
// the lists of the nodes, or the caller may not read it.
func current(ctx context.Context, client *braintrust.Client, nodes []access.Node) ([]braintrust.ACL, error) {
	if len(nodes) > fewNodes {
		acls, err := organizationACLs(ctx, client, len(nodes)*listRequests*pageRows)
		if err == nil {
			return acls, nil
		}
		if !errors.Is(err, errTooMany) && !braintrust.IsForbidden(err) && !braintrust.IsNotFound(err) {
			return nil, fmt.Errorf("list the organization's ACLs: %w", err)
		}
	}
	lists := make([][]braintrust.ACL, len(nodes))
	work, ctx := parallel.WithContext(ctx)
	work.SetLimit(inFlight)
	for i, node := range nodes {
		work.Go(func() error {
			var err error
			lists[i], err = braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: node.Type, ObjectID: node.ID}))
			if err == nil {
				return nil
			}
			err = fmt.Errorf("list the ACLs of %s: %w", node, err)
			if braintrust.IsNotFound(err) {
				return exit.New(exit.BadInput, err)
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	var acls []braintrust.ACL
	for _, list := range lists {
		acls = append(acls, list...)
	}
	return acls, nil
}

// organizationACLs lists all ACLs, or none when they are more than most.
func organizationACLs(ctx context.Context, client *braintrust.Client, most int) ([]braintrust.ACL, error) {
	var acls []braintrust.ACL
	for acl, err := range client.OrgACLs(ctx, braintrust.ACLFilter{}) {
		if err != nil {
			return nil, err
		}
		if len(acls) == most {
			return nil, errTooMany
		}
		acls = append(acls, acl)
	}
	return acls, nil
}
