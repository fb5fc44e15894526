package change

import (
	"slices"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// need says what the guards must know to judge a step.
type need struct {
	must orgstate.Need // without it the answer is no (G16)
	// wish is judged when it can be read, and passed over when the caller may not read it: a purely additive
	// change by a delegated administrator.
	wish   orgstate.Need
	caller bool // who the credential belongs to
}

func (n need) merge(other need) need {
	return need{must: n.must.Merge(other.must), wish: n.wish.Merge(other.wish), caller: n.caller || other.caller}
}

// topNodes are where owners and super-users come from.
func topNodes(org braintrust.Organization) []access.Node {
	return []access.Node{
		{Type: braintrust.ObjectOrganization, ID: org.ID},
		{Type: braintrust.ObjectOrgProject, ID: org.ID},
	}
}

// topNeed is who may do what on the organization and on all projects.
func topNeed(org braintrust.Organization) orgstate.Need {
	return orgstate.Need{Users: true, Groups: true, Roles: true, ACLsOn: topNodes(org)}
}

// gainNeed is what G7 reads: who could become a super-user, also by changing who is in Owners.
func gainNeed(org braintrust.Organization) orgstate.Need {
	return topNeed(org).Merge(orgstate.Need{ACLsInside: []string{access.OwnersGroup}})
}

// lossNeed is what G1 and G3 read: which people stay owners. Whoever may not list the service tokens is
// refused only what takes an owner away.
func lossNeed(org braintrust.Organization) orgstate.Need {
	return topNeed(org).Merge(orgstate.Need{Tokens: true, OptionalTokens: true})
}

// joinNeed is what G7 reads when somebody, or groups by their ids, enter groups. Which groups are inside Owners
// is seen without their grants.
func joinNeed(org braintrust.Organization, into []braintrust.Group, inner []string) need {
	all := gainNeed(org).Merge(orgstate.Need{ACLsInside: inner})
	n := need{must: orgstate.Need{Groups: true}, wish: all}
	for _, g := range into {
		if access.IsBuiltInGroup(g.Name) {
			n.must = n.must.Merge(all)
		}
	}
	return n
}

// grantNeed is what adding or removing grants makes necessary.
func grantNeed(org braintrust.Organization, items []braintrust.ACLItem, removing bool) need {
	var n need
	var around []access.Node
	for _, item := range items {
		if item.RoleID != "" {
			n.must.Roles = true
		}
		if isTop(item.ObjectType) || item.ObjectType == braintrust.ObjectGroup {
			n.must.Groups = true // is it a base grant, is it Owners?
		}
		switch {
		case removing && item.ObjectType == braintrust.ObjectOrganization && (managesAccess(item) || item.RestrictObjectType == ""):
			n = n.merge(need{must: lossNeed(org), caller: true})
		case removing && managesAccess(item):
			n.wish = n.wish.Merge(topNeed(org))
			n.must.Groups, n.caller = true, true
			around = append(around, access.NodeOf(item))
		case removing || !privileged(item): // nobody stops being a super-user, nobody becomes one
		case isTop(item.ObjectType):
			n.must = n.must.Merge(gainNeed(org))
		case item.ObjectType == braintrust.ObjectGroup:
			n.wish = n.wish.Merge(gainNeed(org))
		}
	}
	if !removing { // how many people is a group? (G8)
		for _, item := range items {
			n.wish.Groups = n.wish.Groups || item.GroupID != ""
		}
	}
	n.must = n.must.Merge(orgstate.Need{ACLsOn: around})
	return n
}

// privileged reports whether a grant can make a super-user: it manages access, is a role or unknown, or lets
// somebody change who is in a group such as Owners.
func privileged(item braintrust.ACLItem) bool {
	switch item.Permission {
	case braintrust.PermissionCreate, braintrust.PermissionRead, braintrust.PermissionDelete:
		return false
	case braintrust.PermissionUpdate:
		onGroups := item.RestrictObjectType == "" || item.RestrictObjectType == braintrust.ObjectGroup
		return onGroups && (item.ObjectType == braintrust.ObjectOrganization || item.ObjectType == braintrust.ObjectGroup)
	}
	return true
}

// isTop reports whether grants on a type reach the whole organization or all of its projects.
func isTop(t braintrust.ObjectType) bool {
	return t == braintrust.ObjectOrganization || t == braintrust.ObjectOrgProject
}

func managesAccess(item braintrust.ACLItem) bool {
	return item.RoleID != "" || slices.Contains(braintrust.ACLPermissions(), item.Permission)
}
