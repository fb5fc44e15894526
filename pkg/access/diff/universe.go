package diff

import (
	"slices"
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// none is the parent of a place that nothing contains.
const none = int32(-1)

// universe is every place that is compared, numbered so that the places of a project follow each other: the
// project itself, then the things of each kind in it. "All projects" is laid out the same way.
type universe struct {
	kinds       []braintrust.ObjectType // of things in a project
	places      []Place
	parent      []int32
	number      map[Place]int32
	projects    []string
	allProjects int32 // the place of "every project", which the kinds follow
	top         int32 // places before it have no parent and are always compared

	firstProject, firstObject int32

	once   sync.Once
	inside map[int32][]int32
}

// inOrganization are the types whose nodes are directly below the organization.
func inOrganization() []braintrust.ObjectType {
	return []braintrust.ObjectType{braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup}
}

// structural reports whether nodes of a type are found by other lists than that of objects.
func structural(t braintrust.ObjectType) bool {
	switch t {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember,
		braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret, braintrust.ObjectProject, braintrust.ObjectProjectLog:
		return true
	}
	return slices.Contains(inOrganization(), t)
}

// newUniverse numbers the places of the later state.
func newUniverse(a *alignment, kinds []braintrust.ObjectType) *universe {
	u := &universe{number: map[Place]int32{}, kinds: kinds, projects: a.projects}
	org := a.after.Organization.ID
	for _, t := range []braintrust.ObjectType{
		braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember,
		braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret,
	} {
		u.add(Place{Node: access.Node{Type: t, ID: org}}, none)
	}
	inside := map[braintrust.ObjectType]int32{}
	for _, t := range inOrganization() {
		inside[t] = u.add(Place{Node: access.Node{Type: braintrust.ObjectOrganization, ID: org}, Child: t}, none)
	}
	all := access.Node{Type: braintrust.ObjectOrgProject, ID: org}
	u.allProjects = u.add(Place{Node: all, Child: braintrust.ObjectProject}, none)
	for _, t := range u.kinds {
		u.add(Place{Node: all, Child: t}, none)
	}
	u.top = int32(len(u.places))
	for _, n := range a.things {
		u.add(Place{Node: n}, inside[n.Type])
	}
	u.firstProject = int32(len(u.places))
	for _, id := range a.projects {
		n := access.Node{Type: braintrust.ObjectProject, ID: id}
		u.add(Place{Node: n}, u.allProjects)
		for i, t := range u.kinds {
			u.add(Place{Node: n, Child: t}, u.allProjects+1+int32(i))
		}
	}
	u.firstObject = int32(len(u.places))
	for _, o := range a.objects {
		u.add(Place{Node: o.node}, u.home(o))
	}
	return u
}

func (u *universe) add(p Place, parent int32) int32 {
	at := int32(len(u.places))
	u.places = append(u.places, p)
	u.parent = append(u.parent, parent)
	u.number[p] = at
	return at
}

// own is the place of a node itself.
func (u *universe) own(n access.Node) (int32, bool) {
	at, known := u.number[Place{Node: n}]
	return at, known
}

// children lists what is directly in each place; it is made when it is first asked for.
func (u *universe) children() map[int32][]int32 {
	u.once.Do(func() {
		u.inside = map[int32][]int32{}
		for at, parent := range u.parent {
			if parent != none {
				u.inside[parent] = append(u.inside[parent], int32(at))
			}
		}
	})
	return u.inside
}

// home is the place of the things of an object's type in its project.
func (u *universe) home(o located) int32 {
	project, known := u.own(access.Node{Type: braintrust.ObjectProject, ID: o.project})
	kind := slices.Index(u.kinds, o.node.Type)
	if !known || kind < 0 {
		return none
	}
	return project + 1 + int32(kind)
}

// block is how many places a project has, its objects not counted.
func (u *universe) block() int32 { return int32(1 + len(u.kinds)) }

// kinds are the types of things in a project: those that are known, then those that something names.
func kinds(snapshots ...*access.Snapshot) []braintrust.ObjectType {
	out := []braintrust.ObjectType{
		braintrust.ObjectProjectLog, braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession,
	}
	add := func(t braintrust.ObjectType) {
		if t != "" && !structural(t) && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for _, s := range snapshots {
		for i := range s.Objects {
			add(s.Objects[i].Kind.Type())
		}
		for i := range s.ACLs {
			add(s.ACLs[i].ObjectType)
			add(s.ACLs[i].RestrictObjectType)
		}
		for _, role := range s.Roles {
			for _, m := range role.MemberPermissions {
				add(m.RestrictObjectType)
			}
		}
	}
	slices.Sort(out[5:])
	return out
}

// Places lists every place of a state, containers before what is in them, each with the position of the place
// that contains it, -1 for those at the top.
func Places(s *access.Snapshot) (places []Place, parents []int32) {
	u := newUniverse(align(s, s, true), kinds(s))
	return u.places, u.parent
}
