package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Exported is an organization as a document asks for it.
type Exported struct {
	Desired *policy.Desired
	// Left are the things that a document cannot say, in words. A plan leaves them alone.
	Left []string
}

// Export describes an organization so that a plan of the description has nothing to do. The members of groups are all
// of them, grants too; tokens are not described, because where a token goes is not the organization's to say.
func Export(v *orgview.View) *Exported { return export(v, false) }

// export is Export; userRoles says that the roles of single people are described, too.
func export(v *orgview.View, userRoles bool) *Exported {
	e := &exporter{
		userRoles: userRoles,
		c:         &comparison{ctx: context.Background(), view: v, index: newIndex(v), desired: &policy.Desired{}, administered: map[string]bool{}},
		d: &policy.Desired{
			Org: document.NewText(v.Snapshot.Organization.Name), PeopleManaged: true, GroupsManaged: true, AccountsManaged: true, RolesManaged: true,
			Guards: policy.Guards{KeepMyAccess: true},
		},
		out: &Exported{},
	}
	e.x = e.c.index
	e.out.Desired = e.d
	e.nameable()
	e.people()
	e.groups()
	e.roles()
	e.leftovers()
	return e.out
}

// exporter is one Export on its way.
type exporter struct {
	c    *comparison
	x    *index
	d    *policy.Desired
	out  *Exported
	said map[string]bool // ids of ACLs that some row says
	// names of projects that are unique and can be written
	projects map[string]string
	objects  map[access.Node]access.Object
	names    map[called]int // how many objects have a name
	// userRoles describes the roles of single people, too. Those are mostly of what they have made.
	userRoles bool
}

func (e *exporter) left(format string, args ...any) {
	e.out.Left = append(e.out.Left, fmt.Sprintf(format, args...))
}

func (e *exporter) nameable() {
	e.said, e.projects, e.objects, e.names = map[string]bool{}, map[string]string{}, map[access.Node]access.Object{}, map[called]int{}
	count := map[string]int{}
	for _, p := range e.x.projects {
		count[p.Name]++
	}
	for _, p := range e.x.projects {
		if count[p.Name] == 1 && writable(p.Name) {
			e.projects[p.ID] = p.Name
		}
	}
	for _, o := range e.c.view.Snapshot.Objects {
		e.objects[o.Node()] = o
		e.names[called{o.Kind, o.ProjectID, o.Name}]++
		if o.Slug != "" && o.Slug != o.Name {
			e.names[called{o.Kind, o.ProjectID, o.Slug}]++
		}
	}
}

// writable reports whether a name can stand in a document.
func writable(name string) bool {
	return name != "" && !text.Unsafe(name) && !strings.Contains(name, "${") && name == strings.TrimSpace(name)
}

// principal names somebody as a document does; false when nobody can.
func (e *exporter) principal(p access.Principal) (policy.Principal, bool) {
	if p.Kind == access.PrincipalGroup {
		g := e.x.groups[p.ID]
		if g == nil || !writable(g.Name) {
			return policy.Principal{}, false
		}
		return policy.Principal{Kind: policy.GroupName, Name: g.Name, At: document.Here()}, true
	}
	m, member := e.c.view.Members.ByID(p.ID)
	switch {
	case !member:
		return policy.Principal{}, false
	case m.Kind != orgstate.Person && writable(m.Name) && !e.x.several[m.Name]:
		return policy.Principal{Kind: policy.ServiceAccount, Name: m.Name, At: document.Here()}, true
	case m.Kind == orgstate.Person && writable(m.User.Email) && policy.ValidEmail(m.User.Email) && e.x.people[text.CanonicalEmail(m.User.Email)] == p.ID:
		return policy.Principal{Kind: policy.Email, Name: m.User.Email, At: document.Here()}, true
	}
	return policy.Principal{Kind: policy.UserID, Name: p.ID, At: document.Here()}, true
}

