package synthetic

import (
	"fmt"
	"math/rand/v2"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// maker draws one organization.
type maker struct {
	Size
	*rand.Rand
	s      *access.Snapshot
	made   time.Time
	owner  string // id of the role that creators receive
	nextID uint64
}

// Organization makes an organization.
func Organization(size Size, seed uint64) *access.Snapshot {
	m := &maker{
		Size: size, Rand: rand.New(rand.NewPCG(seed, uint64(size.ACLs))),
		made: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	m.s = &access.Snapshot{Organization: braintrust.Organization{ID: m.id(), Name: "Synthetic " + size.Name}, TokensKnown: true}
	m.users()
	m.roles()
	m.groups()
	m.projects()
	m.objects()
	m.grants()
	return m.s
}

// id is the next id, in the form of the server's.
func (m *maker) id() string {
	m.nextID++
	a, b := m.Uint64(), m.nextID
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>36&0xfff, b&0xffffffffffff)
}

// oneIn is true once in n times.
func (m *maker) oneIn(n int) bool { return m.IntN(n) == 0 }

func pick[T any](m *maker, from []T) *T { return &from[m.IntN(len(from))] }

// deletedNow is a deletion once in n times.
func (m *maker) deletedNow(n int) *time.Time {
	if m.oneIn(n) {
		return &m.made
	}
	return nil
}

// deletedEach is a deletion of each n-th of few things, so that there is always one.
func (m *maker) deletedEach(n, i int) *time.Time {
	if i%n == 1 {
		return &m.made
	}
	return nil
}

func (m *maker) users() {
	for i := range m.Users {
		u := braintrust.User{ID: m.id(), Email: fmt.Sprintf("person%d@example.com", i), GivenName: fmt.Sprint("Person ", i)}
		if i%50 == 49 {
			u.Email, u.GivenName = fmt.Sprintf("bt::sp::%d@accounts.test", i), fmt.Sprint("bot-", i)
			m.s.Tokens = append(m.s.Tokens, braintrust.ServiceToken{ID: m.id(), Name: "ci", ServiceAccountID: u.ID, ServiceAccountName: u.GivenName, Created: m.made})
		}
		m.s.Users = append(m.s.Users, u)
	}
}

// roles are the three of the system and some of one to four pairs, nested.
func (m *maker) roles() {
	role := func(name string, permissions []braintrust.Permission) {
		r := braintrust.Role{ID: m.id(), Name: name}
		for _, p := range permissions {
			r.MemberPermissions = append(r.MemberPermissions, braintrust.RolePermission{Permission: p})
		}
		m.s.Roles = append(m.s.Roles, r)
	}
	role("Owner", braintrust.Permissions())
	role("Engineer", braintrust.Permissions()[:4])
	role("Viewer", braintrust.Permissions()[1:2])
	m.owner = m.s.Roles[0].ID
	for i := range 10 + m.Groups/25 {
		r := braintrust.Role{ID: m.id(), Name: fmt.Sprint("role-", i), DeletedAt: m.deletedEach(10, i)}
		for range 1 + m.IntN(4) {
			r.MemberPermissions = append(r.MemberPermissions, braintrust.RolePermission{Permission: m.permission(), RestrictObjectType: m.restrict()})
		}
		if len(m.s.Roles) > 3 && m.oneIn(3) {
			inner := pick(m, m.s.Roles[3:])
			r.MemberRoles = append(r.MemberRoles, inner.ID)
			if m.Cycles && m.oneIn(2) {
				inner.MemberRoles = append(inner.MemberRoles, r.ID)
			}
		}
		m.s.Roles = append(m.s.Roles, r)
	}
}

// permission favours reading, as people do.
func (m *maker) permission() braintrust.Permission {
	if m.oneIn(2) {
		return braintrust.PermissionRead
	}
	return *pick(m, braintrust.Permissions())
}

// restrict is a type in three of ten grants.
func (m *maker) restrict() braintrust.ObjectType {
	if m.IntN(10) >= 3 {
		return ""
	}
	return *pick(m, []braintrust.ObjectType{"project", "project_log", "experiment", "dataset", "prompt", "prompt_session", "experiment", "dataset", "group", "ai_secret"})
}

// groups are levels: each lists groups of the next, one in twenty lists any; users are in one to five.
func (m *maker) groups() {
	for _, name := range []string{"Owners", "Engineers", "Viewers"} {
		m.s.Groups = append(m.s.Groups, braintrust.Group{ID: m.id(), Name: name})
	}
	for i := 3; i < m.Groups; i++ {
		m.s.Groups = append(m.s.Groups, braintrust.Group{ID: m.id(), Name: fmt.Sprint("team-", i), DeletedAt: m.deletedNow(100)})
	}
	teams := m.s.Groups[3:]
	level := max(1, len(teams)/m.Depth)
	for i := range teams {
		if i >= level {
			above := &teams[(i/level-1)*level+m.IntN(level)]
			above.MemberGroups = append(above.MemberGroups, teams[i].ID)
		}
		if m.oneIn(20) {
			// Without cycles the lists only lead down.
			other := m.IntN(len(teams))
			if m.Cycles || other > i {
				teams[i].MemberGroups = append(teams[i].MemberGroups, teams[other].ID)
			}
		}
	}
	if m.Cycles && len(teams) > 1 { // at least one, however small
		teams[0].MemberGroups = append(teams[0].MemberGroups, teams[1].ID)
		teams[1].MemberGroups = append(teams[1].MemberGroups, teams[0].ID)
	}
	for i := range m.s.Users {
		id := m.s.Users[i].ID
		for range 1 + m.IntN(5) {
			if at := m.IntN(len(teams)); at%20 != 7 { // one in twenty has no users of its own
				teams[at].MemberUsers = append(teams[at].MemberUsers, id)
			}
		}
		switch n := m.IntN(1000); {
		case i < 3 || n < 1 && len(m.s.Groups[0].MemberUsers) < 20:
			m.s.Groups[0].MemberUsers = append(m.s.Groups[0].MemberUsers, id)
		case n < 10:
			m.s.Groups[1].MemberUsers = append(m.s.Groups[1].MemberUsers, id)
		case n < 20:
			m.s.Groups[2].MemberUsers = append(m.s.Groups[2].MemberUsers, id)
		}
	}
}

func (m *maker) projects() {
	for i := range m.Projects {
		m.s.Projects = append(m.s.Projects, braintrust.Project{ID: m.id(), Name: fmt.Sprint("project-", i), DeletedAt: m.deletedNow(200)})
	}
	for i := range 2 + m.Projects/100 {
		set := braintrust.ProjectGroup{ID: m.id(), Name: fmt.Sprint("set-", i), DeletedAt: m.deletedEach(10, i)}
		for range m.IntN(20) {
			set.MemberProjects = append(set.MemberProjects, pick(m, m.s.Projects).ID)
		}
		m.s.ProjectGroups = append(m.s.ProjectGroups, set)
	}
}

// objects fills the projects; the second has more than fit in a byte, every fiftieth is empty.
func (m *maker) objects() {
	kinds := []braintrust.ObjectKind{braintrust.KindExperiment, braintrust.KindDataset, braintrust.KindPrompt, braintrust.KindFunction, "prompt_session"}
	for i := range m.s.Projects {
		count := m.Objects
		switch {
		case i%50 == 49:
			count = 0
		case i == 1:
			count = 300
		}
		for j := range count {
			m.s.Objects = append(m.s.Objects, access.Object{Kind: kinds[j%len(kinds)], Object: braintrust.Object{
				ID: m.id(), ProjectID: m.s.Projects[i].ID, Name: fmt.Sprint("object-", j), DeletedAt: m.deletedNow(200),
			}})
		}
	}
}
