package access

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// node is a reference to a node, with the names that were read.
func (v *view) node(n access.Node) string {
	if ref, known := v.refs[n]; known {
		return ref
	}
	if word, own := access.OwnWord(n.Type); own {
		return word
	}
	switch n.Type {
	case braintrust.ObjectProject, braintrust.ObjectProjectLog:
		return v.project(n)
	case braintrust.ObjectGroup:
		if g, known := v.state.Group(n.ID); known {
			return "group:" + g.Name
		}
	case braintrust.ObjectRole:
		return "role:" + v.role(n.ID)
	}
	return n.String()
}

func (v *view) project(n access.Node) string {
	if n.ID == unknownProject {
		return "its project"
	}
	name := v.projects[n.ID]
	if name == "" {
		name = n.ID
	}
	if n.Type == braintrust.ObjectProjectLog {
		return "logs:" + name
	}
	return "project:" + name
}

func (v *view) role(id string) string {
	if role, known := v.state.Role(id); known {
		return role.Name
	}
	return id
}

// principal is a reference to a principal; the only user who is ever met is the asked one.
func (v *view) principal(p access.Principal, asked request) string {
	if p == asked.principal.Principal {
		return asked.principal.Ref
	}
	if p.Kind == access.PrincipalGroup {
		if g, known := v.state.Group(p.ID); known {
			return "group:" + g.Name
		}
	}
	return p.String()
}
