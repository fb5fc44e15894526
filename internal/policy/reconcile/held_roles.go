package reconcile

import (
	"btadmin/internal/policy"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// heldRoles deals with the roles that somebody holds whose grants the document states, where no listed role says who
// holds it: a role given by hand would else be seen by nobody. With a roles section the exact grants of a group are
// all of them, roles too; without one roles are not managed, and those held are told. Those of people and accounts
// are direct grants.
func (c *comparison) heldRoles() {
	stated := map[string]*policy.Role{} // by id
	given := map[string]bool{}          // names of the groups to which the document gives a role
	for _, r := range c.desired.Roles {
		if was, there := c.index.roleNamed[r.Name.Value]; there {
			stated[was.ID] = r
		}
		for _, a := range r.Assigned {
			given[a.To.Name] = given[a.To.Name] || a.To.Kind == policy.GroupName
		}
	}
	for _, g := range c.desired.Groups {
		was, there := c.index.groupNamed[g.Name.Value]
		if !there || !g.GrantsManaged || g.Unlisted {
			continue
		}
		p := access.Principal{Kind: access.PrincipalGroup, ID: was.ID}
		drop, stays := c.heldBy(g, p, stated)
		c.limits.emptied("grants of "+g.Name.Value, len(drop) > 0 && len(g.Grants) == 0 && !stays && !given[g.Name.Value])
		c.limits.emptied("roles", len(drop) > 0 && len(stated) == 0)
		c.drop(drop, c.index.ref(p), g.At)
	}
}

// heldBy are the roles of one group that go. It tells the others, and whether there are any.
func (c *comparison) heldBy(g *policy.Group, p access.Principal, stated map[string]*policy.Role) (drop []*braintrust.ACL, stays bool) {
	for _, acl := range c.index.bySubject[p] {
		item := acl.ACLItem
		if item.RoleID == "" {
			continue
		}
		r, listed := c.index.roles[item.RoleID], stated[item.RoleID]
		switch {
		case c.kept[acl], c.index.state.IsBaseGrant(item), c.ignoresProject(c.index.home[access.NodeOf(item)]):
			stays = true
			continue
		case listed != nil && listed.AssignedManaged: // of the role, which takes it away
			continue
		case r != nil && policy.Any(c.desired.Manage.Ignore.Roles, r.Name): // of nobody here
		case !c.index.sayable(item) || !c.namesRole(r):
			c.reportGrant(acl, c.index.ref(p), unsayable, g.At)
		case c.desired.RolesManaged && g.GrantsExact && listed == nil && item.ObjectType != braintrust.ObjectGroup:
			drop = append(drop, acl)
			continue
		default:
			c.reportGrant(acl, c.index.ref(p), "not in the document", g.At)
		}
		stays = true
	}
	return drop, stays
}

// namesRole reports whether a document can list a role.
func (c *comparison) namesRole(r *braintrust.Role) bool {
	return writable(r.Name) && c.index.roleNamed[r.Name] == r
}
