// Package matrix shows rows of the permission pages: what is granted in a row, in the words of the web
// application, with the raw tuples beside them.
package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/output"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Row is one row of a matrix. Fields are added, never renamed.
type Row struct {
	Scope      string   `json:"scope"`  // organization, all-projects, project, objects, object, group
	Object     string   `json:"object"` // reference: project:Chatbot
	ObjectName string   `json:"object_name"`
	ObjectType string   `json:"object_type"`
	ObjectID   string   `json:"object_id"`
	Kinds      string   `json:"kinds"` // in the objects scope: what the restriction means
	Restrict   string   `json:"restrict_object_type"`
	Allowed    []string `json:"allowed"` // words of labels that are granted whole
	Partial    []Part   `json:"partial"`
	Roles      []string `json:"roles"`
	Other      []string `json:"other"` // grants that no label stands for
}

// Part is a label of which only some tuples are granted.
type Part struct {
	Label   string   `json:"label"`
	Present []string `json:"present"`
}

// Namer names objects and roles; *resolve.Names is one.
type Namer interface {
	Node(n access.Node) string
	Role(id string) string
}

// Rows puts described rows into words.
func Rows(described []access.Row, names Namer) []Row {
	rows := make([]Row, len(described))
	for i, d := range described {
		rows[i] = one(d, names)
	}
	// Describe knows ids only: within a type of object, rows are put in the order of names.
	rank := map[string]int{}
	for _, row := range rows {
		if _, known := rank[row.ObjectType]; !known {
			rank[row.ObjectType] = len(rank)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(rank[a.ObjectType], rank[b.ObjectType]), strings.Compare(a.Object, b.Object))
	})
	return rows
}

func one(d access.Row, names Namer) Row {
	ref := names.Node(d.Node)
	row := Row{
		Scope: string(d.Scope), Object: ref, ObjectName: afterColon(ref), ObjectType: string(d.Node.Type), ObjectID: d.Node.ID,
		Restrict: string(d.Restrict), Allowed: d.Words(), Partial: []Part{}, Roles: []string{}, Other: []string{},
	}
	if d.Restrict != "" {
		row.Kinds = access.KindTitle(d.Restrict)
	}
	for _, l := range d.Labels {
		if l.Presence == access.Partial {
			part := Part{Label: l.Label.Word, Present: []string{}}
			for _, t := range l.Present {
				part.Present = append(part.Present, string(t.Permission))
			}
			row.Partial = append(row.Partial, part)
		}
	}
	for _, id := range d.Roles {
		name := names.Role(id)
		if name == "" {
			name = id
		}
		row.Roles = append(row.Roles, name)
	}
	for _, item := range d.Unnamed {
		row.Other = append(row.Other, raw(item))
	}
	return row
}

func afterColon(ref string) string {
	_, name, found := strings.Cut(ref, ":")
	if !found {
		return ref
	}
	return name
}

// raw is a grant as the API has it: organization:read/project.
func raw(item braintrust.ACLItem) string {
	return fmt.Sprintf("%s:%s", item.ObjectType, access.Tuple{Permission: item.Permission, Restrict: item.RestrictObjectType})
}

// Columns are the columns of a matrix of one principal.
func Columns() []output.Column[Row] {
	return []output.Column[Row]{
		{Field: "object", Header: "ON", Text: func(r Row) string { return r.Object }},
		{Field: "kinds", Text: func(r Row) string { return r.Kinds }},
		{Field: "allowed", Header: "ALLOWED", Text: Words},
	}
}

// Words is everything a row grants, in one cell: labels, partial labels, roles, other tuples.
func Words(r Row) string {
	words := append([]string{}, r.Allowed...)
	for _, part := range r.Partial {
		words = append(words, fmt.Sprintf("%s (partial: %s)", part.Label, strings.Join(part.Present, " ")))
	}
	for _, role := range r.Roles {
		words = append(words, "role "+role)
	}
	words = append(words, r.Other...)
	return strings.Join(words, ", ")
}
