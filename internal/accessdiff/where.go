package accessdiff

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// Where names places: what belongs together is told together, "project:Chatbot and everything in it".
func Where(r *diff.Report, places []diff.Place, n Names) string {
	g := gather(places)
	var parts []string
	if g.whole(r) {
		return "the whole organization"
	}
	for _, at := range g.alike() {
		parts = append(parts, at.words(r, n))
	}
	return and(parts)
}

// gathered are places by their nodes.
type gathered struct {
	nodes  []access.Node
	inside map[access.Node][]braintrust.ObjectType // "" is the node itself
}

func gather(places []diff.Place) gathered {
	g := gathered{inside: map[access.Node][]braintrust.ObjectType{}}
	for _, p := range places {
		if g.inside[p.Node] == nil {
			g.nodes = append(g.nodes, p.Node)
		}
		g.inside[p.Node] = append(g.inside[p.Node], p.Child)
	}
	return g
}

// whole reports whether all that has no container is there.
func (g gathered) whole(r *diff.Report) bool {
	all := len(r.Kinds()) + 1 /* projects */ + 1
	want := map[braintrust.ObjectType]int{
		braintrust.ObjectOrganization: 4, braintrust.ObjectOrgProject: all, braintrust.ObjectOrgMember: 1,
		braintrust.ObjectOrgAuditLogs: 1, braintrust.ObjectOrgAISecret: 1,
	}
	for _, n := range g.nodes {
		if want[n.Type] != len(g.inside[n]) {
			return false
		}
	}
	return len(g.nodes) == len(want)
}

// likeness is nodes of a type of which the same is meant.
type likeness struct {
	nodes  []access.Node
	inside []braintrust.ObjectType
}

func (g gathered) alike() []likeness {
	var out []likeness
	for _, n := range g.nodes {
		i := slices.IndexFunc(out, func(l likeness) bool {
			return l.nodes[0].Type == n.Type && slices.Equal(l.inside, g.inside[n])
		})
		if i < 0 {
			i = len(out)
			out = append(out, likeness{inside: g.inside[n]})
		}
		out[i].nodes = append(out[i].nodes, n)
	}
	return out
}

func (l likeness) words(r *diff.Report, n Names) string {
	own := slices.Contains(l.inside, "")
	children := slices.DeleteFunc(slices.Clone(l.inside), func(t braintrust.ObjectType) bool { return t == "" })
	switch l.nodes[0].Type {
	case braintrust.ObjectOrganization:
		var parts []string
		if own {
			parts = append(parts, "the organization")
		}
		for _, t := range children {
			parts = append(parts, "all "+plural(t))
		}
		return and(parts)
	case braintrust.ObjectOrgProject:
		projects := slices.Contains(children, braintrust.ObjectProject)
		children = slices.DeleteFunc(children, func(t braintrust.ObjectType) bool { return t == braintrust.ObjectProject })
		switch {
		case len(children) == len(r.Kinds()):
			return "all projects and everything in them"
		case len(children) == 0:
			return "all projects"
		case projects:
			return "all projects and " + kinds(children) + " in them"
		case own:
			return "all-projects and " + kinds(children) + " in all projects"
		}
		return kinds(children) + " in all projects"
	}
	names, it := l.names(n), "it"
	if len(l.nodes) > 1 {
		it = "them"
	}
	switch {
	case len(children) == 0:
		return names
	case own && len(children) == len(r.Kinds()):
		return names + " and everything in " + it
	case own:
		return names + " and " + kinds(children) + " in " + it
	}
	return kinds(children) + " in " + names
}

func (l likeness) names(n Names) string {
	if len(l.nodes) > few {
		return fmt.Sprintf("%d %s", len(l.nodes), plural(l.nodes[0].Type))
	}
	names := make([]string, len(l.nodes))
	for i, node := range l.nodes {
		names[i] = text.Visible(n.Node(node))
	}
	slices.Sort(names)
	return and(names)
}

// kinds names types of things in a project.
func kinds(types []braintrust.ObjectType) string {
	var words []string
	for _, t := range types {
		if title := access.KindTitle(t); title != string(t) {
			words = append(words, strings.ToLower(title))
		} else {
			words = append(words, plural(t))
		}
	}
	return and(words)
}

func plural(t braintrust.ObjectType) string {
	return text.Visible(strings.ReplaceAll(string(t), "_", " ")) + "s"
}
