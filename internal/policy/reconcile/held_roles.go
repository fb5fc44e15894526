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
	for _, r := range c.desired.Roles {
		if was, there := c.index.roleNamed[r.Name.Value]; there {
			stated[was.ID] = r
		}
	}
	for _, g := range c.desired.Groups {
		was, there := c.index.groupNamed[g.Name.Value]
		if !there || !g.GrantsManaged || g.Unlisted {
			continue
		}
		p := access.Principal{Kind: access.PrincipalGroup, ID: was.ID}
		var drop []*braintrust.ACL
		for _, acl := range c.index.bySubject[p] {
			item := acl.ACLItem
			if item.RoleID == "" || c.kept[acl] || c.index.state.IsBaseGrant(item) || c.ignoresProject(c.index.home[access.NodeOf(item)]) {
				continue
			}
			r := c.index.roles[item.RoleID]
			listed := stated[item.RoleID]
			switch {
			case listed != nil && listed.AssignedManaged, r != nil && policy.Any(c.desired.Manage.Ignore.Roles, r.Name):
				continue // of the role, or of nobody here
			case !c.index.sayable(item) || !c.namesRole(r):
				c.reportGrant(acl, c.index.ref(p), unsayable, g.At)
			case c.desired.RolesManaged && g.GrantsExact && listed == nil && item.ObjectType != braintrust.ObjectGroup:
				drop = append(drop, acl)
			default:
				c.reportGrant(acl, c.index.ref(p), "not in the document", g.At)
			}
		}
		c.drop(drop, c.index.ref(p), g.At)
	}
}

// namesRole reports whether a document can list a role.
func (c *comparison) namesRole(r *braintrust.Role) bool {
	return writable(r.Name) && c.index.roleNamed[r.Name] == r
}
