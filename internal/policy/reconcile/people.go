package reconcile

import (
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// people compares the members section: who is invited, and who leaves because the document says so.
func (c *comparison) people() {
	if !c.desired.PeopleManaged {
		return
	}
	listed := map[string]bool{}
	c.invited, c.departed = map[bool][]string{}, map[string]bool{}
	for _, p := range c.desired.People {
		email := text.CanonicalEmail(p.Email.Value)
		id, member := c.index.people[email]
		listed[email] = true
		gone := p.Removed || p.Until.Over(c.options.Now)
		c.departed[email] = gone
		switch {
		case gone && member:
			reason := p.Reason.Value
			if !p.Removed {
				reason = strings.TrimSpace("until " + p.Until.Text + " " + reason)
			}
			c.leave(*c.index.users[id], reason, p.At)
		case !gone && !member:
			c.invited[p.SendEmail] = append(c.invited[p.SendEmail], p.Email.Value)
			c.index.people[email] = change.New("user", p.Email.Value)
			c.index.users[c.index.people[email]] = &braintrust.User{ID: c.index.people[email], Email: p.Email.Value}
			c.differ(Difference{Kind: KindMember, Action: ActionCreate, Subject: "user:" + p.Email.Value, Detail: "invite", At: p.At})
		}
	}
	c.othersLeave(listed)
}

// othersLeave deals with people whom the document does not name, where it says that it names all.
func (c *comparison) othersLeave(listed map[string]bool) {
	if !c.desired.Manage.ExactMembers {
		return
	}
	c.limits.emptied("members", len(c.desired.People) == 0 && len(c.view.Members.All) > 0)
	for _, m := range c.view.Members.All {
		email := text.CanonicalEmail(m.User.Email)
		if m.Kind != orgstate.Person || listed[email] || c.ignoresPerson(m.User.Email) {
			continue
		}
		if !c.desired.Manage.Prune {
			c.report(KindMember, "user:"+m.User.Email, "is not in the document (prune: true would remove this member)", c.desired.Manage.At)
			continue
		}
		c.leave(m.User, "not in the document", c.desired.Manage.At)
	}
}

func (c *comparison) leave(u braintrust.User, why string, at document.Pos) {
	c.leaving = append(c.leaving, u)
	c.limits.prune(u.ID)
	c.differ(Difference{Kind: KindMember, Action: ActionRemove, Subject: c.index.ref(access.Principal{Kind: access.PrincipalUser, ID: u.ID}), Detail: why, At: at})
}

// directGrants compares what people and service accounts are granted by themselves.
func (c *comparison) directGrants() {
	written := map[string]bool{} // ids of users whose grants the document states
	for _, p := range c.desired.People {
		id, member := c.index.people[text.CanonicalEmail(p.Email.Value)]
		if !p.GrantsManaged || !member || p.Removed || p.Until.Over(c.options.Now) {
			continue
		}
		written[id] = true
		c.grants(holder{principal: access.Principal{Kind: access.PrincipalUser, ID: id}, rows: p.Grants, exact: true, at: p.At})
	}
	for _, a := range c.desired.Accounts {
		id, there := c.index.accounts[a.Name.Value]
		if !a.GrantsManaged || !there || a.Removed {
			continue
		}
		written[id] = true
		c.grants(holder{principal: access.Principal{Kind: access.PrincipalUser, ID: id}, rows: a.Grants, exact: a.GrantsExact, at: a.At})
	}
	for _, id := range keys(c.index.users) {
		if p := (access.Principal{Kind: access.PrincipalUser, ID: id}); !c.ignores(p) {
			c.otherDirectGrants(p, written[id])
		}
	}
}

// otherDirectGrants are those to somebody whose grants the document does not state, or states: then the roles are left,
// which no list of words says.
func (c *comparison) otherDirectGrants(p access.Principal, stated bool) {
	var extra []*braintrust.ACL
	for _, acl := range c.index.bySubject[p] {
		n := access.NodeOf(acl.ACLItem)
		role := acl.RoleID != ""
		if c.kept[acl] || !c.index.sayable(acl.ACLItem) || c.ignoresProject(c.index.home[n]) || !role && (stated || c.ownedByGroup(n)) {
			continue
		}
		extra = append(extra, acl)
	}
	subject := c.index.ref(p)
	if c.desired.Manage.ExactDirectGrants && c.isPerson(p.ID) {
		c.drop(extra, subject, c.desired.Manage.At)
		return
	}
	for _, acl := range extra {
		c.reportGrant(acl, subject, "direct grant", c.desired.Manage.At)
	}
}

// isPerson reports whether a user is no service account. What accounts are granted belongs to their own section.
func (c *comparison) isPerson(id string) bool {
	m, known := c.view.Members.ByID(id)
	return known && m.Kind == orgstate.Person
}

// ownedByGroup reports whether grants on a node belong to the administered_by of a group that states it.
func (c *comparison) ownedByGroup(n access.Node) bool {
	return n.Type == braintrust.ObjectGroup && c.administered[n.ID]
}
