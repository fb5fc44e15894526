package reconcile

import (
	"slices"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// limits gathers what the guards are told of a document.
type limits struct {
	deny   bool
	limits change.Limits
	pruned []string
}

func newLimits(d *policy.Desired, source string) *limits {
	l := &limits{deny: !d.Guards.WarnNewSuperUsers}
	l.limits.Source = &change.Source{Name: source, Organization: d.Org.Value}
	l.limits.MayLoseAccess = !d.Guards.KeepMyAccess
	if d.Guards.OwnersAtLeast.Known() {
		l.limits.OwnersAtLeast = d.Guards.OwnersAtLeast.Value
	}
	caps := map[change.Class]change.Max{}
	m := d.Guards.MaxRemovals
	for class, limit := range map[change.Class]document.Limit{
		change.ClassMembers: m.Members, change.ClassMemberships: m.Memberships, change.ClassGroups: m.Groups,
		change.ClassGrants: m.Grants, change.ClassTokens: m.Tokens, change.ClassRoles: m.Roles, change.ClassAccounts: m.ServiceAccounts,
	} {
		if limit.Known() {
			caps[class] = change.Max{N: limit.Number, Percent: limit.Percent}
		}
	}
	if len(caps) > 0 {
		l.limits.MaxRemovals = caps
	}
	return l
}

// prune notes that the document itself says that something goes.
func (l *limits) prune(id string) { l.pruned = append(l.pruned, id) }

// emptied notes a section that wants nothing of what is there.
func (l *limits) emptied(section string, is bool) {
	if is && !slices.Contains(l.limits.Emptied, section) {
		l.limits.Emptied = append(l.limits.Emptied, section)
	}
}

// approval notes a row that newly gives the right to manage access and that nobody has approved.
func (l *limits) approval(c *comparison, subject string, r policy.Row, items []braintrust.ACLItem) {
	if r.ApprovedBy.Known() {
		return
	}
	for _, item := range items {
		if !c.index.has(item) && c.makesSuperUser(item) && item.Permission == braintrust.PermissionCreateACLs {
			l.unapproved(subject + ": manage_access on " + c.index.nodeName(access.NodeOf(item)) + " (" + r.At.String() + ")")
			return
		}
	}
}

// roleApproval is approval for the assignment of a role, as the role will be.
func (l *limits) roleApproval(c *comparison, subject string, a policy.Assignment, item braintrust.ACLItem) {
	if a.ApprovedBy.Known() || !c.makesSuperUser(item) || !managesAccess(c.rolesAfter(), item.RoleID) {
		return
	}
	if c.index.has(item) && managesAccess(c.index.state, item.RoleID) {
		return
	}
	l.unapproved(subject + " for " + a.To.Ref() + " on " + c.index.nodeName(access.NodeOf(item)) + " (" + a.At.String() + ")")
}

// grownRoles is approval for roles that come to manage access, by themselves or by a role that they include, where
// they are assigned already and no assignment of the document can say so.
func (c *comparison) grownRoles() {
	if !c.rolesChange() {
		return
	}
	for _, id := range keys(c.index.byRole) {
		if managesAccess(c.index.state, id) || !managesAccess(c.rolesAfter(), id) {
			continue
		}
		for _, acl := range c.index.byRole[id] {
			if item := acl.ACLItem; c.makesSuperUser(item) && !c.kept[acl] && !c.dropped[acl] {
				c.limits.unapproved("role:" + c.index.roleName(id) + " for " + c.index.ref(access.PrincipalOf(item)) + " on " + c.index.nodeName(access.NodeOf(item)))
			}
		}
	}
}

func managesAccess(s *access.State, role string) bool {
	return slices.ContainsFunc(s.RoleTuples(role), func(t access.Tuple) bool { return t.Permission == braintrust.PermissionCreateACLs })
}

// rolesAfter are the roles as they will be.
func (c *comparison) rolesAfter() *access.State {
	if !c.rolesChange() {
		return c.index.state
	}
	if c.later == nil {
		steps := slices.DeleteFunc(slices.Concat(c.creates, c.patches), func(s change.Step) bool { return !changesRole(s) })
		base := &access.Snapshot{Organization: c.view.Snapshot.Organization, Roles: c.view.Snapshot.Roles}
		c.later = access.NewState(change.After(base, steps))
	}
	return c.later
}

func (c *comparison) rolesChange() bool {
	return slices.ContainsFunc(c.creates, changesRole) || slices.ContainsFunc(c.patches, changesRole)
}

func changesRole(s change.Step) bool {
	switch s.(type) {
	case *change.CreateRole, *change.PatchRole:
		return true
	}
	return false
}

// makesSuperUser reports whether to manage access where a grant is makes a super-user: see guard G7.
func (c *comparison) makesSuperUser(item braintrust.ACLItem) bool {
	switch item.ObjectType {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgProject:
		return true
	case braintrust.ObjectGroup:
		owners, there := c.index.groupNamed[access.OwnersGroup]
		return there && owners.ID == item.ObjectID
	}
	return false
}

func (l *limits) unapproved(grant string) {
	if l.deny && !slices.Contains(l.limits.Unapproved, grant) {
		l.limits.Unapproved = append(l.limits.Unapproved, grant)
	}
}

func (l *limits) done() change.Limits {
	slices.Sort(l.pruned)
	l.limits.Source.Pruned = slices.Compact(l.pruned)
	return l.limits
}

// checkOwners finds those who must remain owners.
func (c *comparison) checkOwners() {
	for _, p := range c.desired.Guards.MustInclude {
		if p.Kind == policy.Email && c.departed[text.CanonicalEmail(p.Name)] {
			c.problems.Errorf(p.At, "%s is required to be an owner, and the last day in the members section is over", p.Name)
			continue
		}
		if who, found := c.principal(p); found {
			c.limits.limits.MustInclude = append(c.limits.limits.MustInclude, who.ID)
		}
	}
}
