// Package grants turns the words of the permission pages into ACL items: which tuples a row of words means
// for a principal, and what must be said about it.
package grants

import (
	"context"
	"errors"
	"slices"

	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Set is what words mean.
type Set struct {
	Items []braintrust.ACLItem
	// Rows are the rows that were named, also those where "none" grants nothing.
	Rows []Row
	// Notes say what reaches further than it reads; they are shown once.
	Notes []string
}

// Row names one row of a permission page: a node, and the type that its grants are restricted to.
type Row struct {
	Node     access.Node
	Restrict braintrust.ObjectType
}

// Add joins two sets; nothing is in it twice.
func (s Set) Add(other Set) Set {
	for _, item := range other.Items {
		if !slices.Contains(s.Items, item) {
			s.Items = append(s.Items, item)
		}
	}
	for _, row := range other.Rows {
		if !slices.Contains(s.Rows, row) {
			s.Rows = append(s.Rows, row)
		}
	}
	for _, note := range other.Notes {
		if !slices.Contains(s.Notes, note) {
			s.Notes = append(s.Notes, note)
		}
	}
	return s
}

// On is what words allow a principal on a node; with objects, on the objects of those kinds in it. The
// error is bad input that names the words that fit.
func On(table access.Table, p access.Principal, node access.Node, words, objects string) (Set, error) {
	if objects == "" {
		labels, err := parse(table, access.ScopeOf(node.Type), words)
		if err != nil {
			return Set{}, err
		}
		return row(p, Row{Node: node}, labels), nil
	}
	if node.Type != braintrust.ObjectProject && node.Type != braintrust.ObjectOrgProject {
		return Set{}, exit.BadInputf("--objects goes with a project or with all projects, not with %s", node.Type)
	}
	kinds, err := access.ParseObjectWords(objects)
	if err != nil {
		return Set{}, exit.New(exit.BadInput, err)
	}
	labels, err := parse(table, access.ScopeObjects, words)
	if err != nil {
		return Set{}, err
	}
	var set Set
	for _, restrict := range access.RestrictTypes(kinds) {
		set = set.Add(row(p, Row{Node: node, Restrict: restrict}, labels))
	}
	if note := access.Widening(kinds); note != "" && len(set.Items) > 0 {
		set.Notes = append(set.Notes, note)
	}
	return set, nil
}

func row(p access.Principal, r Row, labels []access.Label) Set {
	set := Set{Rows: []Row{r}}
	for _, label := range labels {
		for _, item := range label.Items(p, r.Node, r.Restrict) {
			if !slices.Contains(set.Items, item) {
				set.Items = append(set.Items, item)
			}
		}
	}
	return set
}

func parse(table access.Table, scope access.Scope, words string) ([]access.Label, error) {
	labels, err := table.ParseWords(scope, words)
	if err == nil {
		return labels, nil
	}
	bad := exit.New(exit.BadInput, err)
	var unknown *access.WordError
	if errors.As(err, &unknown) {
		if near := text.Nearest(unknown.Word, unknown.Known); len(near) > 0 {
			bad = bad.WithHint("did you mean %s?", near[0])
		}
	}
	return nil, bad
}

// Inline is what the inline permission flags allow a principal: the "Create permission group" page in one
// command. All names are resolved before anything is returned.
func Inline(ctx context.Context, r *resolve.Resolver, f flags.Grants, p access.Principal) (Set, error) {
	var set Set
	add := func(more Set, err error) error {
		set = set.Add(more)
		return err
	}
	if f.Organization != "" || f.AllProjects != "" {
		org, err := r.Organization(ctx)
		if err != nil {
			return Set{}, err
		}
		if f.Organization != "" {
			if err := add(On(r.Labels(), p, access.Node{Type: braintrust.ObjectOrganization, ID: org.ID}, f.Organization, "")); err != nil {
				return Set{}, err
			}
		}
		if f.AllProjects != "" {
			if err := add(On(r.Labels(), p, access.Node{Type: braintrust.ObjectOrgProject, ID: org.ID}, f.AllProjects, "")); err != nil {
				return Set{}, err
			}
		}
	}
	rows, err := f.Rows()
	if err != nil {
		return Set{}, err
	}
	for _, row := range rows {
		project, err := r.Project(ctx, row.Project)
		if err != nil {
			return Set{}, err
		}
		if err := add(On(r.Labels(), p, access.Node{Type: braintrust.ObjectProject, ID: project.ID}, row.Words, row.Kinds)); err != nil {
			return Set{}, err
		}
	}
	return set, nil
}
