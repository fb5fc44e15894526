package access

import (
	"errors"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// request is one line of what is asked: a principal, permission words, an object, and kinds of object in it.
type request struct {
	principal resolve.Named
	target    resolve.Target
	asked     []question
}

// question is one permission word on one thing. It is answered with yes when each of its parts is.
type question struct {
	word  string // read, manage-access, ...
	kind  string // datasets, "" when the object itself is asked about
	parts []part
}

// part is one permission on a node, or on something of a type that would be made in it.
type part struct {
	permission braintrust.Permission
	node       access.Node
	child      braintrust.ObjectType
}

// madeElsewhere are things outside of projects that --objects may name besides the kinds in a project.
var madeElsewhere = map[string]braintrust.ObjectType{
	"projects": braintrust.ObjectProject,
	"groups":   braintrust.ObjectGroup,
	"roles":    braintrust.ObjectRole,

	"project-groups": braintrust.ObjectProjectGroup,
}

// questions takes words and kinds apart. With kinds, a permission is asked for on an imagined thing of that
// type in the object, which is what creating one is checked against.
func questions(table access.Table, target resolve.Target, words, objects string) ([]question, error) {
	scope := access.ScopeOf(target.Node.Type)
	if objects != "" && scope != access.ScopeOrganization {
		scope = access.ScopeObjects
	}
	labels, err := table.ParseWords(scope, words)
	if err != nil {
		return nil, badWord(err)
	}
	if len(labels) == 0 {
		return nil, exit.BadInputf("%q asks about nothing", words)
	}
	kinds, err := parseKinds(objects)
	if err != nil {
		return nil, err
	}
	var asked []question
	for _, label := range labels {
		if len(kinds) == 0 {
			asked = append(asked, question{word: label.Word, parts: itself(label, target.Node)})
		}
		for _, kind := range kinds {
			asked = append(asked, question{word: label.Word, kind: kind.Word, parts: inside(label, target.Node, kind.Type)})
		}
	}
	return asked, nil
}

// badWord is a mistake in the words, with the nearest one.
func badWord(err error) error {
	bad := exit.New(exit.BadInput, err)
	var unknown *access.WordError
	if errors.As(err, &unknown) {
		if near := text.Nearest(unknown.Word, unknown.Known); len(near) > 0 {
			return bad.WithHint("did you mean %s?", near[0])
		}
	}
	return bad
}

func parseKinds(objects string) ([]access.ObjectWord, error) {
	if objects == "" {
		return nil, nil
	}
	var kinds []access.ObjectWord
	for typed := range strings.SplitSeq(objects, ",") {
		word := strings.ToLower(strings.TrimSpace(typed))
		if made, ok := madeElsewhere[word]; ok {
			kinds = append(kinds, access.ObjectWord{Word: word, Type: made})
			continue
		}
		more, err := access.ParseObjectWords(typed)
		if err != nil {
			return nil, exit.BadInputf("--objects: %w", err)
		}
		kinds = append(kinds, more...)
	}
	return kinds, nil
}

// itself asks about the node. Creating on all projects is creating a project, and nothing else.
func itself(label access.Label, n access.Node) []part {
	var parts []part
	for _, g := range label.Grants {
		p := part{permission: g.Tuple.Permission, node: n}
		if g.On != "" {
			p.node.Type = g.On
		}
		if r := g.Tuple.Restrict; r != "" && r != p.node.Type { // a corrected label: what it reaches is asked about
			p.node, p.child = reached(p.node, r)
		}
		if createsProject(n, p.permission) {
			p.child = braintrust.ObjectProject
		}
		parts = append(parts, p)
	}
	return parts
}

// createsProject reports whether a permission on a node is that to create projects, and nothing else.
func createsProject(n access.Node, permission braintrust.Permission) bool {
	return n.Type == braintrust.ObjectOrgProject && permission == braintrust.PermissionCreate
}

// reached is what a grant on the organization reaches when it is restricted to a type: the one thing of that type that
// the organization has, or things of the type that would be made in it.
func reached(org access.Node, t braintrust.ObjectType) (n access.Node, child braintrust.ObjectType) {
	switch t {
	case braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
		return access.Node{Type: t, ID: org.ID}, ""
	}
	return org, t
}

// inside asks about things of a type in a container. The log of a project is a node of its own, and
// projects are made in "all projects".
func inside(label access.Label, n access.Node, kind braintrust.ObjectType) []part {
	switch {
	case kind == braintrust.ObjectProjectLog && n.Type == braintrust.ObjectProject:
		n.Type, kind = braintrust.ObjectProjectLog, ""
	case kind == braintrust.ObjectProject && n.Type == braintrust.ObjectOrganization:
		n.Type = braintrust.ObjectOrgProject
	}
	parts := make([]part, len(label.Grants))
	for i, g := range label.Grants {
		parts[i] = part{permission: g.Tuple.Permission, node: n, child: kind}
	}
	return parts
}

// reason says whether and why a principal has one permission.
type reason struct {
	access.Explanation
	byMembership bool // no grant gives it, and none is needed: every member may
}

// explain answers one part.
func (p part) explain(t *access.Trace) reason {
	r := reason{Explanation: t.Explain(p.permission, p.node, p.child)}
	if !r.Allowed && p.child == "" && t.ByMembership(p.permission, p.node) {
		r.Allowed, r.byMembership = true, true
	}
	return r
}
