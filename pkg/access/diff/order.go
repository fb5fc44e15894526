package diff

import (
	"cmp"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// typeOrder is the place of a type in a report: what contains comes before what is contained.
func typeOrder(t braintrust.ObjectType) int {
	switch t {
	case braintrust.ObjectOrganization, KindUser:
		return 0
	case braintrust.ObjectOrgMember:
		return 1
	case braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
		return 2
	case braintrust.ObjectGroup:
		return 3
	case braintrust.ObjectRole:
		return 4
	case braintrust.ObjectOrgProject:
		return 5
	case braintrust.ObjectProjectGroup:
		return 6
	case braintrust.ObjectProject:
		return 7
	case braintrust.ObjectProjectLog:
		return 8
	}
	return 9
}

func compareNodes(a, b access.Node) int {
	return cmp.Or(cmp.Compare(typeOrder(a.Type), typeOrder(b.Type)), cmp.Compare(a.Type, b.Type), strings.Compare(a.ID, b.ID))
}

func compareThings(a, b Thing) int {
	return cmp.Or(cmp.Compare(typeOrder(a.Kind), typeOrder(b.Kind)), cmp.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
}

// comparePrincipals puts users before groups.
func comparePrincipals(a, b access.Principal) int {
	return cmp.Or(-strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
}
