package diff

import (
	"iter"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Cell is one right that one principal gained or lost in one place.
type Cell struct {
	Gained     bool
	Principal  access.Principal
	Permission braintrust.Permission
	Place      Place
}

// Cells spells out every cell of the report: what is gained and lost above is so in everything below, but for
// the exceptions. They can be millions. Each comes once.
func (r *Report) Cells() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for i := range r.Changes {
			if !r.Changes[i].cells(r.universe, yield) {
				return
			}
		}
	}
}

func (c *Change) cells(u *universe, yield func(Cell) bool) bool {
	type key struct {
		p          access.Principal
		permission braintrust.Permission
		place      Place
	}
	not := map[key]bool{}
	for e := range c.Exceptions() {
		for _, permission := range e.Permissions {
			not[key{e.Principal, permission, e.Place}] = true
		}
	}
	for _, place := range c.Places {
		for _, p := range c.Principals {
			for _, permission := range c.Permissions {
				whole := u.below(place, func(at Place) bool { return !not[key{p, permission, at}] }, func(at Place) bool {
					return yield(Cell{c.Gained, p, permission, at})
				})
				if !whole {
					return false
				}
			}
		}
	}
	return true
}

// below visits a place and everything in it, unless enter says no to something and so to what is in it.
func (u *universe) below(p Place, enter, visit func(Place) bool) bool {
	if !enter(p) {
		return true
	}
	if !visit(p) {
		return false
	}
	at, known := u.number[p]
	if !known {
		return true
	}
	for _, child := range u.children()[at] {
		if !u.below(u.places[child], enter, visit) {
			return false
		}
	}
	return true
}
