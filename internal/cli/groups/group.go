package groups

import (
	"sort"
	"time"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// summary is a group in lists: the API's fields and what a reader wants beside them.
type summary struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Description      string    `json:"description"`
	BuiltIn          bool      `json:"builtin"`
	MemberCount      int       `json:"member_count"`
	MemberGroupCount int       `json:"member_group_count"`
	MemberUsers      []string  `json:"member_users"`
	MemberGroups     []string  `json:"member_groups"`
	OrgID            string    `json:"org_id"`
	UserID           string    `json:"user_id"`
	Created          time.Time `json:"created"`
	Warnings         []string  `json:"warnings,omitempty"`
}

func summarize(g braintrust.Group) summary {
	return summary{
		ID: g.ID, Name: g.Name, Description: g.Description, BuiltIn: access.IsBuiltInGroup(g.Name),
		MemberCount: len(g.MemberUsers), MemberGroupCount: len(g.MemberGroups),
		MemberUsers: notNil(g.MemberUsers), MemberGroups: notNil(g.MemberGroups),
		OrgID: g.OrgID, UserID: g.UserID, Created: g.Created,
	}
}

// summaries sorts groups by name and flags names that a person would take for one another.
func summaries(groups []braintrust.Group) []summary {
	rows := make([]summary, len(groups))
	first := map[string]string{} // skeleton -> the first name that has it
	for i, g := range groups {
		rows[i] = summarize(g)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	for i := range rows {
		skeleton := text.Skeleton(rows[i].Name)
		if other, seen := first[skeleton]; seen {
			rows[i].Warnings = append(rows[i].Warnings, "looks like group "+other)
			continue
		}
		first[skeleton] = rows[i].Name
	}
	return rows
}

func notNil(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}
