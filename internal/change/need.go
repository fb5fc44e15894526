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

// gainNeed is what G7 reads: who could become a super-user.
func gainNeed(org braintrust.Organization) orgstate.Need {
	return orgstate.Need{Groups: true, Roles: true, ACLsOn: topNodes(org)}
}

// lossNeed is what G1 and G3 read: which people stay owners.
func lossNeed(org braintrust.Organization) orgstate.Need {
	return orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: true, ACLsOn: topNodes(org)}
}

// grantNeed is what adding or removing grants makes necessary.
func grantNeed(org braintrust.Organization, items []braintrust.ACLItem, removing bool) need {
	var n need
	for _, item := range items {
		top := isTop(item.ObjectType)
		switch {
		case top && removing:
			n.must = n.must.Merge(lossNeed(org))
			n.caller = true
		case top:
			n.must = n.must.Merge(gainNeed(org))
		case item.ObjectType == braintrust.ObjectGroup && !removing:
			n.must.Groups = true // is it Owners?
		case removing && managesAccess(item):
			n.wish = n.wish.Merge(gainNeed(org))
			n.must.Groups = true
			if node := access.NodeOf(item); !slices.Contains(n.must.ACLsOn, node) {
				n.must.ACLsOn = append(n.must.ACLsOn, node)
			}
			n.caller = true
		}
		if item.RoleID != "" {
			n.must.Roles = true
		}
	}
	return n
}

// isTop reports whether grants on a type reach the whole organization or all of its projects.
func isTop(t braintrust.ObjectType) bool {
	return t == braintrust.ObjectOrganization || t == braintrust.ObjectOrgProject
}

func managesAccess(item braintrust.ACLItem) bool {
	return item.RoleID != "" || slices.Contains(braintrust.Permissions()[4:], item.Permission)
}
