package change

import (
	"fmt"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// ownerRemains is G1: at least one human owner remains. Where nobody can be told to be human, one of those who
// may be remains, and at least an owner of some kind.
func ownerRemains(v *view, after *access.State) []Finding {
	if !v.known.Covers(lossNeed(v.org)) {
		return nil
	}
	before, left := v.before.Owners(), after.Owners()
	if containsAll(left, before) {
		return nil
	}
	if !v.tokensKnown {
		return []Finding{{Guard: "G16", Message: "this takes an owner away, and whether a person is left among the owners cannot be judged, " +
			"because this key may not list the service tokens"}}
	}
	for _, mayBeHuman := range mayBeHuman() {
		if v.count(before, mayBeHuman) == 0 {
			continue
		}
		if v.count(left, mayBeHuman) > 0 {
			return nil
		}
		break
	}
	return []Finding{{Message: "no person would be left who owns the organization; nobody could give access back"}}
}

// count counts members whose kind fits.
func (v *view) count(users []string, fits func(orgstate.Kind) bool) int {
	count := 0
	for _, id := range users {
		if m, known := v.members.ByID(id); known && fits(m.Kind) {
			count++
		}
	}
	return count
}

// keepsSelf is G3: the caller keeps membership and manage-access, and the organization a token of an owner.
func keepsSelf(v *view, after *access.State) []Finding {
	return append(keepsOwnAccess(v, after), ownerTokenStays(v, after)...)
}

func keepsOwnAccess(v *view, after *access.State) []Finding {
	if !v.callerAsked || v.limits.MayLoseAccess {
		return nil
	}
	if !v.caller.Known() {
		if !v.loses(after) {
			return nil
		}
		return []Finding{{Bypass: "override", Message: "the server does not say whose key this is, so this could take your own access away"}}
	}
	var findings []Finding
	me := access.Principal{Kind: access.PrincipalUser, ID: v.caller.UserID}
	_, was := v.before.User(me.ID)
	if _, is := after.User(me.ID); was && !is {
		findings = append(findings, Finding{Bypass: "override", Message: "you would no longer be a member of the organization"})
	}
	for _, node := range v.watched() {
		if v.before.Allowed(me, braintrust.PermissionCreateACLs, node) && !after.Allowed(me, braintrust.PermissionCreateACLs, node) {
			findings = append(findings, Finding{Bypass: "override", Message: "you would no longer manage access on " + v.names.Node(node)})
		}
	}
	return findings
}

// watched are the nodes on which the caller's own manage-access is looked after: the organization, all
// projects, and whatever the plan takes grants from.
func (v *view) watched() []access.Node {
	nodes := topNodes(v.org)
	seen := map[access.Node]bool{nodes[0]: true, nodes[1]: true}
	for _, step := range v.steps {
		remove, ok := step.(*RemoveACLs)
		if !ok {
			continue
		}
		for _, acl := range remove.ACLs {
			if node := access.NodeOf(acl.ACLItem); !seen[node] && managesAccess(acl.ACLItem) {
				seen[node] = true
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

// loses reports whether anybody loses membership or manage-access: for an unknown caller it could be him.
func (v *view) loses(after *access.State) bool {
	for _, id := range v.before.Users() {
		if _, stays := after.User(id); !stays {
			return true
		}
	}
	for _, node := range v.watched() {
		left := after.Holders(braintrust.PermissionCreateACLs, node)
		for p := range v.before.Holders(braintrust.PermissionCreateACLs, node) {
			if p.Kind == access.PrincipalUser && !left[p] {
				return true
			}
		}
	}
	return false
}

// keepsCredential is G3 for the key in use.
func keepsCredential(v *view, step Step) []Finding {
	inUse := func(id, owner string, kind string, sameKind bool) []Finding {
		switch {
		case v.caller.CredentialID != "":
			if v.caller.CredentialID != id {
				return nil
			}
			return []Finding{{Bypass: "override", Message: "this is the " + kind + " that btadmin is using now"}}
		case sameKind && (v.caller.UserID == "" || v.caller.UserID == owner):
			return []Finding{{Bypass: "override", Message: fmt.Sprintf("this may be the %s that btadmin is using now: the server does not say which it is", kind)}}
		}
		return nil
	}
	switch s := step.(type) {
	case *DeleteToken:
		return inUse(s.Token.ID, s.Token.ServiceAccountID, "service token", v.caller.ServiceToken)
	case *DeleteAPIKey:
		return inUse(s.Key.ID, s.Key.UserID, "API key", !v.caller.ServiceToken)
	}
	return nil
}

// builtInStays is G9: built-in groups are not deleted or renamed, and their base grants stay.
func builtInStays(v *view, step Step) []Finding {
	switch s := step.(type) {
	case *DeleteGroup:
		if access.IsBuiltInGroup(s.Group.Name) {
			return []Finding{{Message: "the built-in group " + s.Group.Name + " cannot be deleted"}}
		}
	case *PatchGroup:
		if access.IsBuiltInGroup(s.Group.Name) && s.Patch.Name != nil && *s.Patch.Name != s.Group.Name {
			return []Finding{{Message: "the built-in group " + s.Group.Name + " cannot be renamed"}}
		}
	case *RemoveACLs:
		for _, acl := range s.ACLs {
			if v.before.IsBaseGrant(acl.ACLItem) {
				return []Finding{{Message: "the grants that the built-in group " + groupName(v.names, acl.GroupID) + " stands for cannot be removed"}}
			}
			if acl.GroupID == "" || !isTop(acl.ObjectType) {
				continue
			}
			if _, seen := v.before.Group(acl.GroupID); !seen && !v.seesOwners() {
				return []Finding{{Guard: "G16", Message: "whether the group " + acl.GroupID + " is a built-in one cannot be judged, because this key may not see it"}}
			}
		}
	}
	return nil
}

// seesOwners reports whether the group Owners was read; it is asked for each of many grants.
func (v *view) seesOwners() bool {
	if v.hasOwners == nil {
		_, has := v.before.GroupNamed(access.OwnersGroup)
		v.hasOwners = &has
	}
	return *v.hasOwners
}

// namedDeletion is G11: who deletes a group, or removes members from the organization, says its name.
func namedDeletion(v *view, step Step) []Finding {
	switch s := step.(type) {
	case *DeleteGroup:
		return []Finding{{
			Bypass: "confirm", Names: []string{s.Group.Name},
			Message: fmt.Sprintf("deleting the group %s takes away what it allows, and undo could only make it anew: %s", s.Group.Name, s.consequence()),
		}}
	case *RemoveMembers:
		var findings []Finding
		for _, u := range s.Users {
			name := v.memberName(u)
			findings = append(findings, Finding{
				Bypass: "confirm", Names: []string{name}, subject: u.ID,
				Message: "removing " + name + " from the organization ends all of their access",
			})
		}
		return findings
	}
	return nil
}

// memberName is what people call a member: a person by e-mail, a service account by name.
func (v *view) memberName(u braintrust.User) string {
	if m, known := v.members.ByID(u.ID); known && m.Kind == orgstate.ServiceAccount && m.Name != "" {
		return m.Name
	}
	if u.Email != "" {
		return u.Email
	}
	return u.ID
}
