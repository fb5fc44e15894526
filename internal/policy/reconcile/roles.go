package reconcile

import (
	"slices"

	"btadmin/internal/change"
	"btadmin/internal/explain"
	"btadmin/internal/policy"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// roles compares roles and where they are assigned. System roles can only be assigned.
func (c *comparison) roles() {
	c.renameRoles()
	for _, r := range c.desired.Roles {
		if _, there := c.index.roleNamed[r.Name.Value]; !there && !r.BuiltIn {
			id := change.New("role", r.Name.Value)
			c.index.roleNamed[r.Name.Value] = &braintrust.Role{ID: id, OrgID: c.index.org.ID, Name: r.Name.Value}
			c.index.roles[id] = c.index.roleNamed[r.Name.Value]
		}
	}
	c.made = map[string]bool{}
	for _, r := range c.rolesInOrder() {
		c.role(r)
	}
}

func (c *comparison) renameRoles() {
	for _, r := range c.desired.Roles {
		if _, there := c.index.roleNamed[r.Name.Value]; there {
			continue
		}
		for _, old := range r.Previously {
			was, there := c.index.roleNamed[old.Value]
			if !there || was.OrgID == "" {
				continue
			}
			delete(c.index.roleNamed, old.Value)
			c.index.roleNamed[r.Name.Value] = was
			c.index.renamed[was.ID] = r.Name.Value
			c.differ(Difference{Kind: KindRole, Action: ActionUpdate, Subject: "role:" + r.Name.Value, Detail: "rename from " + was.Name, At: r.At})
			break
		}
	}
}

func (c *comparison) role(r *policy.Role) {
	was, there := c.index.roleNamed[r.Name.Value]
	switch {
	case !there:
		c.problems.Errorf(r.At, "no role %q in %s", r.Name.Value, c.index.org.Name)
		return
	case r.BuiltIn && was.OrgID != "":
		c.problems.Errorf(r.At, "the role %q is the organization's own, not a built-in one", r.Name.Value)
		return
	case !r.BuiltIn && was.OrgID == "" && (r.PermissionsManaged || r.IncludesManaged):
		c.problems.Errorf(r.At, "the role %q is a built-in one: it can be assigned, not changed", r.Name.Value).WithHint("write builtin: true and assigned_to only")
		return
	}
	if was.OrgID != "" {
		c.roleFields(r, was)
	}
}

// rolesInOrder lists the roles of the document, those that others include first, so that a role can be made with what it
// includes. What is left of a circle follows in the order of the document.
func (c *comparison) rolesInOrder() []*policy.Role {
	byName := map[string]*policy.Role{}
	for _, r := range c.desired.Roles {
		byName[r.Name.Value] = r
	}
	var out []*policy.Role
	seen := map[string]bool{}
	var visit func(r *policy.Role)
	visit = func(r *policy.Role) {
		if seen[r.Name.Value] {
			return
		}
		seen[r.Name.Value] = true
		for _, inner := range r.Includes {
			if byName[inner.Value] != nil {
				visit(byName[inner.Value])
			}
		}
		out = append(out, r)
	}
	for _, r := range c.desired.Roles {
		visit(r)
	}
	return out
}

func (c *comparison) roleFields(r *policy.Role, was *braintrust.Role) {
	var includes []string
	for _, name := range r.Includes {
		inner, found := c.index.roleNamed[name.Value]
		if !found {
			c.problems.Errorf(name.At, "no role %q in %s", name.Value, c.index.org.Name)
			continue
		}
		includes = append(includes, inner.ID)
	}
	want := make([]braintrust.RolePermission, len(r.Tuples))
	for i, t := range r.Tuples {
		want[i] = braintrust.RolePermission{Permission: t.Permission, RestrictObjectType: t.Restrict}
	}
	subject := "role:" + r.Name.Value
	if _, isNew := change.IsNew(was.ID); isNew {
		var now, later []string // on a circle: not made yet
		for _, id := range includes {
			switch _, inner := change.IsNew(id); {
			case id == was.ID: // a role that includes itself, which means nothing
			case inner && !c.made[id]:
				later = append(later, id)
			default:
				now = append(now, id)
			}
		}
		c.made[was.ID] = true
		c.creates = append(c.creates, &change.CreateRole{RoleCreate: braintrust.RoleCreate{
			Name: r.Name.Value, Description: r.Description.Value, MemberPermissions: want, MemberRoles: now, OrgName: c.options.OrgName,
		}})
		if len(later) > 0 {
			c.patches = append(c.patches, &change.PatchRole{Role: *was, Patch: braintrust.RolePatch{AddMemberRoles: later}})
		}
		c.differ(Difference{Kind: KindRole, Action: ActionCreate, Subject: subject, Detail: "create", At: r.At})
		c.madeOf(r, subject)
		return
	}
	var patch braintrust.RolePatch
	changed := false
	differs := func(detail string) {
		changed = true
		c.differ(Difference{Kind: KindRole, Action: ActionUpdate, Subject: subject, Detail: detail, At: r.At})
	}
	if name, is := c.index.renamed[was.ID]; is {
		patch.Name, changed = &name, true
	}
	if known(r.Description, was.Description) {
		patch.Description = &r.Description.Value
		differs("description")
	}
	if r.PermissionsManaged {
		patch.AddMemberPermissions = missing(want, was.MemberPermissions)
		patch.RemoveMemberPermissions = c.sayableTuples(missing(was.MemberPermissions, want))
		for _, m := range patch.AddMemberPermissions {
			differs("add " + permissionText(access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}))
		}
		for _, m := range patch.RemoveMemberPermissions {
			differs("remove " + permissionText(access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}))
		}
	}
	if r.IncludesManaged {
		patch.AddMemberRoles = missing(includes, was.MemberRoles)
		patch.RemoveMemberRoles = slices.DeleteFunc(missing(was.MemberRoles, includes), func(id string) bool { return c.index.roles[id] == nil })
		for _, id := range patch.AddMemberRoles {
			differs("include role " + c.index.roleName(id))
		}
		for _, id := range patch.RemoveMemberRoles {
			differs("no longer include role " + c.index.roleName(id))
		}
	}
	if changed {
		c.patches = append(c.patches, &change.PatchRole{Role: *was, Patch: patch})
	}
}

