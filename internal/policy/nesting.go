package policy

import (
	"strings"

	"btadmin/internal/text"
)

// nesting warns of groups that are members of each other in a circle. The server allows it, and everybody in the
// circle then has everything that any of its groups grants.
func (b *builder) nesting() {
	groups := map[string]*Group{}
	for _, g := range b.out.Groups {
		groups[g.Name.Value] = g
	}
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var way []string
	var visit func(g *Group)
	visit = func(g *Group) {
		state[g.Name.Value] = open
		way = append(way, g.Name.Value)
		for _, m := range g.Members {
			inner, listed := groups[m.Name]
			if m.Kind != GroupName || !listed {
				continue
			}
			switch state[m.Name] {
			case open:
				b.problems.Warnf(m.At, "groups are members of each other in a circle: %s", circle(way, m.Name)).
					WithHint("everybody in the circle has what any of these groups grants")
			case unseen:
				visit(inner)
			}
		}
		way = way[:len(way)-1]
		state[g.Name.Value] = done
	}
	for _, g := range b.out.Groups {
		if state[g.Name.Value] == unseen {
			visit(g)
		}
	}
}

// circle is the part of way from name on, closed.
func circle(way []string, name string) string {
	for i, step := range way {
		if step == name {
			return text.Visible(strings.Join(append(way[i:len(way):len(way)], name), ", "))
		}
	}
	return text.Visible(name)
}
