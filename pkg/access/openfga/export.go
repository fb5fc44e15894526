package openfga

import (
	"cmp"
	"maps"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Tuple is one relationship, or a question about one.
type Tuple struct {
	User     string `json:"user"`
	Relation string `json:"relation"`
	Object   string `json:"object"`
}

// Store is an organization as OpenFGA keeps it.
type Store struct {
	Name   string
	Model  *Model
	Tuples []Tuple // sorted, each once
}

// Option narrows what is exported.
type Option func(*shape, *access.Snapshot)

// Only exports some permissions. At every step OpenFGA searches the whole model for a way, so a model of one
// permission answers several times faster than one of all.
func Only(permissions ...braintrust.Permission) Option {
	return func(s *shape, _ *access.Snapshot) { s.permissions = permissions }
}

// Compact leaves out the relations for types that no grant and no role is restricted to: on containers they are all
// "other". The model is smaller, and has to be written anew when a restriction to another type is used.
func Compact() Option {
	return func(s *shape, snapshot *access.Snapshot) { s.restricted = restrictions(snapshot) }
}

// Flat writes the grant of a role as grants of what the role carries, and leaves roles out of the model. Lists are
// answered much faster, because OpenFGA tries every candidate where a role has to be looked at; in return a change of
// a role changes the tuples of all its grants.
func Flat() Option {
	return func(s *shape, _ *access.Snapshot) { s.flat = true }
}

// Export writes an organization. The snapshot has to be complete: what is not listed is not there.
func Export(s *access.Snapshot, options ...Option) *Store {
	state := access.NewState(s)
	state.AddImplied()
	e := &exporter{snapshot: s, state: state, shape: shapeOf(s, state), tuples: map[Tuple]bool{}, users: map[string]bool{}}
	for _, narrow := range options {
		narrow(e.shape, s)
	}
	for _, id := range state.Users() {
		e.users[id] = true
	}
	e.groups()
	if !e.flat {
		e.roles()
	}
	e.places()
	e.grants()
	store := &Store{Name: s.Organization.Name, Model: e.shape.model()}
	for t := range e.tuples {
		store.Tuples = append(store.Tuples, t)
	}
	slices.SortFunc(store.Tuples, func(a, b Tuple) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.User, b.User))
	})
	return store
}

// shapeOf collects every permission and type that something names.
func shapeOf(s *access.Snapshot, state *access.State) *shape {
	types := restrictions(s)
	for _, o := range s.Objects {
		types = append(types, o.Node().Type)
	}
	for i := range s.ACLs {
		types = append(types, s.ACLs[i].ObjectType)
	}
	slices.Sort(types)
	return newShape(state.NamedPermissions(), slices.Compact(types))
}

// restrictions are the types that some grant or role is restricted to.
func restrictions(s *access.Snapshot) []braintrust.ObjectType {
	used := map[braintrust.ObjectType]bool{}
	for i := range s.ACLs {
		used[s.ACLs[i].RestrictObjectType] = true
	}
	for _, r := range s.Roles {
		for _, p := range r.MemberPermissions {
			used[p.RestrictObjectType] = true
		}
	}
	delete(used, "")
	return slices.Sorted(maps.Keys(used))
}

type exporter struct {
	*shape
	snapshot *access.Snapshot
	state    *access.State
	users    map[string]bool
	tuples   map[Tuple]bool
}

func (e *exporter) write(user, relation, object string) {
	e.tuples[Tuple{User: user, Relation: relation, Object: object}] = true
}

// node is a thing as an object of the model.
func node(n access.Node) string { return object(TypeName(n.Type), ID(n.ID)) }

func group(id string) string { return object(string(braintrust.ObjectGroup), ID(id)) }

func role(id string) string { return object(string(braintrust.ObjectRole), ID(id)) }

func user(id string) string { return object(typeUser, ID(id)) }

func (e *exporter) groups() {
	for _, id := range e.state.Groups() {
		g, _ := e.state.Group(id)
		e.write(group(id), relationMember, group(id))
		for _, u := range g.MemberUsers {
			if e.users[u] {
				e.write(user(u), relationMember, group(id))
			}
		}
		for _, inner := range g.MemberGroups {
			if _, live := e.state.Group(inner); live && inner != id {
				e.write(object2(group(inner), relationMember), relationMember, group(id))
			}
		}
	}
}

