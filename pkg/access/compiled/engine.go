package compiled

import (
	"slices"
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Engine is a compiled organization. It never changes, and may be asked from several goroutines.
type Engine struct {
	*directory
	rights   *rights
	listed   members
	records  []record
	given    int // the records before it are those of the snapshot's grants, in its order
	subjects *subjects
	rows     *rows
	holders  []holder // by principal
	sites    []site   // by project
	others   []braintrust.Permission

	listing func() *byPrincipal
	scratch *sync.Pool
}

// Option changes how a snapshot is compiled.
type Option func(*options)

type options struct{ implied bool }

// WithImplied adds the grants of the built-in groups that a server gives without listing them, as
// access.State.AddImplied does.
func WithImplied() Option { return func(o *options) { o.implied = true } }

// Compile makes an Engine. It keeps the ids of the snapshot, not its records.
func Compile(s *access.Snapshot, opts ...Option) *Engine {
	var o options
	for _, set := range opts {
		set(&o)
	}
	groups, groupNumbers := lastWins(s.Groups, func(g *braintrust.Group) (string, bool) { return g.ID, g.DeletedAt == nil })
	roles, roleNumbers := lastWins(s.Roles, func(r *braintrust.Role) (string, bool) { return r.ID, r.DeletedAt == nil })
	e := &Engine{directory: newDirectory(s), rights: newRights()}
	e.groups, e.roles = groupNumbers, roleNumbers
	e.addNodes(s, groups, roles)
	e.rights.addRoles(e.directory, roles)
	e.listed = membersOf(e.directory, groups)
	r := &reader{d: e.directory, rights: e.rights}
	e.records, e.given = r.read(s.ACLs), len(s.ACLs)
	if o.implied {
		e.records = append(e.records, r.read(impliedGrants(s, r.repeated, groups, roles))...)
	}
	e.others = r.otherPermissions(roles)
	e.subjects = newSubjects(&e.listed, len(e.userIDs))
	e.assemble()
	return e
}

// assemble computes what depends on grants.
func (e *Engine) assemble() {
	e.rows = newRows(e.records, e.directory, e.subjects, e.rights)
	e.holders, e.sites = e.newHolders(), e.newSites()
	e.listing = sync.OnceValue(e.newByPrincipal)
	e.scratch = &sync.Pool{New: func() any { return newScratch(e) }}
}

// The nodes that every organization has.
const (
	organizationNode = uint32(0)
	orgProjectNode   = kindOrgProject - kindOrganization
)

// impliedGrants asks the definition for the grants of built-in groups that no row lists.
func impliedGrants(s *access.Snapshot, repeated []int, groups []*braintrust.Group, roles []*braintrust.Role) []braintrust.ACL {
	small := access.Snapshot{Organization: s.Organization}
	builtIn := map[string]bool{}
	for _, g := range groups {
		if access.IsBuiltInGroup(g.Name) {
			small.Groups = append(small.Groups, braintrust.Group{ID: g.ID, Name: g.Name})
			builtIn[g.ID] = true
		}
	}
	for _, r := range roles {
		small.Roles = append(small.Roles, *r)
	}
	for i := range s.ACLs {
		a := &s.ACLs[i]
		if builtIn[a.GroupID] && (a.ObjectType == braintrust.ObjectOrganization || a.ObjectType == braintrust.ObjectOrgProject) {
			if _, again := slices.BinarySearch(repeated, i); !again {
				small.ACLs = append(small.ACLs, *a)
			}
		}
	}
	state := access.NewState(&small)
	state.AddImplied()
	var added []braintrust.ACL
	for _, t := range []braintrust.ObjectType{braintrust.ObjectOrganization, braintrust.ObjectOrgProject} {
		for _, a := range state.ACLsOn(access.Node{Type: t, ID: s.Organization.ID}) {
			if state.Implied(a.ID) {
				added = append(added, a)
			}
		}
	}
	return added
}

// principal numbers a principal that some list or grant names.
func (e *Engine) principal(p access.Principal) (uint32, bool) {
	switch p.Kind {
	case access.PrincipalUser:
		u, known := e.users.get(p.ID)
		return e.subjects.user(u), known
	case access.PrincipalGroup:
		g, live := e.groups.get(p.ID)
		if !live {
			return 0, false
		}
		return e.subjects.component[g], true
	}
	return 0, false
}
