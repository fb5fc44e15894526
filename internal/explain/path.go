// Package explain puts the reasons for a right into JSON and into words: every way from a principal through groups and
// roles to a grant, and from the grant down to the object. access explain and the tests of policies show them.
package explain

import (
	"btadmin/pkg/access"
)

// Names turns ids into what people call things; *resolve.Names is one.
type Names interface {
	Role(id string) string               // "" when unknown
	Principal(p access.Principal) string // group:QA
	Node(n access.Node) string           // project:Chatbot
}

// Path is one grant, how the principal gets to it and how it gets to the node. Fields are added, never renamed.
type Path struct {
	ACLID              string      `json:"acl_id"`
	BuiltIn            bool        `json:"builtin"` // given by the server without being listed
	Subjects           []Principal `json:"subjects"`
	Object             string      `json:"object"` // where the grant is
	ObjectType         string      `json:"object_type"`
	ObjectID           string      `json:"object_id"`
	Nodes              []Node      `json:"nodes"` // from what was asked about up to the grant
	Roles              []Role      `json:"roles"` // from the granted role to the one that holds the permission
	RestrictObjectType string      `json:"restrict_object_type"`
}

// Principal is a user or a group with its name.
type Principal struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"` // group:QA
}

// Node is a thing that grants are on, with its name.
type Node struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"` // project:Chatbot
}

// Role is a role with its name.
type Role struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Paths names everything in the paths of an explanation. The result is never nil.
func Paths(paths []access.Path, n Names) []Path {
	out := []Path{}
	for _, p := range paths {
		on := access.NodeOf(p.ACL.ACLItem)
		x := Path{
			ACLID: p.ACL.ID, BuiltIn: p.BuiltIn, Subjects: Principals(p.Subjects, n),
			Object: n.Node(on), ObjectType: string(on.Type), ObjectID: on.ID,
			Nodes: []Node{}, Roles: []Role{}, RestrictObjectType: string(p.Restrict),
		}
		for _, node := range p.Nodes {
			x.Nodes = append(x.Nodes, Node{Type: string(node.Type), ID: node.ID, Name: n.Node(node)})
		}
		for _, id := range p.Roles {
			name := n.Role(id)
			if name == "" {
				name = id
			}
			x.Roles = append(x.Roles, Role{ID: id, Name: name})
		}
		out = append(out, x)
	}
	return out
}

// Principals names principals. The result is never nil.
func Principals(list []access.Principal, n Names) []Principal {
	out := []Principal{}
	for _, p := range list {
		out = append(out, Principal{Type: string(p.Kind), ID: p.ID, Name: n.Principal(p)})
	}
	return out
}
