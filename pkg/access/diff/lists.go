package diff

import (
	"maps"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// record is what the comparison of lists needs of anything.
type record struct {
	name string
	live bool
}

func userOf(u *braintrust.User) (string, record) {
	name := u.Email
	if name == "" {
		name = u.GivenName
	}
	return u.ID, record{name, true}
}

func groupOf(g *braintrust.Group) (string, record) { return g.ID, record{g.Name, g.DeletedAt == nil} }

func roleOf(r *braintrust.Role) (string, record) { return r.ID, record{r.Name, r.DeletedAt == nil} }

func setOf(g *braintrust.ProjectGroup) (string, record) {
	return g.ID, record{g.Name, g.DeletedAt == nil}
}

func projectOf(p *braintrust.Project) (string, record) {
	return p.ID, record{p.Name, p.DeletedAt == nil}
}

// byID is a list without what is deleted; the last record of an id counts, as in access.State.
func byID[T any](list []T, describe func(*T) (string, record)) map[string]string {
	out := make(map[string]string, len(list))
	for i := range list {
		id, r := describe(&list[i])
		if r.live {
			out[id] = r.name
		} else {
			delete(out, id)
		}
	}
	return out
}

// compareLists notes what appeared, vanished or is renamed, and returns the ids that are new, sorted.
func compareLists(al *alignment, kind braintrust.ObjectType, was, is map[string]string) []string {
	var fresh []string
	for _, id := range slices.Sorted(maps.Keys(is)) {
		old, known := was[id]
		switch {
		case !known:
			fresh = append(fresh, id)
			al.appeared = append(al.appeared, Thing{kind, id})
		case old != is[id]:
			al.renamed = append(al.renamed, Rename{Thing{kind, id}, old, is[id]})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[id]; !still {
			al.vanished = append(al.vanished, Thing{kind, id})
		}
	}
	return fresh
}

func (al *alignment) addThings(t braintrust.ObjectType, live map[string]string) {
	for _, id := range slices.Sorted(maps.Keys(live)) {
		al.things = append(al.things, access.Node{Type: t, ID: id})
	}
}
