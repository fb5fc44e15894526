package diff

import (
	"slices"
	"time"

	"btadmin/pkg/access"
)

// listed is what a list says about an object.
type listed struct {
	access.Object
	live bool // neither it nor its project is deleted
}

// objectsByNode says what a state knows about objects. A complete one lists what its grants name, so that what
// they name beside that is gone.
func objectsByNode(s *access.Snapshot, projects map[string]string) map[access.Node]listed {
	out := make(map[access.Node]listed, len(s.Objects))
	for i := range s.Objects {
		o := s.Objects[i]
		if _, known := projects[o.ProjectID]; !structural(o.Node().Type) {
			out[o.Node()] = listed{o, known && o.DeletedAt == nil}
		}
	}
	if !s.Complete {
		return out
	}
	for i := range s.ACLs {
		n := access.NodeOf(s.ACLs[i].ACLItem)
		if _, known := out[n]; !known && access.Listable(n.Type) {
			out[n] = listed{}
		}
	}
	return out
}

func (al *alignment) alignObjects(complete bool, wereProjects, areProjects map[string]string, unwanted map[access.Node]bool) {
	was, is := objectsByNode(al.before, wereProjects), objectsByNode(al.after, areProjects)
	al.before.Objects, al.after.Objects = slices.Clip(al.before.Objects), slices.Clip(al.after.Objects)
	for n, o := range is {
		if !o.live {
			continue
		}
		al.objects = append(al.objects, located{n, o.ProjectID})
		old, known := was[n]
		switch {
		case !known:
			al.before.Objects = append(al.before.Objects, o.Object)
		case !old.live:
			al.before.Objects = append(al.before.Objects, o.Object)
			unwanted[n] = true
		case old.ProjectID != o.ProjectID:
			al.moved = append(al.moved, n)
		}
		if known && old.live {
			if old.Name != o.Name {
				al.renamed = append(al.renamed, Rename{Thing{n.Type, n.ID}, old.Name, o.Name})
			}
		} else {
			al.appeared = append(al.appeared, Thing{n.Type, n.ID})
		}
	}
	for n, o := range was {
		if _, known := is[n]; !o.live || known && is[n].live {
			continue
		} else if _, project := areProjects[o.ProjectID]; !known && project && !complete {
			al.objects = append(al.objects, located{n, o.ProjectID})
			al.after.Objects = append(al.after.Objects, o.Object)
			continue
		} else if !known {
			gone := o.Object
			gone.DeletedAt = &time.Time{}
			al.after.Objects = append(al.after.Objects, gone)
		}
		al.vanished = append(al.vanished, Thing{n.Type, n.ID})
	}
	al.addOrphans(was, is)
	slices.SortFunc(al.objects, func(a, b located) int { return compareNodes(a.node, b.node) })
	slices.SortFunc(al.moved, compareNodes)
	slices.SortStableFunc(al.appeared, compareThings)
	slices.SortStableFunc(al.vanished, compareThings)
}

// addOrphans finds the objects that only grants name: playgrounds and newer things, which no list shows. What
// a list knows to be gone can be named, too, because grants outlive what they are on.
func (al *alignment) addOrphans(was, is map[access.Node]listed) {
	seen := map[access.Node]bool{}
	for _, o := range al.objects {
		seen[o.node] = true
	}
	for _, s := range []*access.Snapshot{al.before, al.after} {
		for i := range s.ACLs {
			n := access.NodeOf(s.ACLs[i].ACLItem)
			if structural(n.Type) || seen[n] {
				continue
			}
			seen[n] = true
			_, listedLater := is[n]
			_, listedEarlier := was[n]
			if !listedLater && !listedEarlier { // else some list says that it is gone
				al.objects = append(al.objects, located{node: n})
			}
		}
	}
}
