package access

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// explainDocument is a whole explanation. Fields are added, never renamed.
type explainDocument struct {
	Allowed bool        `json:"allowed"`
	Checks  []explained `json:"checks"`
}

// explained answers one permission word, with the reasons.
type explained struct {
	checkRow
	Permissions []explainedPermission `json:"permissions"` // those that the word stands for
}

// explainedPermission is one raw permission on one node.
type explainedPermission struct {
	Permission string      `json:"permission"`
	On         string      `json:"on"`
	OnType     string      `json:"on_type"`
	OnID       string      `json:"on_id"`
	ChildType  string      `json:"child_type"` // what would be made there, "" when the node itself is asked about
	Allowed    bool        `json:"allowed"`
	Exists     bool        `json:"exists"` // false: nothing can be granted there
	Paths      []path      `json:"paths"`
	Near       []path      `json:"near"`      // the same permission, restricted to another type
	Subjects   []principal `json:"subjects"`  // whose grants count for the principal, itself included
	Effective  []string    `json:"effective"` // what the principal has on the node
}

// path is one grant, how the principal gets to it and how it gets to the node.
type path struct {
	ACLID              string      `json:"acl_id"`
	BuiltIn            bool        `json:"builtin"` // given by the server without being listed
	Subjects           []principal `json:"subjects"`
	Object             string      `json:"object"` // where the grant is
	ObjectType         string      `json:"object_type"`
	ObjectID           string      `json:"object_id"`
	Nodes              []node      `json:"nodes"` // from what was asked about up to the grant
	Roles              []role      `json:"roles"` // from the granted role to the one that holds the permission
	RestrictObjectType string      `json:"restrict_object_type"`
}

type principal struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"` // group:QA
}

type node struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"` // project:Chatbot
}

type role struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (v *view) explain(r request, asked question, yes bool) explained {
	out := explained{
		checkRow:    row(r, asked, yes),
		Permissions: []explainedPermission{},
	}
	for _, part := range asked.parts {
		e := part.explain(v.state, r.principal.Principal)
		x := explainedPermission{
			Permission: string(e.Permission), On: v.node(e.Node), OnType: string(e.Node.Type), OnID: e.Node.ID,
			ChildType: string(e.Child), Allowed: e.Allowed, Exists: e.Exists,
			Paths: v.paths(r, e.Paths), Near: v.paths(r, e.Near), Subjects: v.principals(r, e.Subjects), Effective: v.effective(r, e),
		}
		out.Permissions = append(out.Permissions, x)
	}
	return out
}

func (v *view) paths(r request, paths []access.Path) []path {
	out := []path{}
	for _, p := range paths {
		on := access.NodeOf(p.ACL.ACLItem)
		x := path{
			ACLID: p.ACL.ID, BuiltIn: p.BuiltIn, Subjects: v.principals(r, p.Subjects),
			Object: v.node(on), ObjectType: string(on.Type), ObjectID: on.ID,
			Nodes: []node{}, Roles: []role{}, RestrictObjectType: string(p.Restrict),
		}
		for _, n := range p.Nodes {
			x.Nodes = append(x.Nodes, node{Type: string(n.Type), ID: n.ID, Name: v.node(n)})
		}
		for _, id := range p.Roles {
			x.Roles = append(x.Roles, role{ID: id, Name: v.role(id)})
		}
		out = append(out, x)
	}
	return out
}

func (v *view) principals(r request, subjects []access.Principal) []principal {
	out := []principal{}
	first := func(p access.Principal) int {
		if p == r.principal.Principal {
			return 0
		}
		return 1
	}
	subjects = slices.Clone(subjects)
	slices.SortStableFunc(subjects, func(a, b access.Principal) int { return first(a) - first(b) })
	for _, p := range subjects {
		out = append(out, principal{Type: string(p.Kind), ID: p.ID, Name: v.principal(p, r)})
	}
	return out
}

// effective lists what the principal has on the node itself, or on things of the asked type in it.
func (v *view) effective(r request, e access.Explanation) []string {
	out := []string{}
	for _, permission := range braintrust.Permissions() {
		yes := v.state.Allowed(r.principal.Principal, permission, e.Node)
		if e.Child != "" {
			yes = v.state.AllowedChild(r.principal.Principal, permission, e.Child, e.Node)
		}
		if yes {
			out = append(out, string(permission))
		}
	}
	return out
}
