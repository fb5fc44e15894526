package grants

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Holds reports whether a grant belongs to the row. Grants of roles belong to none: setting a row leaves
// them alone. The organization's row also has the tuples on members and audit logs, the one that is restricted to the
// organization itself, and whatever else its labels stand for in the table.
func (r Row) Holds(table access.Table, item braintrust.ACLItem) bool {
	if item.RoleID != "" {
		return false
	}
	if r.Node.Type == braintrust.ObjectOrganization && r.Restrict == "" {
		switch item.ObjectType {
		case braintrust.ObjectOrganization:
			return item.ObjectID == r.Node.ID &&
				(item.RestrictObjectType == "" || item.RestrictObjectType == braintrust.ObjectOrganization || labelled(table, item))
		case braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs:
			return item.ObjectID == r.Node.ID && item.RestrictObjectType == ""
		}
		return false
	}
	return access.NodeOf(item) == r.Node && item.RestrictObjectType == r.Restrict
}

// Nodes are the nodes whose grants can belong to the row.
func (r Row) Nodes() []access.Node {
	if r.Node.Type != braintrust.ObjectOrganization {
		return []access.Node{r.Node}
	}
	return []access.Node{
		r.Node, {Type: braintrust.ObjectOrgMember, ID: r.Node.ID}, {Type: braintrust.ObjectOrgAuditLogs, ID: r.Node.ID},
	}
}

// labelled reports whether a grant on the organization is one of its labels' tuples.
func labelled(table access.Table, item braintrust.ACLItem) bool {
	for _, label := range table.Scope(access.ScopeOrganization) {
		if slices.Contains(label.Grants, access.LabelGrant{Tuple: access.Tuple{Permission: item.Permission, Restrict: item.RestrictObjectType}}) {
			return true
		}
	}
	return false
}
