package access

import (
	"cmp"

	"btadmin/pkg/braintrust"
)

// Question asks for one permission on a node or, with a Child, on something of that type that would be made in it.
type Question struct {
	Permission braintrust.Permission
	Node       Node
	Child      braintrust.ObjectType
}

// Questions are what somebody must have to have a label on a node: all of them. Creating on all projects is creating a
// project, and nothing else.
func (l Label) Questions(n Node) []Question {
	out := make([]Question, len(l.Grants))
	for i, g := range l.Grants {
		q := Question{Permission: g.Tuple.Permission, Node: Node{Type: cmp.Or(g.On, n.Type), ID: n.ID}}
		if r := g.Tuple.Restrict; r != "" && r != q.Node.Type { // a corrected label: what it reaches is asked about
			q.Node, q.Child = reached(q.Node, r)
		}
		if CreatesProject(n, q.Permission) {
			q.Child = braintrust.ObjectProject
		}
		out[i] = q
	}
	return out
}

// QuestionsInside are Questions about things of a type in a container. The log of a project is a node of its own, and
// projects are made in "all projects".
func (l Label) QuestionsInside(n Node, child braintrust.ObjectType) []Question {
	switch {
	case child == braintrust.ObjectProjectLog && n.Type == braintrust.ObjectProject:
		n.Type, child = braintrust.ObjectProjectLog, ""
	case child == braintrust.ObjectProject && n.Type == braintrust.ObjectOrganization:
		n.Type = braintrust.ObjectOrgProject
	}
	out := make([]Question, len(l.Grants))
	for i, g := range l.Grants {
		out[i] = Question{Permission: g.Tuple.Permission, Node: n, Child: child}
	}
	return out
}

// CreatesProject reports whether a permission on a node is that to create projects, and nothing else.
func CreatesProject(n Node, permission braintrust.Permission) bool {
	return n.Type == braintrust.ObjectOrgProject && permission == braintrust.PermissionCreate
}

// reached is what a grant on the organization reaches when it is restricted to a type: the one thing of that type that
// the organization has, or things of the type that would be made in it.
func reached(org Node, t braintrust.ObjectType) (n Node, child braintrust.ObjectType) {
	switch t {
	case braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
		return Node{Type: t, ID: org.ID}, ""
	}
	return org, t
}
