package reconcile

import (
	"cmp"
	"slices"

	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// index finds the things of an organization by the names that documents use, and what is going to be made. Of the
// organization itself it holds pointers: there may be very many grants.
type index struct {
	view         *orgview.View
	org          braintrust.Organization
	people       map[string]string // canonical e-mail -> id
	accounts     map[string]string // name -> id
	several      map[string]bool   // names of accounts that are not unique
	users        map[string]*braintrust.User
	groups       map[string]*braintrust.Group // by id
	groupNamed   map[string]*braintrust.Group
	roles        map[string]*braintrust.Role
	roleNamed    map[string]*braintrust.Role
	projects     []braintrust.Project // live, by name
	projectNamed map[string][]braintrust.Project
	bySubject    map[access.Principal][]*braintrust.ACL // in the order of compareItems
	onGroup      map[string][]*braintrust.ACL           // on groups themselves, by the group's id
	byRole       map[string][]*braintrust.ACL
	home         map[access.Node]string // of an object: the name of its project
	state        *access.State
	renamed      map[string]string // id of a group or role -> the name that it will have
}

func newIndex(v *orgview.View) *index {
	s := v.Snapshot
	x := &index{
		view: v, org: s.Organization, people: make(map[string]string, len(s.Users)), accounts: map[string]string{}, several: map[string]bool{},
		users: make(map[string]*braintrust.User, len(s.Users)), groups: make(map[string]*braintrust.Group, len(s.Groups)),
		groupNamed: make(map[string]*braintrust.Group, len(s.Groups)),
		roles:      map[string]*braintrust.Role{}, roleNamed: map[string]*braintrust.Role{},
		bySubject: map[access.Principal][]*braintrust.ACL{}, onGroup: map[string][]*braintrust.ACL{}, byRole: map[string][]*braintrust.ACL{},
		home: map[access.Node]string{}, state: v.State(), renamed: map[string]string{}, projectNamed: map[string][]braintrust.Project{},
	}
	for i := range v.Members.All {
		x.addMember(&v.Members.All[i])
	}
	for i := range s.Groups {
		if g := &s.Groups[i]; g.DeletedAt == nil {
			x.groups[g.ID], x.groupNamed[g.Name] = g, g
		}
	}
	for i := range s.Roles {
		if r := &s.Roles[i]; r.DeletedAt == nil {
			x.roles[r.ID] = r
			if _, have := x.roleNamed[r.Name]; !have || r.OrgID != "" { // one of the organization's own hides the system's
				x.roleNamed[r.Name] = r
			}
		}
	}
	for _, p := range s.Projects {
		if p.DeletedAt == nil {
			x.projects = append(x.projects, p)
			x.home[access.Node{Type: braintrust.ObjectProject, ID: p.ID}] = p.Name
			x.home[access.Node{Type: braintrust.ObjectProjectLog, ID: p.ID}] = p.Name
		}
	}
	slices.SortFunc(x.projects, func(a, b braintrust.Project) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	for _, p := range x.projects {
		x.projectNamed[p.Name] = append(x.projectNamed[p.Name], p)
	}
	for _, o := range s.Objects {
		if name, ok := x.home[access.Node{Type: braintrust.ObjectProject, ID: o.ProjectID}]; ok {
			x.home[o.Node()] = name
		}
	}
	for i := range s.ACLs {
		acl := &s.ACLs[i]
		p := access.PrincipalOf(acl.ACLItem)
		x.bySubject[p] = append(x.bySubject[p], acl)
		if acl.ObjectType == braintrust.ObjectGroup {
			x.onGroup[acl.ObjectID] = append(x.onGroup[acl.ObjectID], acl)
		}
		if acl.RoleID != "" {
			x.byRole[acl.RoleID] = append(x.byRole[acl.RoleID], acl)
		}
	}
	for _, acls := range x.bySubject {
		slices.SortStableFunc(acls, func(a, b *braintrust.ACL) int { return compareItems(&a.ACLItem, &b.ACLItem) })
	}
	return x
}

func (x *index) addMember(m *orgstate.Member) {
	x.users[m.User.ID] = &m.User
	if m.User.Email != "" {
		x.people[text.CanonicalEmail(m.User.Email)] = m.User.ID
	}
	if m.Kind == orgstate.Person || m.Name == "" {
		return
	}
	if _, again := x.accounts[m.Name]; again {
		x.several[m.Name] = true
	}
	x.accounts[m.Name] = m.User.ID
}

// compareItems orders the grants of one subject.
func compareItems(a, b *braintrust.ACLItem) int {
	return cmp.Or(
		cmp.Compare(a.ObjectType, b.ObjectType), cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.RestrictObjectType, b.RestrictObjectType),
		cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.RoleID, b.RoleID),
	)
}

// same are the grants with exactly these contents: one, or none.
func (x *index) same(item braintrust.ACLItem) []*braintrust.ACL {
	acls := x.bySubject[access.PrincipalOf(item)]
	first, _ := slices.BinarySearchFunc(acls, &item, func(have *braintrust.ACL, want *braintrust.ACLItem) int { return compareItems(&have.ACLItem, want) })
	after := first
	for after < len(acls) && acls[after].ACLItem == item {
		after++
	}
	return acls[first:after]
}

// has reports whether something is granted.
func (x *index) has(item braintrust.ACLItem) bool { return len(x.same(item)) > 0 }

// ref is what people call a principal.
func (x *index) ref(p access.Principal) string {
	if name, is := change.IsNew(p.ID); is {
		if _, account := x.accounts[name]; account && p.Kind == access.PrincipalUser {
			return "service-account:" + name
		}
		return string(p.Kind) + ":" + name
	}
	if name, is := x.renamed[p.ID]; is {
		return string(p.Kind) + ":" + name
	}
	return x.view.Names().Principal(p)
}

func (x *index) nodeName(n access.Node) string {
	if name, is := change.IsNew(n.ID); is {
		return string(n.Type) + ":" + name
	}
	if name, is := x.renamed[n.ID]; is {
		return string(n.Type) + ":" + name
	}
	return x.view.Names().Node(n)
}

func (x *index) roleName(id string) string {
	if name, is := change.IsNew(id); is {
		return name
	}
	if name, is := x.renamed[id]; is {
		return name
	}
	if r := x.roles[id]; r != nil {
		return r.Name
	}
	return id
}

// sayable reports whether a document can ask for a grant: its permission and its types are known to this version, its
// subject is there, and what it is on is there and has a name or an id.
func (x *index) sayable(item braintrust.ACLItem) bool {
	if item.RoleID == "" && !slices.Contains(braintrust.Permissions(), item.Permission) {
		return false
	}
	if item.RoleID != "" && x.roles[item.RoleID] == nil {
		return false
	}
	if item.RestrictObjectType != "" && !slices.Contains(braintrust.ObjectTypes(), item.RestrictObjectType) {
		return false
	}
	if !slices.Contains(braintrust.ObjectTypes(), item.ObjectType) || !x.state.Exists(access.NodeOf(item)) {
		return false
	}
	if item.GroupID != "" {
		return x.groups[item.GroupID] != nil
	}
	_, member := x.users[item.UserID]
	return member
}
