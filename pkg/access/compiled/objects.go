package compiled

import (
	"btadmin/pkg/access"
)

// addObjects numbers projects, their logs and their objects, which are sorted by kind in each project.
func (d *directory) addObjects(objects []access.Object) {
	byKind := d.sortByKind(objects)
	total := d.layOut(objects, byKind)
	d.kindOf = append(d.kindOf, make([]kind, total)...)
	d.nodeIDs = append(d.nodeIDs, make([]string, total)...)
	d.projectOf = append(d.projectOf, make([]uint32, total)...)
	next := make([]uint32, len(d.projectIDs))
	for p, id := range d.projectIDs {
		first := d.projectStart[p]
		d.setNode(first, kindProject, id, uint32(p))
		d.setNode(first+1, kindProjectLog, id, uint32(p))
		next[p] = first + 2
	}
	d.objects = make([]*index, len(byKind))
	indexing := make([]func(), len(byKind))
	for k, positions := range byKind {
		nodes := make([]uint32, len(positions))
		for i, at := range positions {
			nodes[i] = gone
			if p := d.home(&objects[at]); p != none {
				nodes[i] = next[p]
				d.setNode(next[p], kind(k), objects[at].ID, p)
				next[p]++
			}
		}
		indexing[k] = func() {
			numbers := newIndex(len(positions))
			for i, at := range positions {
				numbers.put(objects[at].ID, nodes[i])
			}
			d.objects[k] = numbers
		}
	}
	inParallel(indexing...)
	for k, positions := range byKind {
		if d.objects[k].len() != len(positions) { // one is listed twice
			base := d.firstProject
			d.kindOf, d.nodeIDs, d.projectOf = d.kindOf[:base], d.nodeIDs[:base], d.projectOf[:base]
			d.addObjects(lastObjects(objects))
			return
		}
	}
}

// sortByKind returns the positions of the objects of each kind.
func (d *directory) sortByKind(objects []access.Object) [][]int32 {
	for i := range objects {
		d.addKind(objects[i].Kind.Type())
	}
	byKind := make([][]int32, len(d.types))
	for i := range objects {
		k, _ := d.kind(objects[i].Kind.Type())
		if k == kindProject || k == kindProjectLog || k >= kindOrganization && k < kindUnknown {
			continue // these are not read from the lists of objects
		}
		byKind[k] = append(byKind[k], int32(i))
	}
	return byKind
}

// lastObjects drops all but the last record of each object. Lists that change while they are read can name
// one twice.
func lastObjects(objects []access.Object) []access.Object {
	last := make(map[access.Node]int, len(objects))
	for i := range objects {
		last[objects[i].Node()] = i
	}
	var kept []access.Object
	for i := range objects {
		if last[objects[i].Node()] == i {
			kept = append(kept, objects[i])
		}
	}
	return kept
}

// layOut decides where each project begins and returns the number of nodes in projects.
func (d *directory) layOut(objects []access.Object, byKind [][]int32) int {
	d.projectStart = make([]uint32, len(d.projectIDs)+1)
	for p := range d.projectIDs {
		d.projectStart[p+1] = 2
	}
	for _, positions := range byKind {
		for _, at := range positions {
			if p := d.home(&objects[at]); p != none {
				d.projectStart[p+1]++
			}
		}
	}
	total := 0
	d.projectStart[0] = d.firstProject
	for p := range d.projectIDs {
		total += int(d.projectStart[p+1])
		d.projectStart[p+1] += d.projectStart[p]
	}
	return total
}

// home is the project of a live object, or none.
func (d *directory) home(o *access.Object) uint32 {
	if o.DeletedAt != nil {
		return none
	}
	if p, live := d.projects.get(o.ProjectID); live {
		return p
	}
	return none
}

func (d *directory) setNode(n uint32, k kind, id string, project uint32) {
	d.kindOf[n], d.nodeIDs[n], d.projectOf[n] = k, id, project
}
