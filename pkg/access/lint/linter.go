package lint

import (
	"fmt"
	"slices"
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// linter is one run with what several rules need.
type linter struct {
	in       Input
	opts     Options
	top      *access.State // without grants on projects and on what is in them
	org      access.Node
	users    map[string]int // place in the list
	groups   map[string]*braintrust.Group
	roles    map[string]*braintrust.Role
	projects map[string]bool
	owners   map[string]bool
	tuples   map[string][]access.Tuple // of roles, at any depth

	reach map[string][]int // group to the places of its users, at any depth
	owner []bool           // by place of the user
	// seen is a set of places, emptied by the next round.
	seen  []int
	round int

	gone      func() []bool // by place of the grant: what it is on does not exist any more
	waste     func() []compiled.Waste
	removable func() []int
}

func newLinter(in Input, o Options) *linter {
	s := in.Snapshot
	l := &linter{
		in: in, opts: o, org: access.Node{Type: braintrust.ObjectOrganization, ID: s.Organization.ID},
		users: make(map[string]int, len(s.Users)), groups: map[string]*braintrust.Group{}, roles: map[string]*braintrust.Role{},
		projects: map[string]bool{}, owners: map[string]bool{},
		tuples: map[string][]access.Tuple{}, reach: map[string][]int{},
		waste: sync.OnceValue(in.Engine.Waste), removable: sync.OnceValue(in.Engine.Removable),
	}
	for i := range s.Users {
		l.users[s.Users[i].ID] = i
	}
	l.gone, l.seen = sync.OnceValue(l.findGone), make([]int, len(s.Users))
	for i := range s.Groups {
		if s.Groups[i].DeletedAt == nil {
			l.groups[s.Groups[i].ID] = &s.Groups[i]
		}
	}
	for i := range s.Roles {
		if s.Roles[i].DeletedAt == nil {
			l.roles[s.Roles[i].ID] = &s.Roles[i]
		}
	}
	for i := range s.Projects {
		if s.Projects[i].DeletedAt == nil {
			l.projects[s.Projects[i].ID] = true
		}
	}
	l.readTop()
	return l
}

// readTop makes a state of the organization's upper part, which is small however many projects there are.
func (l *linter) readTop() {
	s := *l.in.Snapshot
	s.Objects, s.Projects, s.ProjectGroups, s.ACLs = nil, nil, nil, nil
	for i := range l.in.Snapshot.ACLs {
		switch a := &l.in.Snapshot.ACLs[i]; a.ObjectType {
		case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectGroup, braintrust.ObjectRole:
			s.ACLs = append(s.ACLs, *a)
		}
	}
	l.top = access.NewState(&s)
	l.top.AddImplied()
	l.owner = make([]bool, len(s.Users))
	for _, id := range l.top.Owners() {
		l.owners[id], l.owner[l.users[id]] = true, true
	}
}

// held are the tuples that a grant gives.
func (l *linter) held(a *braintrust.ACL) []access.Tuple {
	if a.RoleID == "" {
		return []access.Tuple{{Permission: a.Permission, Restrict: a.RestrictObjectType}}
	}
	tuples, known := l.tuples[a.RoleID]
	if !known {
		tuples = l.top.RoleTuples(a.RoleID)
		l.tuples[a.RoleID] = tuples
	}
	return tuples
}

// usersOf are the places of a group's users, at any depth.
func (l *linter) usersOf(group string) []int {
	places, known := l.reach[group]
	if known {
		return places
	}
	for _, id := range l.top.GroupsIn(group) {
		for _, user := range l.groups[id].MemberUsers {
			if place, member := l.users[user]; member {
				places = append(places, place)
			}
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	l.reach[group] = places
	return places
}

// reached are the places of the users whom a principal stands for.
func (l *linter) reached(p access.Principal) []int {
	if p.Kind == access.PrincipalGroup {
		return l.usersOf(p.ID)
	}
	if place, member := l.users[p.ID]; member {
		return []int{place}
	}
	return nil
}

func (l *linter) name(p access.Principal) string { return l.in.Names.Principal(p) }
func (l *linter) node(n access.Node) string      { return l.in.Names.Node(n) }

// person reports whether a user is a member and no service account.
func (l *linter) person(id string) bool {
	_, member := l.users[id]
	return member && !l.in.IsAccount(id)
}

func userOf(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func groupOf(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}

// idsPerCommand keeps command lines at a length that can be pasted.
const idsPerCommand = 50

// deleteACLs are the commands that delete grants.
func deleteACLs(ids []string) []Command {
	var commands []Command
	for some := range slices.Chunk(ids, idsPerCommand) {
		commands = append(commands, append(Command{"btadmin", "acl", "delete"}, some...))
	}
	return commands
}

// pair is a principal on a node.
type pair struct {
	principal access.Principal
	node      access.Node
}

// gather joins grants that are on the same node to the same principal, in the order of the list.
type gather struct {
	order []pair
	ids   map[pair][]string
	first map[pair]int // place of the first grant
}

func newGather() *gather { return &gather{ids: map[pair][]string{}, first: map[pair]int{}} }

func (g *gather) add(i int, a *braintrust.ACL) {
	key := pair{access.PrincipalOf(a.ACLItem), access.NodeOf(a.ACLItem)}
	if _, known := g.ids[key]; !known {
		g.order = append(g.order, key)
		g.first[key] = i
	}
	g.ids[key] = append(g.ids[key], a.ID)
}

// findings makes a finding of each pair.
func (g *gather) findings(message func(pair, []string) string) []Finding {
	var out []Finding
	for _, key := range g.order {
		out = append(out, Finding{
			Message: message(key, g.ids[key]), Principals: []access.Principal{key.principal}, Nodes: []access.Node{key.node},
			ACLs: g.ids[key], Fix: deleteACLs(g.ids[key]),
		})
	}
	return out
}

func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
