package reconcile

import (
	"btadmin/internal/policy"
	"btadmin/pkg/access"
)

// membership is what becomes of the members of one kind: ids.
type membership struct{ want, add, remove []string }

// set is for lists that may have thousands of members.
func set(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, item := range list {
		out[item] = true
	}
	return out
}

// members compares the members of a group: users and groups.
func (c *comparison) members(g *policy.Group) (users, groups membership) {
	was := c.index.groupNamed[g.Name.Value]
	subject := "group:" + g.Name.Value
	over := map[string]policy.Membership{}
	seen, haveUsers, haveGroups := map[string]bool{}, set(was.MemberUsers), set(was.MemberGroups)
	for _, m := range g.Members {
		ended := m.Until.Over(c.options.Now)
		if ended && !c.knows(m.Principal) {
			continue // gone, as was asked
		}
		who, found := c.principal(m.Principal)
		if !found {
			continue
		}
		have, side := haveUsers, &users
		if who.Kind == access.PrincipalGroup {
			have, side = haveGroups, &groups
		}
		if ended {
			over[who.ID] = m
			continue
		}
		if seen[who.ID] {
			continue
		}
		seen[who.ID] = true
		side.want = append(side.want, who.ID)
		if !have[who.ID] {
			side.add = append(side.add, who.ID)
			detail := "member " + c.index.ref(who)
			if m.Via != "" {
				detail += " (from " + m.Via + ")"
			}
			// Of a group that is made too: who reviews the plan must see who is let in, also when it gives them nothing new.
			c.differ(Difference{Kind: KindMembership, Action: ActionAdd, Subject: subject, Detail: detail, At: m.At})
		}
	}
	exact := g.MembersManaged && g.MembersExact && !g.Unlisted
	c.limits.emptied("members of "+g.Name.Value, exact && len(g.Members) == 0 && len(was.MemberUsers)+len(was.MemberGroups) > 0)
	users.remove = c.leavers(g, was.MemberUsers, seen, over, exact, access.PrincipalUser)
	groups.remove = c.leavers(g, was.MemberGroups, seen, over, exact, access.PrincipalGroup)
	return users, groups
}

// leavers are the members who are to go: those whose day is over, and, in an exact list, those who are not in it.
func (c *comparison) leavers(g *policy.Group, have []string, want map[string]bool, over map[string]policy.Membership, exact bool, kind access.PrincipalKind) []string {
	var out []string
	for _, id := range have {
		who := access.Principal{Kind: kind, ID: id}
		ended, was := over[id]
		switch {
		case want[id], !was && !exact, !was && c.ignores(who), !c.exists(who), id == c.index.groupNamed[g.Name.Value].ID:
			continue
		}
		at, why := g.At, "member "+c.index.ref(who)
		if was {
			at, why = ended.At, why+", until "+ended.Until.Text
		}
		out = append(out, id)
		c.differ(Difference{Kind: KindMembership, Action: ActionRemove, Subject: "group:" + g.Name.Value, Detail: why, At: at})
	}
	return out
}

// exists reports whether a member is there: who has left the organization is in no group, whatever a list says.
func (c *comparison) exists(who access.Principal) bool {
	if who.Kind == access.PrincipalGroup {
		return c.index.groups[who.ID] != nil
	}
	_, member := c.index.users[who.ID]
	return member
}
