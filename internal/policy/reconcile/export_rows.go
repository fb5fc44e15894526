package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// rows are the rows of a principal's own grants.
func (e *exporter) rows(p access.Principal) []policy.Row {
	if _, is := change.IsNew(p.ID); is {
		return nil
	}
	var items []braintrust.ACLItem
	for _, acl := range e.x.bySubject[p] {
		item := acl.ACLItem
		if item.RoleID != "" || !e.x.sayable(item) || item.ObjectType == braintrust.ObjectGroup {
			continue
		}
		if _, placed := e.target(access.NodeOf(item)); !placed {
			continue
		}
		e.said[acl.ID] = true
		if !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	described := e.c.view.Labels().Describe(items)
	rows := make([]policy.Row, 0, len(described))
	for _, row := range described {
		labels, rest := labelsOf(row)
		on, _ := e.target(row.Node)
		if len(labels) > 0 {
			rows = append(rows, exportRow(on, row.Restrict, labels))
		}
		rows = append(rows, e.rawRows(rest)...)
	}
	slices.SortStableFunc(rows, func(a, b policy.Row) int { return cmp.Compare(a.On.Ref(), b.On.Ref()) }) // ids say nothing to people
	return rows
}

func exportRow(on policy.Target, restrict braintrust.ObjectType, labels []access.Label) policy.Row {
	return policy.Row{On: on, Restrict: restrict, Labels: labels, At: document.Here()}
}

// rawRows are rows of raw permissions for grants that no label of their page stands for.
func (e *exporter) rawRows(items []braintrust.ACLItem) []policy.Row {
	byRow := map[rowKey][]access.Label{}
	var order []rowKey
	for _, item := range items {
		key := rowKey{access.NodeOf(item), item.RestrictObjectType}
		if byRow[key] == nil {
			order = append(order, key)
		}
		byRow[key] = append(byRow[key], access.RawLabel(access.ScopeOf(item.ObjectType), item.Permission))
	}
	var rows []policy.Row
	for _, key := range order {
		on, _ := e.target(key.node)
		rows = append(rows, exportRow(on, key.restrict, byRow[key]))
	}
	return rows
}

// labelsOf are the labels that a row has whole, then the raw permissions that are left one by one. The organization's
// row has labels on several nodes: what is left on others, or restricted, comes back as it is.
func labelsOf(row access.Row) (labels []access.Label, rest []braintrust.ACLItem) {
	raw := func(item braintrust.ACLItem) {
		if item.ObjectType == row.Node.Type && item.RestrictObjectType == row.Restrict {
			labels = append(labels, access.RawLabel(row.Scope, item.Permission))
		} else {
			rest = append(rest, item)
		}
	}
	for _, state := range row.Labels {
		switch {
		case state.Presence == access.Full:
			labels = append(labels, state.Label)
		case state.Presence == access.Partial:
			for _, item := range state.Items {
				raw(item)
			}
		}
	}
	for _, item := range row.Unnamed {
		raw(item)
	}
	return labels, rest
}

// target names a node as a document does.
func (e *exporter) target(n access.Node) (policy.Target, bool) {
	t := policy.Target{Type: n.Type, At: document.Here()}
	byID := func(word string) (policy.Target, bool) {
		t.Word, t.ID = word, n.ID
		return t, true
	}
	if word, own := access.OwnWord(n.Type); own {
		t.Word = word
		return t, true
	}
	switch n.Type {
	case braintrust.ObjectProject, braintrust.ObjectProjectLog:
		name, unique := e.projects[n.ID]
		if !unique {
			return byID(map[braintrust.ObjectType]string{braintrust.ObjectProject: "project", braintrust.ObjectProjectLog: "logs"}[n.Type])
		}
		t.Projects, _ = policy.ParsePattern(policy.Literal(name))
		if n.Type == braintrust.ObjectProjectLog {
			t.Word = "logs"
		}
	case braintrust.ObjectRole:
		r := e.x.roles[n.ID]
		if r == nil || !writable(r.Name) || e.x.roleNamed[r.Name] != r {
			return byID("role")
		}
		t.Word, t.Name = "role", r.Name
	default:
		return e.objectTarget(t, n)
	}
	return t, true
}

func (e *exporter) objectTarget(t policy.Target, n access.Node) (policy.Target, bool) {
	o, listed := e.objects[n]
	project, named := e.projects[o.ProjectID]
	name := o.Name
	if o.Slug != "" {
		name = o.Slug
	}
	if !listed || !named || !writable(name) || strings.Contains(project, "/") || e.alike(o, name) {
		t.Word, t.ID = string(n.Type), n.ID
		if n.Type == braintrust.ObjectPromptSession {
			t.Word = "playground"
		}
		return t, true
	}
	t.Word, t.Name = string(o.Kind), name
	t.Projects, _ = policy.ParsePattern(policy.Literal(project))
	return t, true
}

// called is how objects are told apart by name.
type called struct {
	kind          braintrust.ObjectKind
	project, name string
}

// alike reports whether another object of the kind in the project has the name.
func (e *exporter) alike(o access.Object, name string) bool {
	return e.names[called{o.Kind, o.ProjectID, name}] > 1
}
