// Package accessdiff says in words what differs between two states of an organization, for access diff and for
// plans. What differs is found by pkg/access/diff.
package accessdiff

import (
	"strings"

	"btadmin/pkg/access"
)

// Namer turns ids into what people call things; *resolve.Names is one.
type Namer interface {
	Role(id string) string
	Principal(p access.Principal) string
	Node(n access.Node) string
}

// Names are those of both states: what is gone has its name in the earlier one only.
type Names struct {
	Before, After Namer
	// Account tells service accounts from people.
	Account func(userID string) bool
}

// Principal is a reference to a principal.
func (n Names) Principal(p access.Principal) string {
	return known(n.After.Principal(p), p.ID, func() string { return n.Before.Principal(p) })
}

// Node is a reference to a node.
func (n Names) Node(node access.Node) string {
	return known(n.After.Node(node), node.ID, func() string { return n.Before.Node(node) })
}

// Role is the name of a role, its id when nobody knows it.
func (n Names) Role(id string) string {
	for _, name := range []string{n.After.Role(id), n.Before.Role(id)} {
		if name != "" {
			return name
		}
	}
	return id
}

// known is a name unless it is only an id.
func known(name, id string, otherwise func() string) string {
	if strings.HasSuffix(name, ":"+id) {
		return otherwise()
	}
	return name
}

// kind is person, service_account or group.
func (n Names) kind(p access.Principal) string {
	switch {
	case p.Kind == access.PrincipalGroup:
		return "group"
	case n.Account != nil && n.Account(p.ID):
		return "service_account"
	}
	return "person"
}
