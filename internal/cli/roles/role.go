package roles

import (
	"sort"
	"strings"
	"time"

	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// summary is a role in lists: the API's fields and what a reader wants beside them.
type summary struct {
	ID                string       `json:"id"`
	Name              string       `json:"name"`
	Description       string       `json:"description"`
	System            bool         `json:"system"` // the server's own: assignable, not editable
	MemberPermissions []permission `json:"member_permissions"`
	MemberRoles       []string     `json:"member_roles"`
	MemberRoleNames   []string     `json:"member_role_names"`
	OrgID             string       `json:"org_id"`
	UserID            string       `json:"user_id"`
	Created           time.Time    `json:"created"`
}

// permission is one tuple of a role; an empty type means that it is not restricted.
type permission struct {
	Permission         string `json:"permission"`
	RestrictObjectType string `json:"restrict_object_type"`
}

// summarize needs all roles for the names of those that a role includes.
func summarize(r braintrust.Role, all []braintrust.Role) summary {
	s := summary{
		ID: r.ID, Name: r.Name, Description: r.Description, System: system(r), MemberPermissions: []permission{},
		MemberRoles: []string{}, MemberRoleNames: []string{}, OrgID: r.OrgID, UserID: r.UserID, Created: r.Created,
	}
	for _, m := range r.MemberPermissions {
		s.MemberPermissions = append(s.MemberPermissions, permission{string(m.Permission), string(m.RestrictObjectType)})
	}
	for _, id := range r.MemberRoles {
		s.MemberRoles = append(s.MemberRoles, id)
		s.MemberRoleNames = append(s.MemberRoleNames, nameOf(id, all))
	}
	return s
}

func nameOf(id string, all []braintrust.Role) string {
	for _, r := range all {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

// summaries sorts roles by name, those of the server first.
func summaries(all []braintrust.Role) []summary {
	rows := make([]summary, len(all))
	for i, r := range all {
		rows[i] = summarize(r, all)
	}
	sort.Slice(rows, func(i, j int) bool {
		if rows[i].System != rows[j].System {
			return rows[i].System
		}
		return rows[i].Name < rows[j].Name
	})
	return rows
}

// system reports whether a role is the server's own.
func system(r braintrust.Role) bool { return r.OrgID == "" }

// refuseSystem says why a system role stays as it is.
func refuseSystem(r braintrust.Role, verb string) error {
	if !system(r) {
		return nil
	}
	return exit.BadInputf("role %q is a system role and cannot be %s", r.Name, verb).
		WithHint("make a role of your own that includes it: btadmin roles create NAME --include-role %s", text.ShellWord(r.Name))
}

// words are the permissions of a role on one line, permissions with one restriction together.
func words(permissions []permission) string {
	var order []string
	byType := map[string][]string{}
	for _, m := range permissions {
		if byType[m.RestrictObjectType] == nil {
			order = append(order, m.RestrictObjectType)
		}
		byType[m.RestrictObjectType] = append(byType[m.RestrictObjectType], m.Permission)
	}
	parts := make([]string, len(order))
	for i, t := range order {
		parts[i] = strings.Join(byType[t], ", ")
		if t != "" {
			parts[i] += " (" + strings.ToLower(access.KindTitle(braintrust.ObjectType(t))) + " only)"
		}
	}
	return strings.Join(parts, "; ")
}

func kindOf(s summary) string {
	if s.System {
		return "system"
	}
	return "custom"
}

func summaryColumns(now time.Time) []output.Column[summary] {
	return []output.Column[summary]{
		{Field: "name", Header: "NAME", Text: func(s summary) string { return s.Name }},
		{Field: "system", Header: "KIND", Text: kindOf},
		{Field: "member_permissions", Header: "PERMISSIONS", Text: func(s summary) string { return words(s.MemberPermissions) }},
		{Field: "member_role_names", Header: "INCLUDES", Text: func(s summary) string { return strings.Join(s.MemberRoleNames, ", ") }},
		{Field: "description", Header: "DESCRIPTION", Text: func(s summary) string { return s.Description }, Wide: true},
		{
			Field: "created", Header: "CREATED",
			Text: func(s summary) string { return output.RelTime(now, s.Created) },
			Raw:  func(s summary) string { return output.Time(s.Created) },
			Wide: true,
		},
		{Field: "id", Header: "ID", Text: func(s summary) string { return s.ID }, Wide: true},
	}
}
