package report

import (
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// held is a grant by numbers.
type held struct {
	node, subject, what int
	builtIn             bool
}

// allGrants numbers the grants that give somebody something. Objects are numbered as grants name them.
func (e *encoder) allGrants() {
	acls := e.state.ACLsThat(func(a braintrust.ACL) bool {
		_, counts := e.subject(a)
		return counts && e.state.Exists(access.NodeOf(a.ACLItem)) && (a.RoleID == "" || has(e.roles, a.RoleID))
	})
	known := map[access.Node]access.Object{}
	for _, o := range e.view.Snapshot.Objects {
		known[o.Node()] = o
	}
	single := func(a braintrust.ACL) bool { return e.owner(access.NodeOf(a.ACLItem)) < 0 }
	if len(acls) > e.most {
		before := len(acls)
		acls = slices.DeleteFunc(acls, single)
		e.left = before - len(acls)
	}
	for _, a := range acls {
		if n := access.NodeOf(a.ACLItem); single(a) {
			e.object(n, known[n])
		}
	}
	all := make([]held, 0, len(acls))
	for _, a := range acls {
		subject, _ := e.subject(a)
		all = append(all, held{e.number(access.NodeOf(a.ACLItem)), subject, e.what(a), e.state.Implied(a.ID)})
	}
	slices.SortFunc(all, func(a, b held) int {
		if a.node != b.node {
			return a.node - b.node
		}
		if a.subject != b.subject {
			return a.subject - b.subject
		}
		return a.what - b.what
	})
	all = slices.Compact(all)
	e.d.Grants = grants{Node: []int{}, Subject: []int{}, What: []int{}, BuiltIn: []int{}}
	last := 0
	for i, h := range all {
		e.d.Grants.Node = append(e.d.Grants.Node, h.node-last)
		e.d.Grants.Subject = append(e.d.Grants.Subject, h.subject)
		e.d.Grants.What = append(e.d.Grants.What, h.what)
		if h.builtIn {
			e.d.Grants.BuiltIn = append(e.d.Grants.BuiltIn, i)
		}
		last = h.node
	}
}

// subject is the number of who holds a grant, if that is somebody.
func (e *encoder) subject(a braintrust.ACL) (int, bool) {
	if a.GroupID != "" {
		i, is := e.groups[a.GroupID]
		return len(e.users) + i, is
	}
	i, is := e.users[a.UserID]
	return i, is
}

// The numbers of nodes: the organization and its virtual nodes, then one range for each kind of thing.
func (e *encoder) number(n access.Node) int {
	if i := e.owner(n); i >= 0 {
		return i
	}
	return e.first(firstObject) + e.objects[n]
}

// owner is the number of a node that is no single thing, -1 for one that is.
func (e *encoder) owner(n access.Node) int {
	switch n.Type {
	case braintrust.ObjectOrganization:
		return 0
	case braintrust.ObjectOrgProject:
		return 1
	case braintrust.ObjectOrgMember:
		return 2
	case braintrust.ObjectOrgAuditLogs:
		return 3
	case braintrust.ObjectOrgAISecret:
		return 4
	case braintrust.ObjectProject:
		return e.first(firstProject) + e.project[n.ID]
	case braintrust.ObjectProjectLog:
		return e.first(firstLog) + e.project[n.ID]
	case braintrust.ObjectProjectGroup:
		return e.first(firstSet) + e.sets[n.ID]
	case braintrust.ObjectGroup:
		return e.first(firstGroup) + e.groups[n.ID]
	case braintrust.ObjectRole:
		return e.first(firstRole) + e.roles[n.ID]
	}
	return -1
}

// The ranges of numbers.
const (
	firstProject = iota
	firstLog
	firstSet
	firstGroup
	firstRole
	firstObject
)

func (e *encoder) first(what int) int {
	at := 5
	for _, size := range []int{len(e.project), len(e.project), len(e.sets), len(e.groups), len(e.roles)}[:what] {
		at += size
	}
	return at
}

// object numbers a single thing. What contains it is asked of the state, which knows what is there.
func (e *encoder) object(n access.Node, o access.Object) {
	if _, known := e.objects[n]; known {
		return
	}
	d := &e.d.Objects
	e.objects[n] = len(d.Name)
	d.Name = append(d.Name, text.Visible(objectName(n, o)))
	d.Type = append(d.Type, e.typeOf(n.Type))
	project := -1
	for _, parent := range e.state.Parents(n) {
		if i, is := e.project[parent.ID]; is && parent.Type == braintrust.ObjectProject {
			project = i
		}
	}
	d.Project = append(d.Project, project)
}

func objectName(n access.Node, o access.Object) string {
	switch {
	case o.Slug != "":
		return o.Slug
	case o.Name != "":
		return o.Name
	}
	id, _, _ := strings.Cut(n.ID, "-")
	return id
}

func (e *encoder) what(a braintrust.ACL) int {
	key := whatKey{role: a.RoleID}
	if a.RoleID == "" {
		key = whatKey{permission: a.Permission, restrict: a.RestrictObjectType}
	}
	i, known := e.whats[key]
	if known {
		return i
	}
	i = len(e.d.Whats)
	e.whats[key] = i
	var w what
	if a.RoleID != "" {
		role := e.roles[a.RoleID]
		w.Role = &role
	} else {
		bit := e.bits[a.Permission]
		w.Bit = &bit
		if a.RestrictObjectType != "" {
			t := e.typeOf(a.RestrictObjectType)
			w.Type = &t
		}
	}
	e.d.Whats = append(e.d.Whats, w)
	return i
}
