package diff

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Principals lists everybody whose rights changed, users first.
func (r *Report) Principals() []access.Principal {
	seen := map[access.Principal]bool{}
	var out []access.Principal
	for i := range r.Changes {
		for _, p := range r.Changes[i].Principals {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, comparePrincipals)
	return out
}

// Of is what changed for one principal. The reasons are those of all principals of a change.
func (r *Report) Of(p access.Principal) []Change {
	var out []Change
	for i := range r.Changes {
		c := r.Changes[i]
		at, in := slices.BinarySearchFunc(c.Principals, p, comparePrincipals)
		if !in {
			continue
		}
		c.Principals = []access.Principal{p}
		c.except = slices.Clone(c.except)
		c.except = slices.DeleteFunc(c.except, func(e exception) bool { return e.who != int32(at) })
		for j := range c.except {
			c.except[j].who = 0
		}
		out = append(out, c)
	}
	return out
}

// Kinds are the types of things in projects that were compared, the projects themselves not among them.
func (r *Report) Kinds() []braintrust.ObjectType { return slices.Clone(r.universe.kinds) }
