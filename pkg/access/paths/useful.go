package paths

import (
	"slices"

	"btadmin/pkg/braintrust"
)

// findUseful marks the facts from which the goal can be reached by somebody, when what a fact needs besides is
// there. Searches follow no others: in most organizations that leaves next to nothing of them.
func (g *graph) findUseful() {
	facts := int(kinds) * len(g.nodes)
	before := make([][]fact, facts)
	lead := func(from, to fact) { before[to] = append(before[to], from) }
	given := make([][]fact, len(g.grants))
	for i := range g.grants {
		given[i] = g.atOnce(&g.grants[i])
	}
	for _, group := range g.groups {
		in := g.fact(inGroup, group)
		for _, outer := range g.up[group] {
			lead(in, g.fact(inGroup, outer))
		}
		for _, i := range g.byGroup[group] {
			for _, to := range given[i] {
				lead(in, to)
			}
			if len(g.grants[i].roles) > 0 {
				lead(in, g.fact(all, g.grants[i].on))
			}
		}
		if g.ownerGroups[group] {
			lead(in, g.fact(owns, 0))
		}
		lead(g.fact(updates, group), in)
	}
	for i := range g.grants {
		for _, role := range g.grants[i].roles {
			lead(g.fact(edited, role), g.fact(all, g.grants[i].on))
		}
	}
	for node := range g.nodes {
		if g.editableRole(node) {
			lead(g.fact(updates, node), g.fact(edited, node))
		}
		lead(g.fact(manages, node), g.fact(all, node))
		for _, y := range g.below[node] {
			lead(g.fact(all, node), g.fact(updates, y))
			lead(g.fact(all, node), g.fact(manages, y))
		}
	}
	if g.goal.Owner {
		lead(g.fact(all, 0), g.fact(owns, 0))
	}
	g.useful = make([]bool, facts)
	g.gives = given
	queue := []fact{g.goalFact()}
	g.useful[queue[0]] = true
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, from := range before[f] {
			if !g.useful[from] {
				g.useful[from] = true
				queue = append(queue, from)
			}
		}
	}
	for i := range given {
		g.gives[i] = slices.DeleteFunc(given[i], func(f fact) bool { return !g.useful[f] })
	}
}

// atOnce names the facts that a grant makes true of who receives it.
func (g *graph) atOnce(one *grant) []fact {
	var out []fact
	for _, y := range g.below[one.on] {
		t := g.nodes[y].Type
		if one.allows(braintrust.PermissionUpdate, t) {
			out = append(out, g.fact(updates, y))
		}
		if one.allows(braintrust.PermissionCreateACLs, t) {
			out = append(out, g.fact(manages, y))
		}
	}
	return out
}
