package access

import (
	"maps"
	"slices"

	"btadmin/pkg/braintrust"
)

// State is an organization that can be asked and changed. What is deleted (deleted_at is set) is not in
// it and grants nothing. Reading it from several goroutines is safe while nobody changes it.
type State struct {
	org      braintrust.Organization
	complete bool // what no list shows does not exist
	users    map[string]braintrust.User
	groups   map[string]braintrust.Group // MemberUsers is nil: see members
	roles    map[string]braintrust.Role
	projects map[string]braintrust.Project
	sets     map[string]braintrust.ProjectGroup
	objects  map[Node]Object
	dead     map[Node]bool              // objects known to be deleted
	acls     map[string]*braintrust.ACL // nothing changes what they point to
	implied  map[string]bool            // ids of rows that AddImplied made

	grants    map[Node]map[Principal][]*braintrust.ACL
	members   map[string]map[string]bool // group -> users
	groupsOf  map[string]map[string]bool // user -> groups that list him
	listedIn  map[string]map[string]bool // group -> groups that list it as a member group
	setsOfPrj map[string]map[string]bool // project -> project groups
}

// NewState builds a State from a snapshot. It keeps pointing to the snapshot's grants, of which there may be very many:
// they must not be changed in place afterwards.
func NewState(s *Snapshot) *State {
	st := &State{
		org: s.Organization, complete: s.Complete, users: make(map[string]braintrust.User, len(s.Users)),
		groups: make(map[string]braintrust.Group, len(s.Groups)), roles: map[string]braintrust.Role{}, projects: make(map[string]braintrust.Project, len(s.Projects)),
		sets: map[string]braintrust.ProjectGroup{}, objects: map[Node]Object{}, dead: map[Node]bool{},
		acls: make(map[string]*braintrust.ACL, len(s.ACLs)), implied: map[string]bool{},
		grants: map[Node]map[Principal][]*braintrust.ACL{}, members: make(map[string]map[string]bool, len(s.Groups)),
		groupsOf: make(map[string]map[string]bool, len(s.Users)), listedIn: map[string]map[string]bool{},
		setsOfPrj: map[string]map[string]bool{},
	}
	each(s.Users, st.PutUser)
	each(s.Groups, st.PutGroup)
	each(s.Roles, st.PutRole)
	each(s.Projects, st.PutProject)
	each(s.ProjectGroups, st.PutProjectGroup)
	each(s.Objects, st.PutObject)
	for i := range s.ACLs {
		st.putACL(&s.ACLs[i])
	}
	return st
}

func each[T any](items []T, do func(T)) {
	for _, item := range items {
		do(item)
	}
}

// Clone makes a State that can be changed without changing this one.
func (s *State) Clone() *State {
	c := &State{
		org: s.org, complete: s.complete, users: maps.Clone(s.users), groups: maps.Clone(s.groups), roles: maps.Clone(s.roles),
		projects: maps.Clone(s.projects), sets: maps.Clone(s.sets), objects: maps.Clone(s.objects),
		dead: maps.Clone(s.dead), acls: maps.Clone(s.acls), implied: maps.Clone(s.implied),
		grants:  make(map[Node]map[Principal][]*braintrust.ACL, len(s.grants)),
		members: cloneSets(s.members), groupsOf: cloneSets(s.groupsOf), listedIn: cloneSets(s.listedIn),
		setsOfPrj: cloneSets(s.setsOfPrj),
	}
	for node, byPrincipal := range s.grants {
		copied := make(map[Principal][]*braintrust.ACL, len(byPrincipal))
		for p, acls := range byPrincipal {
			copied[p] = slices.Clone(acls)
		}
		c.grants[node] = copied
	}
	return c
}

func cloneSets(sets map[string]map[string]bool) map[string]map[string]bool {
	out := make(map[string]map[string]bool, len(sets))
	for key, set := range sets {
		out[key] = maps.Clone(set)
	}
	return out
}

// Organization is the organization itself.
func (s *State) Organization() braintrust.Organization { return s.org }

// SetOrganization replaces the organization's own fields; its id must stay the same.
func (s *State) SetOrganization(org braintrust.Organization) { s.org = org }

// PutUser adds or replaces a member.
func (s *State) PutUser(u braintrust.User) { s.users[u.ID] = u }

// DeleteUser takes a member out of the organization and of all groups. Grants to him stay, as the
// server's do, and reach nobody.
func (s *State) DeleteUser(id string) {
	delete(s.users, id)
	for group := range s.groupsOf[id] {
		delete(s.members[group], id)
	}
	delete(s.groupsOf, id)
}

// User returns a member.
func (s *State) User(id string) (braintrust.User, bool) {
	u, ok := s.users[id]
	return u, ok
}

// Users returns the ids of all members, sorted.
func (s *State) Users() []string { return sortedKeys(s.users) }

// PutRole adds or replaces a role; a deleted one is taken out.
func (s *State) PutRole(r braintrust.Role) {
	if r.DeletedAt != nil {
		s.DeleteRole(r.ID)
		return
	}
	s.roles[r.ID] = r
}

// DeleteRole takes a role out. Grants of it stay and give nothing.
func (s *State) DeleteRole(id string) { delete(s.roles, id) }

// Role returns a live role.
func (s *State) Role(id string) (braintrust.Role, bool) {
	r, ok := s.roles[id]
	return r, ok
}

// PutProject adds or replaces a project; a deleted one is taken out.
func (s *State) PutProject(p braintrust.Project) {
	if p.DeletedAt != nil {
		s.DeleteProject(p.ID)
		return
	}
	s.projects[p.ID] = p
}

// DeleteProject takes a project out; what is in it can be reached no more.
func (s *State) DeleteProject(id string) { delete(s.projects, id) }

// PutProjectGroup adds or replaces a project group; a deleted one is taken out.
func (s *State) PutProjectGroup(g braintrust.ProjectGroup) {
	s.DeleteProjectGroup(g.ID)
	if g.DeletedAt != nil {
		return
	}
	s.sets[g.ID] = g
	for _, project := range g.MemberProjects {
		insert(s.setsOfPrj, project, g.ID)
	}
}

// DeleteProjectGroup takes a project group out.
func (s *State) DeleteProjectGroup(id string) {
	for _, project := range s.sets[id].MemberProjects {
		delete(s.setsOfPrj[project], id)
	}
	delete(s.sets, id)
}

// PutObject adds or replaces an object of a project; a deleted one is taken out.
func (s *State) PutObject(o Object) {
	if o.DeletedAt != nil {
		s.DeleteObject(o.Node())
		return
	}
	delete(s.dead, o.Node())
	s.objects[o.Node()] = o
}

// DeleteObject takes an object out.
func (s *State) DeleteObject(n Node) {
	delete(s.objects, n)
	s.dead[n] = true
}

func insert(sets map[string]map[string]bool, key, value string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][value] = true
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// Roles returns the ids of all live roles, sorted.
func (s *State) Roles() []string { return sortedKeys(s.roles) }
