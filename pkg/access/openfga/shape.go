package openfga

import (
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// The types and relations of the model beside object types and permissions.
const (
	typeUser    = "user"
	typeBinding = "role_binding"

	relationMember   = "member"
	relationParent   = "parent"
	relationBinding  = "binding"
	relationAssignee = "assignee"
	relationRole     = "role"
	relationIncludes = "includes"

	// suffixGiven marks what a grant without restriction gives; it is never asked for.
	suffixGiven = "given"
	// suffixOther stands for a type that the model does not know.
	suffixOther = "other"
)

// shape is what can be granted and where things are.
type shape struct {
	permissions []braintrust.Permission
	inProjects  []braintrust.ObjectType // types of what lives in a project
	restricted  []braintrust.ObjectType // types with relations of their own on what contains them
	flat        bool                    // grants of roles are written as what the roles carry
}

// newShape is what this program knows, and what it does not know but was named, sorted.
func newShape(permissions []braintrust.Permission, types []braintrust.ObjectType) *shape {
	s := &shape{permissions: braintrust.Permissions()}
	for _, t := range braintrust.ObjectTypes() {
		if place(t) == nil {
			s.inProjects = append(s.inProjects, t)
		}
	}
	known, listed := len(s.permissions), len(s.inProjects)
	for _, p := range permissions {
		if p != "" && !slices.Contains(s.permissions, p) {
			s.permissions = append(s.permissions, p)
		}
	}
	for _, t := range types {
		if place(t) == nil && !slices.Contains(s.inProjects, t) {
			s.inProjects = append(s.inProjects, t)
		}
	}
	slices.Sort(s.permissions[known:])
	slices.Sort(s.inProjects[listed:])
	s.restricted = s.types()
	return s
}

// suffix is how the relations of containers name a type. Types that nothing is restricted to can share one.
func (s *shape) suffix(t braintrust.ObjectType) string {
	if slices.Contains(s.restricted, t) {
		return TypeName(t)
	}
	return suffixOther
}

// suffixes are those of several types, each once, and the one for types that the model does not know.
func (s *shape) suffixes(types []braintrust.ObjectType) []string {
	var all []string
	for _, t := range types {
		if suffix := s.suffix(t); suffix != suffixOther {
			all = append(all, suffix)
		}
	}
	return append(all, suffixOther)
}

// place is where things of a type are; nil for what lives in a project.
func place(t braintrust.ObjectType) []braintrust.ObjectType {
	switch t {
	case braintrust.ObjectOrganization:
		return []braintrust.ObjectType{}
	case braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret,
		braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup:
		return []braintrust.ObjectType{braintrust.ObjectOrganization}
	case braintrust.ObjectProject:
		return []braintrust.ObjectType{braintrust.ObjectOrgProject, braintrust.ObjectProjectGroup}
	}
	return nil
}

// parents is place for every type.
func parents(t braintrust.ObjectType) []braintrust.ObjectType {
	if above := place(t); above != nil {
		return above
	}
	return []braintrust.ObjectType{braintrust.ObjectProject}
}

// types are all types of things, containers first.
func (s *shape) types() []braintrust.ObjectType {
	return append([]braintrust.ObjectType{
		braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs,
		braintrust.ObjectOrgAISecret, braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup, braintrust.ObjectProject,
	}, s.inProjects...)
}

// inside are the types of what a thing of type t contains, at any depth.
func (s *shape) inside(t braintrust.ObjectType) []braintrust.ObjectType {
	var below []braintrust.ObjectType
	for _, inner := range s.types() {
		if within(inner, t) {
			below = append(below, inner)
		}
	}
	return below
}

func within(inner, outer braintrust.ObjectType) bool {
	return slices.ContainsFunc(parents(inner), func(above braintrust.ObjectType) bool { return above == outer || within(above, outer) })
}

// relation is what a grant with a restriction is written as on a thing of a type, "" when it gives nothing
// there.
func (s *shape) relation(at braintrust.ObjectType, p braintrust.Permission, restrict braintrust.ObjectType) string {
	below := s.inside(at)
	switch {
	case p == "":
		return ""
	case restrict == "" && len(below) > 0:
		return on(p, suffixGiven)
	case restrict == "" || restrict == at:
		return itself(p)
	case slices.Contains(below, restrict):
		return on(p, TypeName(restrict))
	}
	return ""
}

func object(t, id string) string { return t + ":" + id }

// join makes one id of several that are escaped already.
func join(ids ...string) string { return strings.Join(ids, "/") }
