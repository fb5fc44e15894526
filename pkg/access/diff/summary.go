package diff

import (
	"slices"

	"btadmin/pkg/access"
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
		if _, in := slices.BinarySearchFunc(c.Principals, p, comparePrincipals); !in {
			continue
		}
		c.Principals = []access.Principal{p}
		c.Except = slices.DeleteFunc(slices.Clone(c.Except), func(e Exception) bool { return e.Principal != p })
		out = append(out, c)
	}
	return out
}
