package compiled

import (
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// none is the number of nothing: a thing that does not exist, the project of what is in no project.
const none = ^uint32(0)

// gone is what an index has for an object that is known to be deleted or out of reach.
const gone = none - 1

// directory gives everything that is named in a snapshot a dense number. Only what lives has one; users and
// objects that nothing but a grant mentions have one too, because the definition lets grants reach them.
//
// Nodes are numbered so that containers are ranges: the organization and its four virtual nodes, groups,
// roles, project groups, then each project with its log and its objects by type, then objects of no known
// project.
type directory struct {
	org     string
	closed  bool                           // what no list shows does not exist
	unknown map[braintrust.ObjectType]kind // types without a lane
	types   []braintrust.ObjectType        // by kind
	named   [32]named                      // types with a lane, by nameplace

	users, groups, roles, sets, projects *index
	userIDs, groupIDs, projectIDs        []string
	members                              int // the first users are the listed ones

	objects []*index // by kind: id to node, or gone

	kindOf       []kind   // of a node
	projectOf    []uint32 // of a node, or none
	nodeIDs      []string
	projectStart []uint32 // first node of a project, with one more at the end
	setsOf       lists    // project to the nodes of the project groups that hold it
	setProjects  lists    // project group to projects
	firstGroup   uint32
	firstRole    uint32
	firstSet     uint32
	firstProject uint32 // nodes before it are at organization level
}

func newDirectory(s *access.Snapshot) *directory {
	d := &directory{org: s.Organization.ID, closed: s.Complete, unknown: map[braintrust.ObjectType]kind{}, types: kindNames(), users: newIndex(len(s.Users))}
	for k, t := range d.types {
		if t != "" {
			d.named[nameplace(t)] = named{t, kind(k)}
		}
	}
	for i := range s.Users {
		d.addUser(s.Users[i].ID)
	}
	d.members = len(d.userIDs)
	return d
}

// user numbers a user that something other than the list of users names: none if he is no member.
func (d *directory) user(id string) uint32 {
	if n, known := d.users.get(id); known || d.closed {
		return n // none when he is not known
	}
	return d.addUser(id)
}

// addUser numbers a user, new or not.
func (d *directory) addUser(id string) uint32 {
	n, known := d.users.get(id)
	if !known {
		n = uint32(len(d.userIDs))
		d.users.put(id, n)
		d.userIDs = append(d.userIDs, id)
	}
	return n
}

// addKind numbers a type, new or not.
func (d *directory) addKind(t braintrust.ObjectType) kind {
	if k, known := d.kind(t); known {
		return k
	}
	k := kind(len(d.types))
	d.unknown[t] = k
	d.types = append(d.types, t)
	return k
}

// kind is knownKind, without a jump that depends on the name, and with the types of this snapshot.
func (d *directory) kind(t braintrust.ObjectType) (kind, bool) {
	if t == "" {
		return kindAny, true
	}
	if n := &d.named[nameplace(t)]; n.name == t {
		return n.kind, true
	}
	k, known := d.unknown[t]
	return k, known
}

// named is a type that has a lane.
type named struct {
	name braintrust.ObjectType
	kind kind
}

// nameplace is different for every type that has a lane.
func nameplace(t braintrust.ObjectType) int { return (len(t) + 26*int(t[0])) % 32 }

// lastWins keeps the last record of each id, and of those the ones that live.
func lastWins[T any](records []T, describe func(*T) (id string, live bool)) (kept []*T, numbers *index) {
	last := make(map[string]int, len(records))
	for i := range records {
		id, _ := describe(&records[i])
		last[id] = i
	}
	numbers = newIndex(len(last))
	for i := range records {
		id, live := describe(&records[i])
		if live && last[id] == i {
			numbers.put(id, uint32(len(kept)))
			kept = append(kept, &records[i])
		}
	}
	return kept, numbers
}

// addNodes numbers every node of the snapshot.
func (d *directory) addNodes(s *access.Snapshot, groups []*braintrust.Group, roles []*braintrust.Role) {
	projects, projectNumbers := lastWins(s.Projects, func(p *braintrust.Project) (string, bool) { return p.ID, p.DeletedAt == nil })
	sets, setNumbers := lastWins(s.ProjectGroups, func(g *braintrust.ProjectGroup) (string, bool) { return g.ID, g.DeletedAt == nil })
	d.projects, d.sets = projectNumbers, setNumbers
	for k := kindOrganization; k <= kindOrgAISecret; k++ {
		d.addNode(k, d.org)
	}
	d.firstGroup = uint32(len(d.kindOf))
	for _, g := range groups {
		d.addNode(kindGroup, g.ID)
		d.groupIDs = append(d.groupIDs, g.ID)
	}
	d.firstRole = uint32(len(d.kindOf))
	for _, r := range roles {
		d.addNode(kindRole, r.ID)
	}
	d.firstSet = uint32(len(d.kindOf))
	held, seen := newLists(len(sets)), newMarks(len(projects))
	for _, set := range sets {
		d.addNode(kindProjectGroup, set.ID)
		seen.clear()
		for _, id := range set.MemberProjects {
			if p, live := d.projects.get(id); live && seen.mark(p) {
				held.items = append(held.items, p)
			}
		}
		held.close()
	}
	d.firstProject = uint32(len(d.kindOf))
	d.setProjects = held
	d.setsOf = held.inverse(len(projects))
	for i := range d.setsOf.items {
		d.setsOf.items[i] += d.firstSet
	}
	for _, p := range projects {
		d.projectIDs = append(d.projectIDs, p.ID)
	}
	d.addObjects(s.Objects)
}

// addNode numbers a node outside projects.
func (d *directory) addNode(k kind, id string) uint32 {
	n := uint32(len(d.kindOf))
	d.kindOf = append(d.kindOf, k)
	d.nodeIDs = append(d.nodeIDs, id)
	d.projectOf = append(d.projectOf, none)
	return n
}

// node finds a node that grants may reach.
func (d *directory) node(n access.Node) (uint32, bool) {
	k, known := d.kind(n.Type)
	if !known {
		return 0, false
	}
	found, _ := d.nodeOfKind(k, n.ID)
	return found, found != none
}

// nodeOfKind finds a node, none when there is no such thing. The second answer reports whether it may still
// be an object that no list shows.
func (d *directory) nodeOfKind(k kind, id string) (uint32, bool) {
	if k >= kindExperiment && k <= kindAISecret { // what most questions are about
		return d.object(k, id)
	}
	from, numbers := uint32(0), d.groups
	switch k {
	case kindOrganization, kindOrgProject, kindOrgMember, kindOrgAuditLogs, kindOrgAISecret:
		if id == d.org {
			return k - kindOrganization, false
		}
		return none, false
	case kindGroup:
		from = d.firstGroup
	case kindRole:
		from, numbers = d.firstRole, d.roles
	case kindProjectGroup:
		from, numbers = d.firstSet, d.sets
	case kindProject, kindProjectLog:
		if p, live := d.projects.get(id); live {
			return d.projectStart[p] + k - kindProject, false
		}
		return none, false
	default:
		return d.object(k, id)
	}
	if i, live := numbers.get(id); live {
		return from + i, false
	}
	return none, false
}

// object is nodeOfKind for what is listed in projects, or cannot be listed.
func (d *directory) object(k kind, id string) (uint32, bool) {
	if int(k) >= len(d.objects) {
		return none, true // not one of the listable kinds: those are always there
	}
	found, known := d.objects[k].get(id)
	switch {
	case !known:
		return none, !d.closed || !listable(k)
	case found == gone:
		return none, false
	}
	return found, false
}

// listable reports whether the API lists the objects of a kind.
func listable(k kind) bool { return k == kindExperiment || k == kindDataset || k == kindPrompt }

// addOrphan numbers an object that only a grant names: playgrounds and newer things cannot be listed. It is
// none when there can be no such thing.
func (d *directory) addOrphan(k kind, id string) uint32 {
	if found, unlisted := d.nodeOfKind(k, id); !unlisted {
		return found
	}
	for int(k) >= len(d.objects) {
		d.objects = append(d.objects, newIndex(0))
	}
	n := d.addNode(k, id)
	d.objects[k].put(id, n)
	return n
}

// nodeAt is the node of a number.
func (d *directory) nodeAt(n uint32) access.Node {
	return access.Node{Type: d.types[d.kindOf[n]], ID: d.nodeIDs[n]}
}

// userAt is the principal of a user.
func (d *directory) userAt(n uint32) access.Principal { return userPrincipal(d.userIDs[n]) }

// inParallel runs functions side by side and waits for them.
func inParallel(functions ...func()) {
	var wg sync.WaitGroup
	for _, run := range functions {
		wg.Go(run)
	}
	wg.Wait()
}
