package access

import (
	"sync"

	"btadmin/pkg/braintrust"
)

// Scope is a row of the permission pages of the web application: what kind of thing is granted on.
type Scope string

// The scopes.
const (
	ScopeOrganization Scope = "organization" // the Organization column of the group page
	ScopeAllProjects  Scope = "all-projects" // the All projects column
	ScopeProject      Scope = "project"      // one project's own row
	ScopeObjects      Scope = "objects"      // the objects of one kind in a project
	ScopeObject       Scope = "object"       // one experiment, dataset, prompt, ...
	ScopeGroup        Scope = "group"        // the "Manage access" dialog of a group
)

// Label is a permission as the web application names it, with the tuples it stands for. Which tuples the
// application writes is not published: Confidence says how sure this table is. Grants belong to the table that the label
// is from, and must not be changed.
type Label struct {
	Scope      Scope
	Word       string // what users type: manage-access
	Title      string // what the page shows: Manage access
	Grants     []LabelGrant
	Confidence string // one of Confidences
}

// Confidences are how sure a table can be of a label: seen on a server, likely from what is documented, or decided by
// us because nothing is.
func Confidences() []string { return []string{Certain, likely, decided} }

// LabelGrant is one tuple of a label. On is the virtual node it is attached to when that is not the node
// of the row; the restriction of the objects scope is the kind's type and is filled in when used.
type LabelGrant struct {
	On    braintrust.ObjectType
	Tuple Tuple
}

// Certain is the confidence of what was seen.
const Certain = "certain"

const (
	likely  = "likely"
	decided = "decided" // nothing is published: our reading
)

// ManageAccess is the word for the four *_acls permissions.
const ManageAccess = "manage-access"

// published is the table as far as it is known without an organization: every label of every scope, in the order of
// the pages. It is made once and must not be changed.
var published = sync.OnceValue(makePublished)

func makePublished() []Label {
	on := func(t braintrust.ObjectType, permission braintrust.Permission) []LabelGrant {
		return []LabelGrant{{On: t, Tuple: Tuple{Permission: permission}}}
	}
	settings := LabelGrant{Tuple: Tuple{Permission: braintrust.PermissionUpdate, Restrict: braintrust.ObjectOrganization}}
	table := []Label{
		{ScopeOrganization, "manage-settings", "Manage settings", []LabelGrant{settings}, decided},
		{ScopeOrganization, "manage-members", "Manage members", on(braintrust.ObjectOrgMember, braintrust.PermissionCreate), likely},
		{ScopeOrganization, "remove-members", "Remove members", on(braintrust.ObjectOrgMember, braintrust.PermissionDelete), likely},
		manageAccess(ScopeOrganization),
		{ScopeOrganization, "read-audit-logs", "Read audit logs", on(braintrust.ObjectOrgAuditLogs, braintrust.PermissionRead), likely},
	}
	rows := []struct {
		scope Scope
		order []braintrust.Permission
	}{
		{ScopeAllProjects, []braintrust.Permission{"read", "create", "update", "delete"}},
		{ScopeProject, []braintrust.Permission{"read", "create", "update", "delete"}},
		{ScopeObjects, []braintrust.Permission{"create", "read", "update", "delete"}},
		{ScopeObject, []braintrust.Permission{"read", "update", "delete"}},
		{ScopeGroup, []braintrust.Permission{"read", "update", "delete"}},
	}
	titles := map[braintrust.Permission]string{"read": "Read", "create": "Create", "update": "Update", "delete": "Delete"}
	for _, row := range rows {
		for _, permission := range row.order {
			table = append(table, Label{row.scope, string(permission), titles[permission], on("", permission), likely})
		}
		table = append(table, manageAccess(row.scope))
	}
	return table
}

func manageAccess(scope Scope) Label {
	label := Label{Scope: scope, Word: ManageAccess, Title: "Manage access", Confidence: likely}
	for _, permission := range braintrust.ACLPermissions() {
		label.Grants = append(label.Grants, LabelGrant{Tuple: Tuple{Permission: permission}})
	}
	return label
}

// ScopeOf is the scope whose labels fit a node of some type, when nothing restricts the grant.
func ScopeOf(t braintrust.ObjectType) Scope {
	switch t {
	case braintrust.ObjectOrganization:
		return ScopeOrganization
	case braintrust.ObjectOrgProject:
		return ScopeAllProjects
	case braintrust.ObjectProject:
		return ScopeProject
	case braintrust.ObjectGroup:
		return ScopeGroup
	}
	return ScopeObject
}

// Items is what a label grants to a principal on a node, as grants. A restriction is only given in the
// objects scope.
func (l Label) Items(p Principal, n Node, restrict braintrust.ObjectType) []braintrust.ACLItem {
	items := make([]braintrust.ACLItem, 0, len(l.Grants))
	for _, g := range l.Grants {
		node, tuple := n, g.Tuple
		if g.On != "" {
			node.Type = g.On
		}
		if restrict != "" {
			tuple.Restrict = restrict
		}
		items = append(items, GrantItem(p, node, tuple))
	}
	return items
}
