package groups

import (
	"context"
	"strconv"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// losses says what each group allows, in a few words, for the question before it is deleted. A caller who
// may not list the grants is not told.
func losses(ctx context.Context, a *app.App, groups []braintrust.Group) (map[string]string, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	filter := braintrust.ACLFilter{}
	if len(groups) == 1 {
		filter.GroupID = groups[0].ID
	}
	acls, err := braintrust.Collect(client.OrgACLs(ctx, filter))
	if braintrust.IsForbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	byGroup := map[string][]braintrust.ACLItem{}
	for _, acl := range acls {
		byGroup[acl.GroupID] = append(byGroup[acl.GroupID], acl.ACLItem)
	}
	out := map[string]string{}
	for _, group := range groups {
		out[group.ID] = inFewWords(r.Labels().Describe(byGroup[group.ID]))
	}
	return out, nil
}

// inFewWords counts the rows that grant the same: "read on 3 projects, read-audit-logs on the organization".
func inFewWords(rows []access.Row) string {
	type what struct{ words, where string }
	counts := map[what]int{}
	var order []what
	for _, row := range rows {
		words := append(row.Words(), partly(row)...)
		for range row.Roles {
			words = append(words, "a role")
		}
		key := what{strings.Join(words, ", "), place(row)}
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
	}
	var parts []string
	for _, key := range order {
		where := key.where
		switch where {
		case "the organization", "all projects":
		case "kind of object":
			if counts[key] > 1 {
				where = "kinds of object"
			}
			where = strconv.Itoa(counts[key]) + " " + where
		default:
			where = text.Count(counts[key], where)
		}
		parts = append(parts, key.words+" on "+where)
	}
	return strings.Join(parts, "; ")
}

// partly names what no whole label stands for.
func partly(row access.Row) []string {
	var words []string
	for _, l := range row.Labels {
		if l.Presence == access.Partial {
			words = append(words, "part of "+l.Label.Word)
		}
	}
	for _, item := range row.Unnamed {
		words = append(words, string(item.Permission))
	}
	return words
}

func place(row access.Row) string {
	switch {
	case row.Scope == access.ScopeOrganization:
		return "the organization"
	case row.Node.Type == braintrust.ObjectOrgProject:
		return "all projects"
	case row.Restrict != "":
		return "kind of object"
	}
	return strings.ReplaceAll(string(row.Node.Type), "_", " ")
}
