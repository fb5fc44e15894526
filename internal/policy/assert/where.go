package assert

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// single is one thing outside of patterns, looked up: a group, a role, an object. Its zero value says that the place
// is none.
type single struct {
	is   bool
	node access.Node
	err  error
}

// find looks up the single thing that a place is.
func find(ctx context.Context, where policy.Place, v *orgview.View) single {
	if where.Type == "" || where.Kind != "" || where.Word == "all-projects" || where.Type == braintrust.ObjectProject && where.Word == "" {
		return single{}
	}
	target, err := v.Target(ctx, where.Ref())
	return single{is: true, node: target.Node, err: err}
}

// ask is one permission word with every place that it is asked for.
type ask struct {
	word  string
	spots []spot
	// kind is the type of objects in projects that is meant, with the spot of each project that contains them.
	kind     braintrust.ObjectType
	projects map[string]int
	everyone int // the spot of all projects, -1 without
}

// spot is a node, or the things of a type in it, those to come included.
type spot struct {
	node  access.Node
	child braintrust.ObjectType
	want  compiled.Mask
	// above is the spot that contains this one, -1 for none: what is told there is not told here again. Implied says that
	// whatever is held above is held here.
	above   int
	implied bool
	at      compiled.Place
}

// asks turns the words and the place of a test into questions.
func (x *run) asks(r *Result, s single) []ask {
	t := r.Test
	labels := append(slices.Clone(t.Can), t.Cannot...)
	projects, toCome, ok := x.projects(r, s)
	if !ok {
		return nil
	}
	var out []ask
	for _, label := range labels {
		a := ask{word: label.Word, kind: t.Where.Kind, everyone: -1, projects: map[string]int{}}
		switch {
		case s.is:
			a.node(s.node, label)
		case toCome:
			a.all(x.organization(braintrust.ObjectOrgProject), label, cmp.Or(t.Where.Kind, braintrust.ObjectProject))
		}
		for _, p := range projects {
			a.project(p.ID, label)
		}
		if t.Where.Type == braintrust.ObjectOrgProject && a.kind == "" && label.Word != string(braintrust.PermissionCreate) {
			a.node(x.organization(braintrust.ObjectOrgProject), label)
		}
		for i := range a.spots {
			a.spots[i].at = x.place(a.spots[i])
		}
		out = append(out, a)
	}
	x.prove(r, out)
	return out
}

// projects lists the projects that a place means, and whether it means projects to come.
func (x *run) projects(r *Result, s single) (found []braintrust.Project, toCome, ok bool) {
	t := r.Test
	positive := len(t.Can) > 0 && len(t.Only) == 0
	if s.is {
		if s.err != nil {
			r.Problems = append(r.Problems, fmt.Sprintf("%s: %v", t.Where.Text, s.err))
		}
		return nil, false, s.err == nil
	}
	everywhere := t.Where.Type == braintrust.ObjectOrgProject
	for _, p := range x.view.Snapshot.Projects {
		if p.DeletedAt == nil && (everywhere || t.Where.Projects.Match(p.Name)) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b braintrust.Project) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	if everywhere || len(found) > 0 {
		return found, everywhere, true
	}
	name, one := t.Where.Projects.Name()
	switch {
	case one && positive:
		r.Problems = append(r.Problems, fmt.Sprintf("there is no project %s", text.Visible(name)))
		return nil, false, false
	case positive:
		r.Warnings = append(r.Warnings, fmt.Sprintf("no project matches %s: nothing was asked", t.Where.Projects.String()))
		return nil, false, true
	}
	r.Warnings = append(r.Warnings, fmt.Sprintf("no project matches %s: what holds for every project to come was asked", t.Where.Projects.String()))
	return nil, true, true
}

func (x *run) organization(t braintrust.ObjectType) access.Node {
	return access.Node{Type: t, ID: x.view.Snapshot.Organization.ID}
}

// node asks about a node itself, as access check does. Some words of the organization's page are about a node beside it.
func (a *ask) node(n access.Node, label access.Label) {
	for _, q := range label.Questions(n) {
		want := compiled.MaskOf(q.Permission)
		if i := slices.IndexFunc(a.spots, func(s spot) bool { return s.node == q.Node && s.child == q.Child }); i >= 0 {
			a.spots[i].want |= want
			continue
		}
		a.spots = append(a.spots, spot{node: q.Node, child: q.Child, want: want, above: a.everyone})
	}
}

// all asks about things of a type in all projects, those to come included; projects themselves are such a type.
func (a *ask) all(n access.Node, label access.Label, child braintrust.ObjectType) {
	a.everyone = len(a.spots)
	a.spots = append(a.spots, spot{node: n, child: child, want: wanted(label), above: -1})
}

// project asks about a project, or about things of the kind in it. Its log is a node of its own.
func (a *ask) project(id string, label access.Label) {
	s := spot{node: access.Node{Type: braintrust.ObjectProject, ID: id}, child: a.kind, want: wanted(label), above: a.everyone, implied: a.everyone >= 0}
	if a.kind == braintrust.ObjectProjectLog {
		s.node.Type, s.child = braintrust.ObjectProjectLog, ""
	}
	a.projects[id] = len(a.spots)
	a.spots = append(a.spots, s)
}

func wanted(label access.Label) compiled.Mask {
	var m compiled.Mask
	for _, g := range label.Grants {
		m |= compiled.MaskOf(g.Tuple.Permission)
	}
	return m
}

func (x *run) place(s spot) compiled.Place {
	e := x.view.Engine()
	at, there := e.Place(s.node)
	if s.child != "" {
		at, there = e.Inside(s.node, s.child)
	}
	if !there {
		return compiled.Nowhere()
	}
	return at
}

// prove makes sure that a "no" would be one: a key that cannot see every grant has seen no such thing.
func (x *run) prove(r *Result, asks []ask) {
	t := r.Test
	if x.view.Meta.AllGrants() || len(t.Can) > 0 && len(t.Only) == 0 {
		return
	}
	for _, a := range asks {
		for _, s := range a.spots {
			for _, n := range x.state.Chain(s.node) {
				if !x.view.Meta.Sees(n) {
					r.Problems = append(r.Problems, fmt.Sprintf("cannot say no: the grants on %s are hidden from the key", x.names.Node(n)))
					return
				}
			}
		}
	}
}
