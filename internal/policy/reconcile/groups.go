package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// mostOthers is how many groups are named that the document does not own.
const mostOthers = 20

// groups compares groups, their members and their rows.
func (c *comparison) groups() {
	c.renameGroups()
	c.announceGroups()
	for _, g := range c.desired.Groups {
		if was, there := c.index.groupNamed[g.Name.Value]; there && g.AdministeredManaged {
			c.administered[was.ID] = true
		}
	}
	made := map[string]bool{} // new groups that are made already
	for _, g := range c.inOrder() {
		c.group(g, made)
	}
	for _, g := range c.desired.Groups {
		if g.GrantsManaged && !g.Unlisted {
			id := groupID(c.index, g.Name.Value)
			p := access.Principal{Kind: access.PrincipalGroup, ID: id}
			c.limits.emptied("grants of "+g.Name.Value, g.GrantsExact && len(g.Grants) == 0 && c.hasPlainGrants(p))
			c.grants(holder{principal: p, name: g.Name.Value, rows: g.Grants, exact: g.GrantsExact, at: g.At})
		}
	}
}

func (c *comparison) hasPlainGrants(p access.Principal) bool {
	for _, acl := range c.index.bySubject[p] {
		if acl.RoleID == "" {
			return true
		}
	}
	return false
}

// renameGroups finds groups under the names that they had: they keep their id, members and grants.
func (c *comparison) renameGroups() {
	for _, g := range c.desired.Groups {
		_, there := c.index.groupNamed[g.Name.Value]
		for _, old := range g.Previously {
			was, found := c.index.groupNamed[old.Value]
			switch {
			case !found:
				continue
			case there:
				c.warn(old.At, "the groups %q and %q are both there: neither is renamed", old.Value, g.Name.Value)
				continue
			}
			delete(c.index.groupNamed, old.Value)
			c.index.groupNamed[g.Name.Value] = was
			c.index.renamed[was.ID] = g.Name.Value
			c.differ(Difference{Kind: KindGroup, Action: ActionUpdate, Subject: "group:" + g.Name.Value, Detail: "rename from " + was.Name, At: g.At})
			break
		}
	}
}

// announceGroups enters the groups that are going to be made, so that everything can name them.
func (c *comparison) announceGroups() {
	for _, g := range c.desired.Groups {
		if _, there := c.index.groupNamed[g.Name.Value]; there {
			continue
		}
		if g.BuiltIn || g.Unlisted || access.IsBuiltInGroup(g.Name.Value) {
			e := c.problems.Errorf(g.At, "no group %q in %s", g.Name.Value, c.index.org.Name)
			if near := text.Nearest(g.Name.Value, keys(c.index.groupNamed)); len(near) > 0 {
				e.WithHint("did you mean %s?", near[0])
			}
			continue
		}
		id := change.New("group", g.Name.Value)
		c.index.groupNamed[g.Name.Value] = &braintrust.Group{ID: id, Name: g.Name.Value}
		c.index.groups[id] = c.index.groupNamed[g.Name.Value]
	}
}

// inOrder lists the groups of the document, those that are members of others first, so that a group can be made with
// its members. Cycles are allowed by the server: what is left of one follows in the order of the document.
func (c *comparison) inOrder() []*policy.Group {
	byName := map[string]*policy.Group{}
	for _, g := range c.desired.Groups {
		byName[g.Name.Value] = g
	}
	var out []*policy.Group
	state := map[string]int{} // 1 on the way, 2 done
	var visit func(g *policy.Group)
	visit = func(g *policy.Group) {
		if state[g.Name.Value] != 0 {
			return
		}
		state[g.Name.Value] = 1
		for _, m := range g.Members {
			if inner := byName[m.Name]; m.Kind == policy.GroupName && inner != nil {
				visit(inner)
			}
		}
		state[g.Name.Value] = 2
		out = append(out, g)
	}
	for _, g := range c.desired.Groups {
		visit(g)
	}
	return out
}

