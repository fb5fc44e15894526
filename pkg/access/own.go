package access

import "btadmin/pkg/braintrust"

// OwnWord is what references, policies and output call a node of the organization itself: organization, all-projects, members,
// audit-logs. Other types have none, and neither have the organization's AI secrets, which no page shows.
func OwnWord(t braintrust.ObjectType) (word string, has bool) {
	switch t {
	case braintrust.ObjectOrganization:
		return "organization", true
	case braintrust.ObjectOrgProject:
		return "all-projects", true
	case braintrust.ObjectOrgMember:
		return "members", true
	case braintrust.ObjectOrgAuditLogs:
		return "audit-logs", true
	}
	return "", false
}

// OwnType is the type that a word of OwnWord stands for.
func OwnType(word string) (t braintrust.ObjectType, has bool) {
	for _, t := range [...]braintrust.ObjectType{
		braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs,
	} {
		if own, _ := OwnWord(t); own == word {
			return t, true
		}
	}
	return "", false
}

// IsOwn reports whether nodes of a type are the organization itself or a part of it, and have its id.
func IsOwn(t braintrust.ObjectType) bool {
	_, own := OwnWord(t)
	return own || t == braintrust.ObjectOrgAISecret
}
