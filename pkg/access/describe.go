package access

import (
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// Presence says how much of a label is granted.
type Presence string

// The presences.
const (
	Absent  Presence = "none"
	Partial Presence = "partial" // some of its tuples: never rounded to all or nothing
	Full    Presence = "full"
)

// LabelState is one label of a row and how much of it is there.
type LabelState struct {
	Label    Label
	Presence Presence
	Present  []Tuple              // the tuples that are there
	Items    []braintrust.ACLItem // the same as grants
}

// Row is what one principal is granted in one row of a permission page.
type Row struct {
	Scope    Scope
	Node     Node                  // the organization, all projects, a project, a group, an object
	Restrict braintrust.ObjectType // the kind of object, in the objects scope
	Labels   []LabelState          // every label of the scope
	Roles    []string              // ids of roles granted on the node
	Unnamed  []braintrust.ACLItem  // grants that no label stands for: shown as they are
}

// rowKey decides which row a grant belongs to.
type rowKey struct {
	node     Node
	restrict braintrust.ObjectType
}

// Describe sorts the grants of one principal into the rows of the permission pages: the organization
// first, then all projects, projects with their kinds of object, groups, single objects.
func (t Table) Describe(items []braintrust.ACLItem) []Row {
	byRow := map[rowKey][]braintrust.ACLItem{}
	for _, item := range items {
		key := keyOf(item)
		byRow[key] = append(byRow[key], item)
	}
	rows := make([]Row, 0, len(byRow))
	for key, items := range byRow {
		rows = append(rows, t.describeRow(key, items))
	}
	slices.SortFunc(rows, compareRows)
	return rows
}

func keyOf(item braintrust.ACLItem) rowKey {
	key := rowKey{node: NodeOf(item)}
	switch item.ObjectType {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs:
		key.node.Type = braintrust.ObjectOrganization // one row; labels know where their tuples are
	default:
		key.restrict = item.RestrictObjectType
	}
	return key
}

func (k rowKey) scope() Scope {
	if k.restrict != "" {
		return ScopeObjects
	}
	return ScopeOf(k.node.Type)
}

func (t Table) describeRow(key rowKey, items []braintrust.ACLItem) Row {
	row := Row{Scope: key.scope(), Node: key.node, Restrict: key.restrict}
	var rest []braintrust.ACLItem
	for _, item := range items {
		if item.RoleID != "" {
			row.Roles = append(row.Roles, item.RoleID)
		} else {
			rest = append(rest, item)
		}
	}
	slices.Sort(row.Roles)
	var p Principal
	if len(rest) > 0 {
		p = PrincipalOf(rest[0])
	}
	for _, label := range t.Scope(row.Scope) {
		state := LabelState{Label: label, Presence: Absent}
		wanted := label.Items(p, key.node, key.restrict)
		for _, want := range wanted {
			if i := slices.Index(rest, want); i >= 0 {
				state.Present = append(state.Present, Tuple{Permission: want.Permission, Restrict: want.RestrictObjectType})
				state.Items = append(state.Items, want)
				rest = slices.Delete(rest, i, i+1)
			}
		}
		switch len(state.Present) {
		case 0:
		case len(wanted):
			state.Presence = Full
		default:
			state.Presence = Partial
		}
		row.Labels = append(row.Labels, state)
	}
	row.Unnamed = rest
	slices.SortFunc(row.Unnamed, func(a, b braintrust.ACLItem) int { return strings.Compare(itemOrder(a), itemOrder(b)) })
	return row
}

func itemOrder(item braintrust.ACLItem) string {
	return strings.Join([]string{string(item.ObjectType), item.ObjectID, string(item.Permission), string(item.RestrictObjectType)}, "\x00")
}

// Words returns the labels of the row that are fully granted, as words.
func (r Row) Words() []string {
	words := []string{}
	for _, l := range r.Labels {
		if l.Presence == Full {
			words = append(words, l.Label.Word)
		}
	}
	return words
}

func compareRows(a, b Row) int {
	if d := scopeOrder(a) - scopeOrder(b); d != 0 {
		return d
	}
	if d := strings.Compare(a.Node.String(), b.Node.String()); d != 0 {
		return d
	}
	if d := kindOrder(a.Restrict) - kindOrder(b.Restrict); d != 0 {
		return d
	}
	return strings.Compare(string(a.Restrict), string(b.Restrict))
}

func scopeOrder(r Row) int {
	switch r.Node.Type {
	case braintrust.ObjectOrganization:
		return 0
	case braintrust.ObjectOrgProject:
		return 1
	case braintrust.ObjectProject:
		return 2
	case braintrust.ObjectGroup:
		return 3
	}
	return 4
}

// kindOrder is the place of a kind of object on the page; types that the page does not have come last.
func kindOrder(restrict braintrust.ObjectType) int {
	if restrict == "" {
		return -1
	}
	words := ObjectWords()
	if i := slices.IndexFunc(words, func(k ObjectWord) bool { return k.Type == restrict }); i >= 0 {
		return i
	}
	return len(words)
}