func (e *exporter) people() {
	for _, m := range e.c.view.Members.All {
		p := access.Principal{Kind: access.PrincipalUser, ID: m.User.ID}
		who, _ := e.principal(p)
		rows := e.rows(p)
		switch who.Kind {
		case policy.Email:
			e.d.People = append(e.d.People, policy.Person{
				Email: document.NewText(who.Name), SendEmail: true, GrantsManaged: len(rows) > 0, Grants: rows, At: document.Here(),
			})
		case policy.ServiceAccount:
			e.d.Accounts = append(e.d.Accounts, &policy.Account{
				Name: document.NewText(who.Name), GrantsManaged: len(rows) > 0, GrantsExact: true, Grants: rows, At: document.Here(),
			})
		default:
			e.forget(p)
		}
	}
	slices.SortFunc(e.d.People, func(a, b policy.Person) int { return cmp.Compare(a.Email.Value, b.Email.Value) })
	slices.SortFunc(e.d.Accounts, func(a, b *policy.Account) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
}

// forget takes back what rows has noted for somebody whom a document cannot name.
func (e *exporter) forget(p access.Principal) {
	for _, acl := range e.x.bySubject[p] {
		delete(e.said, acl.ID)
	}
}

func (e *exporter) groups() {
	for _, id := range keys(e.x.groups) {
		g := e.x.groups[id]
		if !writable(g.Name) {
			e.left("the group %s: its name cannot be written", text.Visible(g.Name))
			continue
		}
		p := access.Principal{Kind: access.PrincipalGroup, ID: g.ID}
		out := &policy.Group{
			Name: document.NewText(g.Name), BuiltIn: access.IsBuiltInGroup(g.Name), MembersManaged: true, MembersExact: true,
			GrantsManaged: true, GrantsExact: true, Grants: e.rows(p), Administrators: e.administrators(g), At: document.Here(),
		}
		out.AdministeredManaged = len(out.Administrators) > 0
		if g.Description != "" && !out.BuiltIn {
			out.Description = document.NewText(g.Description)
		}
		for _, list := range []struct {
			kind access.PrincipalKind
			ids  []string
		}{{access.PrincipalUser, g.MemberUsers}, {access.PrincipalGroup, g.MemberGroups}} {
			for _, id := range list.ids {
				who := access.Principal{Kind: list.kind, ID: id}
				named, can := e.principal(who)
				switch {
				case id == g.ID: // a member of itself, which means nothing
				case can:
					out.Members = append(out.Members, policy.Membership{Principal: named})
				case e.c.exists(who):
					e.left("a member of the group %s: %s", g.Name, id)
					out.MembersExact = false
				}
			}
		}
		slices.SortFunc(out.Members, func(a, b policy.Membership) int { return cmp.Compare(a.Ref(), b.Ref()) })
		e.d.Groups = append(e.d.Groups, out)
	}
	slices.SortFunc(e.d.Groups, func(a, b *policy.Group) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
}

// administrators are the grants on a group, by who has them. When one of them cannot be named none is: who is not in
// the list would lose what he has.
func (e *exporter) administrators(g *braintrust.Group) []policy.Administrator {
	items := map[access.Principal][]braintrust.ACLItem{}
	var said []string
	for _, acl := range e.x.onGroup[g.ID] {
		if acl.RoleID != "" || acl.RestrictObjectType != "" || !e.x.sayable(acl.ACLItem) {
			continue
		}
		p := access.PrincipalOf(acl.ACLItem)
		if _, can := e.principal(p); !can {
			return nil
		}
		items[p] = append(items[p], acl.ACLItem)
		said = append(said, acl.ID)
	}
	for _, id := range said {
		e.said[id] = true
	}
	var out []policy.Administrator
	for p, list := range items {
		who, _ := e.principal(p)
		for _, row := range e.c.view.Labels().Describe(list) {
			labels, _ := labelsOf(row)
			out = append(out, policy.Administrator{Principal: who, Labels: labels})
		}
	}
	slices.SortFunc(out, func(a, b policy.Administrator) int { return cmp.Compare(a.Ref(), b.Ref()) })
	return out
}

// roles are the organization's own roles, and where roles are assigned. Those that make a person an owner of what he
// made are direct grants, which a document reports.
func (e *exporter) roles() {
	for _, id := range keys(e.x.roles) {
		r := e.x.roles[id]
		if !writable(r.Name) || e.x.roleNamed[r.Name] != r {
			e.left("the role %s (%s): its name cannot be written or is not its alone", text.Visible(r.Name), r.ID)
			continue
		}
		out := &policy.Role{Name: document.NewText(r.Name), BuiltIn: r.OrgID == "", At: document.Here()}
		out.Assigned, out.AssignedManaged = e.assigned(r)
		if !out.AssignedManaged {
			out.Assigned = nil
		}
		if out.BuiltIn && out.AssignedManaged && len(out.Assigned) == 0 {
			continue // one whose places cannot all be said is listed: else nobody would hold it
		}
		if !out.BuiltIn {
			e.roleFields(out, r)
		}
		e.d.Roles = append(e.d.Roles, out)
	}
	slices.SortFunc(e.d.Roles, func(a, b *policy.Role) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
}

func (e *exporter) roleFields(out *policy.Role, r *braintrust.Role) {
	if r.Description != "" {
		out.Description = document.NewText(r.Description)
	}
	out.PermissionsManaged, out.IncludesManaged = true, true
	for _, m := range r.MemberPermissions {
		t := access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}
		if len(e.c.sayableTuples([]braintrust.RolePermission{m})) == 0 {
			e.left("the permission %s of the role %s", t, r.Name)
			continue
		}
		if !slices.Contains(out.Tuples, t) {
			out.Tuples = append(out.Tuples, t)
		}
	}
	for _, id := range r.MemberRoles {
		if inner := e.x.roles[id]; inner != nil && writable(inner.Name) && e.x.roleNamed[inner.Name] == inner {
			out.Includes = append(out.Includes, document.NewText(inner.Name))
		} else if inner != nil {
			e.left("the role %s, which the role %s includes", inner.Name, r.Name)
			out.IncludesManaged = false
		}
	}
	if !out.IncludesManaged {
		out.Includes = nil
	}
}

// assigned is where groups hold a role. It is not whole when a document cannot say one of the places: then nothing
// about them is asked.
func (e *exporter) assigned(r *braintrust.Role) (out []policy.Assignment, whole bool) {
	var said []string
	for _, acl := range e.x.byRole[r.ID] {
		to, can := e.principal(access.PrincipalOf(acl.ACLItem))
		if acl.UserID != "" && !e.userRoles || !e.x.sayable(acl.ACLItem) {
			continue
		}
		on, placed := e.target(access.NodeOf(acl.ACLItem))
		if !can || !placed || acl.RestrictObjectType != "" || on.ID != "" && slices.Contains([]string{"project", "logs", "group", "role"}, on.Word) {
			if acl.UserID != "" {
				continue // told as left over, and no reason to leave out the rest
			}
			return nil, false
		}
		said = append(said, acl.ID)
		out = append(out, policy.Assignment{To: to, On: on, At: document.Here()})
	}
	for _, id := range said {
		e.said[id] = true
	}
	slices.SortFunc(out, func(a, b policy.Assignment) int {
		return cmp.Or(cmp.Compare(a.To.Ref(), b.To.Ref()), cmp.Compare(a.On.Ref(), b.On.Ref()))
	})
	return slices.CompactFunc(out, func(a, b policy.Assignment) bool { return a.To.Ref() == b.To.Ref() && a.On.Ref() == b.On.Ref() }), true
}

// leftovers tells what no row says.
func (e *exporter) leftovers() {
	for _, acl := range e.c.view.Snapshot.ACLs {
		if !e.said[acl.ID] {
			e.left("%s for %s (ACL %s)", e.c.grantText(acl.ACLItem), e.x.ref(access.PrincipalOf(acl.ACLItem)), acl.ID)
		}
	}
	slices.Sort(e.out.Left)
}