// group compares one group's own fields and members.
func (c *comparison) group(g *policy.Group, made map[string]bool) {
	was, there := c.index.groupNamed[g.Name.Value]
	if !there {
		return // an error that is told already
	}
	users, groups := c.members(g)
	if _, isNew := change.IsNew(was.ID); isNew {
		made[was.ID] = true
		create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{
			Name: g.Name.Value, Description: g.Description.Value, MemberUsers: users.want, OrgName: c.options.OrgName,
		}}
		var later []string // on a cycle: not made yet
		for _, id := range groups.want {
			if _, inner := change.IsNew(id); inner && !made[id] || id == was.ID {
				later = append(later, id)
			} else {
				create.MemberGroups = append(create.MemberGroups, id)
			}
		}
		c.creates = append(c.creates, create)
		if len(later) > 0 {
			c.patches = append(c.patches, &change.PatchGroup{Group: *was, Patch: braintrust.GroupPatch{AddMemberGroups: later}})
		}
		c.differ(Difference{Kind: KindGroup, Action: ActionCreate, Subject: "group:" + g.Name.Value, Detail: "create", At: g.At})
		return
	}
	patch := braintrust.GroupPatch{
		AddMemberUsers: users.add, RemoveMemberUsers: users.remove, AddMemberGroups: groups.add, RemoveMemberGroups: groups.remove,
	}
	if name, is := c.index.renamed[was.ID]; is {
		patch.Name = &name
	}
	if known(g.Description, was.Description) && !g.Unlisted {
		patch.Description = &g.Description.Value
		c.differ(Difference{Kind: KindGroup, Action: ActionUpdate, Subject: "group:" + g.Name.Value, Detail: "description", At: g.Description.At})
	}
	if patch.Name == nil && patch.Description == nil && len(users.add)+len(users.remove)+len(groups.add)+len(groups.remove) == 0 {
		return
	}
	c.patches = append(c.patches, &change.PatchGroup{Group: *was, Patch: patch})
}

// administrators compares who may do what with the groups themselves.
func (c *comparison) administrators() {
	for _, g := range c.desired.Groups {
		was, there := c.index.groupNamed[g.Name.Value]
		if !g.AdministeredManaged || !there {
			continue
		}
		n := access.Node{Type: braintrust.ObjectGroup, ID: was.ID}
		subject := "group:" + g.Name.Value
		for _, admin := range g.Administrators {
			who, found := c.principal(admin.Principal)
			if !found {
				continue
			}
			var items []braintrust.ACLItem
			for _, label := range admin.Labels {
				items = append(items, label.Items(who, n, "")...)
			}
			c.want(items, subject, admin.At)
		}
		var drop []*braintrust.ACL
		for _, acl := range c.index.onGroup[was.ID] {
			item := acl.ACLItem
			switch {
			case item.RoleID != "":
				continue // of the role, or of a creator
			case item.RestrictObjectType != "", !c.index.sayable(item):
				c.reportGrant(acl, subject, unsayable, g.At)
			default:
				drop = append(drop, acl)
			}
		}
		c.drop(drop, subject, g.At)
	}
}

// removeUnlisted deals with groups, roles and accounts that the document does not name, where it says that it names
// all.
func (c *comparison) removeUnlisted() {
	if c.desired.GroupsManaged {
		c.unlistedGroups()
	}
	if c.desired.RolesManaged && c.desired.Manage.AllRoles {
		c.unlistedRoles()
	}
	if c.desired.AccountsManaged && c.desired.Manage.AllAccounts {
		c.unlistedAccounts()
	}
}

func (c *comparison) unlistedGroups() {
	listed := map[string]bool{}
	named := 0
	for _, g := range c.desired.Groups {
		if was, there := c.index.groupNamed[g.Name.Value]; there {
			listed[was.ID] = true
		}
		if !g.Unlisted {
			named++
		}
	}
	var others []*braintrust.Group
	for _, id := range keys(c.index.groups) {
		g := c.index.groups[id]
		if !listed[id] && !access.IsBuiltInGroup(g.Name) && !policy.Any(c.desired.Manage.Ignore.Groups, g.Name) {
			others = append(others, g)
		}
	}
	if !c.desired.Manage.AllGroups {
		c.otherGroups(others)
		return
	}
	c.limits.emptied("groups", named == 0 && len(others) > 0)
	for _, g := range others {
		if !c.desired.Manage.Prune {
			c.report(KindGroup, "group:"+g.Name, "is not in the document (prune: true would delete it)", c.desired.Manage.At)
			continue
		}
		c.limits.prune(g.ID)
		c.deletes = append(c.deletes, &change.DeleteGroup{Group: *g, Loss: c.grantsLost(g)})
		c.differ(Difference{Kind: KindGroup, Action: ActionDelete, Subject: "group:" + g.Name, Detail: "not in the document", At: c.desired.Manage.At})
	}
}

// grantsLost counts what goes with a group, for who confirms that it is deleted.
func (c *comparison) grantsLost(g *braintrust.Group) string {
	n := len(c.index.bySubject[access.Principal{Kind: access.PrincipalGroup, ID: g.ID}])
	if n == 0 {
		return ""
	}
	return text.Count(n, "grant")
}

// otherGroups tells in one line which groups the document does not own, so that a new one is seen.
func (c *comparison) otherGroups(others []*braintrust.Group) {
	if len(others) == 0 {
		return
	}
	var names []string
	for _, g := range others {
		names = append(names, g.Name)
	}
	slices.Sort(names)
	more := ""
	if len(names) > mostOthers {
		more = fmt.Sprintf(" and %d more", len(names)-mostOthers)
		names = names[:mostOthers]
	}
	c.report(KindGroup, "groups", fmt.Sprintf("not in the document: %s%s", strings.Join(names, ", "), more), c.desired.Manage.At)
}
