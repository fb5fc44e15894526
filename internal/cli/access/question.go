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
			asked = append(asked, question{word: label.Word, parts: partsOf(label.Questions(target.Node))})
		}
		for _, kind := range kinds {
			asked = append(asked, question{word: label.Word, kind: kind.Word, parts: partsOf(label.QuestionsInside(target.Node, kind.Type))})
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

// partsOf are the questions of a label.
func partsOf(questions []access.Question) []part {
	parts := make([]part, len(questions))
	for i, q := range questions {
		parts[i] = part{permission: q.Permission, node: q.Node, child: q.Child}
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