func (e *exporter) roles() {
	for _, id := range e.state.Roles() {
		r, _ := e.state.Role(id)
		for _, p := range r.MemberPermissions {
			suffix := suffixGiven
			if p.RestrictObjectType != "" {
				suffix = TypeName(p.RestrictObjectType)
			}
			if e.writes(p.Permission) {
				e.write(object(typeUser, "*"), carried(p.Permission, suffix), role(id))
				e.write(object(string(braintrust.ObjectGroup), "*"), carried(p.Permission, suffix), role(id))
			}
		}
		for _, inner := range r.MemberRoles {
			if _, live := e.state.Role(inner); live && inner != id {
				e.write(role(inner), relationIncludes, role(id))
			}
		}
	}
}

// writes reports whether a permission is in the model.
func (e *exporter) writes(p braintrust.Permission) bool { return slices.Contains(e.permissions, p) }

// places says what contains what.
func (e *exporter) places() {
	for _, t := range []braintrust.ObjectType{
		braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret,
	} {
		e.place(access.Node{Type: t, ID: e.snapshot.Organization.ID})
	}
	for _, id := range e.state.Groups() {
		e.place(access.Node{Type: braintrust.ObjectGroup, ID: id})
	}
	for _, id := range e.state.Roles() {
		e.place(access.Node{Type: braintrust.ObjectRole, ID: id})
	}
	for _, g := range e.snapshot.ProjectGroups {
		e.place(access.Node{Type: braintrust.ObjectProjectGroup, ID: g.ID})
	}
	for _, p := range e.snapshot.Projects {
		e.place(access.Node{Type: braintrust.ObjectProject, ID: p.ID})
		e.place(access.Node{Type: braintrust.ObjectProjectLog, ID: p.ID})
	}
	for _, o := range e.snapshot.Objects {
		e.place(o.Node())
	}
}

func (e *exporter) place(n access.Node) {
	if !e.state.Exists(n) {
		return
	}
	for _, above := range e.state.Parents(n) {
		if e.state.Exists(above) {
			e.write(node(above), relationParent, node(n))
		}
	}
}

func (e *exporter) grants() {
	for i := range e.snapshot.ACLs {
		// Ids are unique, and the definition keeps the first row of one that is not.
		if first, _ := e.state.ACL(e.snapshot.ACLs[i].ID); first.ACLItem == e.snapshot.ACLs[i].ACLItem {
			e.grant(first.ACLItem)
		}
	}
	for _, t := range []braintrust.ObjectType{braintrust.ObjectOrganization, braintrust.ObjectOrgProject} {
		for _, a := range e.state.ACLsOn(access.Node{Type: t, ID: e.snapshot.Organization.ID}) {
			if e.state.Implied(a.ID) {
				e.grant(a.ACLItem)
			}
		}
	}
}

func (e *exporter) grant(item braintrust.ACLItem) {
	who, n := e.subject(access.PrincipalOf(item)), access.NodeOf(item)
	if who == "" || !e.state.Exists(n) {
		return
	}
	switch {
	case item.RoleID == "":
		e.give(who, n, access.Tuple{Permission: item.Permission, Restrict: item.RestrictObjectType})
	case e.flat:
		for _, t := range e.state.RoleTuples(item.RoleID) {
			e.give(who, n, t)
		}
	default:
		e.bind(who, n, item.RoleID)
	}
}

// give writes one tuple of a grant, if it gives anything there.
func (e *exporter) give(who string, n access.Node, t access.Tuple) {
	relation := e.relation(n.Type, t.Permission, t.Restrict)
	if relation != "" && e.writes(t.Permission) {
		e.write(who, relation, node(n))
	}
}

// bind grants a role that is not deleted.
func (e *exporter) bind(who string, n access.Node, roleID string) {
	if _, live := e.state.Role(roleID); !live {
		return
	}
	binding := object(typeBinding, join(TypeName(n.Type), ID(n.ID), ID(roleID)))
	e.write(who, relationAssignee, binding)
	e.write(role(roleID), relationRole, binding)
	e.write(binding, relationBinding, node(n))
}

// subject is who a grant is for, "" when it is nobody any more.
func (e *exporter) subject(p access.Principal) string {
	if p.Kind == access.PrincipalGroup {
		if _, live := e.state.Group(p.ID); live {
			return object2(group(p.ID), relationMember)
		}
		return ""
	}
	if e.users[p.ID] {
		return user(p.ID)
	}
	return ""
}