// madeOf tells what a role that is going to be made lets its holders do: who reviews the plan must see that.
func (c *comparison) madeOf(r *policy.Role, subject string) {
	for _, t := range r.Tuples {
		c.differ(Difference{Kind: KindRole, Action: ActionAdd, Subject: subject, Detail: permissionText(t), At: r.At})
	}
	for _, name := range r.Includes {
		c.differ(Difference{Kind: KindRole, Action: ActionAdd, Subject: subject, Detail: "role " + name.Value, At: name.At})
	}
}

// permissionText is a permission of a role in words: permission read on datasets.
func permissionText(t access.Tuple) string {
	if t.Restrict == "" {
		return "permission " + string(t.Permission) + " on anything"
	}
	return "permission " + string(t.Permission) + " on " + explain.Restriction(string(t.Restrict))
}

// sayableTuples leaves alone what this version does not know.
func (c *comparison) sayableTuples(tuples []braintrust.RolePermission) []braintrust.RolePermission {
	return slices.DeleteFunc(tuples, func(m braintrust.RolePermission) bool {
		return !slices.Contains(braintrust.Permissions(), m.Permission) ||
			m.RestrictObjectType != "" && !slices.Contains(braintrust.ObjectTypes(), m.RestrictObjectType)
	})
}

// assignments compares where roles are assigned. It comes after everything that can be named has been announced.
func (c *comparison) assignments() {
	for _, r := range c.desired.Roles {
		was, there := c.index.roleNamed[r.Name.Value]
		if !r.AssignedManaged || !there {
			continue
		}
		subject := "role:" + r.Name.Value
		for _, a := range r.Assigned {
			who, found := c.principal(a.To)
			if !found {
				continue
			}
			for _, at := range c.places(a.On) {
				if !c.ignoresProject(at.project) {
					item := access.RoleItem(who, at.node, was.ID)
					c.limits.roleApproval(c, subject, a, item)
					c.want([]braintrust.ACLItem{item}, subject, a.At)
				}
			}
		}
		var drop []*braintrust.ACL
		for _, acl := range c.index.byRole[was.ID] {
			switch {
			case c.index.state.IsBaseGrant(acl.ACLItem):
				if !c.kept[acl] && r.At.File() != "" { // not of a document that a program has made
					c.warn(r.At, "the role %q stays assigned to %s on %s, which assigned_to does not list: that is what a built-in group is, and no policy takes it away",
						was.Name, c.index.ref(access.PrincipalOf(acl.ACLItem)), c.index.nodeName(access.NodeOf(acl.ACLItem)))
				}
				continue
			case c.ignoresProject(c.index.home[access.NodeOf(acl.ACLItem)]), !c.index.sayable(acl.ACLItem):
				continue
			case acl.UserID != "" && !c.desired.Manage.ExactDirectGrants:
				if !c.kept[acl] && r.At.File() != "" { // not of a document that a program has made
					c.reportGrant(acl, c.index.ref(access.PrincipalOf(acl.ACLItem)), "direct grant", r.At)
				}
			default:
				drop = append(drop, acl)
			}
		}
		c.drop(drop, subject, r.At)
	}
}

// places are all that a target stands for.
func (c *comparison) places(t policy.Target) []place {
	pattern, several := t.Pattern()
	if !several {
		if at, found := c.target(t); found {
			return []place{at}
		}
		return nil
	}
	var out []place
	for _, p := range c.index.projects {
		if pattern.Match(p.Name) {
			out = append(out, place{node: access.Node{Type: t.Type, ID: p.ID}, project: p.Name})
		}
	}
	return out
}

func (c *comparison) unlistedRoles() {
	listed := map[string]bool{}
	for _, r := range c.desired.Roles {
		if was, there := c.index.roleNamed[r.Name.Value]; there {
			listed[was.ID] = true
		}
	}
	own := false
	for _, id := range keys(c.index.roles) {
		r := c.index.roles[id]
		if listed[id] || r.OrgID == "" || policy.Any(c.desired.Manage.Ignore.Roles, r.Name) {
			continue
		}
		own = true
		if !c.desired.Manage.Prune {
			c.report(KindRole, "role:"+r.Name, "is not in the document (prune: true would delete it)", c.desired.Manage.At)
			continue
		}
		c.limits.prune(r.ID)
		c.deletes = append(c.deletes, &change.DeleteRole{Role: *r})
		c.differ(Difference{Kind: KindRole, Action: ActionDelete, Subject: "role:" + r.Name, Detail: "not in the document", At: c.desired.Manage.At})
	}
	c.limits.emptied("roles", len(c.desired.Roles) == 0 && own)
}

// missing are the items of a that b lacks.
func missing[T comparable](a, b []T) []T {
	var out []T
	for _, item := range a {
		if !slices.Contains(b, item) {
			out = append(out, item)
		}
	}
	return out
}
