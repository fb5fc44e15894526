package snapshotfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// byID sorts a copy of a list, so that the file does not depend on the order in which the server listed it.
func byID[T any](items []T, id func(*T) string) []*T {
	out := make([]*T, len(items))
	for i := range items {
		out[i] = &items[i]
	}
	slices.SortStableFunc(out, func(a, b *T) int { return strings.Compare(id(a), id(b)) })
	return out
}

func encodeList[T any](t *tableMaker, items []*T, one func(*encoder, *T)) []byte {
	e := &encoder{t: t}
	e.number(len(items))
	for _, item := range items {
		one(e, item)
	}
	return e.buf
}

func decodeList[T any](data []byte, t *tables, one func(*decoder, *T)) ([]T, error) {
	d := &decoder{data: data, t: t}
	n := d.count()
	items := make([]T, 0, min(n, 1<<16))
	for range n {
		var item T
		one(d, &item)
		if d.err != nil {
			return nil, d.err
		}
		items = append(items, item)
	}
	return items, d.end()
}

func putUser(e *encoder, u *braintrust.User) {
	e.ref(u.ID)
	e.text(u.Email)
	e.text(u.GivenName)
	e.text(u.FamilyName)
	e.time(u.Created)
}

func getUser(d *decoder, u *braintrust.User) {
	u.ID, u.Email, u.GivenName, u.FamilyName, u.Created = d.ref(), d.text(), d.text(), d.text(), d.time()
}

func putGroup(e *encoder, g *braintrust.Group) {
	e.ref(g.ID)
	e.ref(g.OrgID)
	e.ref(g.UserID)
	e.time(g.Created)
	e.optionalTime(g.DeletedAt)
	e.text(g.Name)
	e.text(g.Description)
	e.refs(g.MemberUsers)
	e.refs(g.MemberGroups)
	e.text(string(g.Unknown))
}

// getGroup reads a group with those of its users that keep lets through; nil keeps all.
func getGroup(keep func(uint32) bool) func(*decoder, *braintrust.Group) {
	return func(d *decoder, g *braintrust.Group) {
		g.ID, g.OrgID, g.UserID, g.Created, g.DeletedAt = d.ref(), d.ref(), d.ref(), d.time(), d.optionalTime()
		g.Name, g.Description = d.text(), d.text()
		g.MemberUsers, g.MemberGroups, g.Unknown = d.refs(keep), d.refs(nil), d.raw()
	}
}

func putRole(e *encoder, r *braintrust.Role) {
	e.ref(r.ID)
	e.ref(r.OrgID)
	e.ref(r.UserID)
	e.time(r.Created)
	e.optionalTime(r.DeletedAt)
	e.text(r.Name)
	e.text(r.Description)
	pairs := slices.SortedFunc(slices.Values(r.MemberPermissions), func(a, b braintrust.RolePermission) int {
		return cmp.Or(cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.RestrictObjectType, b.RestrictObjectType))
	})
	e.number(len(pairs))
	for _, p := range pairs {
		e.word(string(p.Permission))
		e.word(string(p.RestrictObjectType))
	}
	e.refs(r.MemberRoles)
	e.text(string(r.Unknown))
}

func getRole(d *decoder, r *braintrust.Role) {
	r.ID, r.OrgID, r.UserID, r.Created, r.DeletedAt = d.ref(), d.ref(), d.ref(), d.time(), d.optionalTime()
	r.Name, r.Description = d.text(), d.text()
	for range d.count() {
		r.MemberPermissions = append(r.MemberPermissions, braintrust.RolePermission{
			Permission: braintrust.Permission(d.word()), RestrictObjectType: braintrust.ObjectType(d.word()),
		})
	}
	r.MemberRoles, r.Unknown = d.refs(nil), d.raw()
}

func putProject(e *encoder, p *braintrust.Project) {
	e.ref(p.ID)
	e.ref(p.OrgID)
	e.ref(p.UserID)
	e.time(p.Created)
	e.optionalTime(p.DeletedAt)
	e.text(p.Name)
	e.text(p.Description)
}

func getProject(d *decoder, p *braintrust.Project) {
	p.ID, p.OrgID, p.UserID, p.Created, p.DeletedAt = d.ref(), d.ref(), d.ref(), d.time(), d.optionalTime()
	p.Name, p.Description = d.text(), d.text()
}

func putProjectGroup(e *encoder, g *braintrust.ProjectGroup) {
	e.ref(g.ID)
	e.ref(g.OrgID)
	e.ref(g.UserID)
	e.time(g.Created)
	e.optionalTime(g.DeletedAt)
	e.text(g.Name)
	e.text(g.Description)
	e.refs(g.MemberProjects)
	e.text(string(g.Unknown))
}

func getProjectGroup(d *decoder, g *braintrust.ProjectGroup) {
	g.ID, g.OrgID, g.UserID, g.Created, g.DeletedAt = d.ref(), d.ref(), d.ref(), d.time(), d.optionalTime()
	g.Name, g.Description, g.MemberProjects, g.Unknown = d.text(), d.text(), d.refs(nil), d.raw()
}

// putToken leaves out the preview, which shows a part of the secret.
func putToken(e *encoder, t *braintrust.ServiceToken) {
	e.key(t.ID)
	e.ref(t.ServiceAccountID)
	e.ref(t.OrgID)
	e.time(t.Created)
	e.text(t.Name)
	e.text(t.ServiceAccountName)
	e.text(t.ServiceAccountEmail)
}

func getToken(d *decoder, t *braintrust.ServiceToken) {
	t.ID, t.ServiceAccountID, t.OrgID, t.Created = d.key(), d.ref(), d.ref(), d.time()
	t.Name, t.ServiceAccountName, t.ServiceAccountEmail = d.text(), d.text(), d.text()
}

// putOrganization keeps the fields that this program knows; settings of newer servers are not its business.
func putOrganization(o braintrust.Organization) ([]byte, error) {
	o.Unknown = nil
	return json.Marshal(o, json.Deterministic(true))
}

func getOrganization(data []byte) (o braintrust.Organization, err error) {
	err = json.Unmarshal(data, &o)
	return o, err
}

func orgIDs(s *access.Snapshot) (users []*braintrust.User, groups []*braintrust.Group, roles []*braintrust.Role, projects []*braintrust.Project, sets []*braintrust.ProjectGroup, tokens []*braintrust.ServiceToken) {
	return byID(s.Users, func(x *braintrust.User) string { return x.ID }), byID(s.Groups, func(x *braintrust.Group) string { return x.ID }),
		byID(s.Roles, func(x *braintrust.Role) string { return x.ID }), byID(s.Projects, func(x *braintrust.Project) string { return x.ID }),
		byID(s.ProjectGroups, func(x *braintrust.ProjectGroup) string { return x.ID }), byID(s.Tokens, func(x *braintrust.ServiceToken) string { return x.ID })
}
