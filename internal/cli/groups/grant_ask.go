package groups

import (
	"context"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/change"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// askGrant asks on what, shows what the group has there ticked, and makes it what is chosen: ticks that
// were taken away are revoked.
func askGrant(ctx context.Context, a *app.App, r *resolve.Resolver, group braintrust.Group) error {
	node, restrict, question, err := askRow(ctx, a, r)
	if err != nil {
		return err
	}
	p := access.Principal{Kind: access.PrincipalGroup, ID: group.ID}
	before, err := rowACLs(ctx, a, r.Labels(), p, grants.Row{Node: node, Restrict: restrict})
	if err != nil {
		return err
	}
	items := make([]braintrust.ACLItem, len(before))
	for i, acl := range before {
		items[i] = acl.ACLItem
	}
	scope := access.ScopeOf(node.Type)
	if restrict != "" {
		scope = access.ScopeObjects
	}
	var ticked []string
	for _, row := range r.Labels().Describe(items) {
		ticked = append(ticked, row.Words()...)
	}
	words, err := ask.Words(a.Prompt.WithContext(ctx), question, scope, ticked)
	if err != nil {
		return err
	}
	steps, err := rowSteps(p, grants.Row{Node: node, Restrict: restrict}, r.Labels().Scope(scope), words, ticked, before)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		a.Status.Done("Nothing to change")
		return nil
	}
	if err := confirmPreview(ctx, a, steps); err != nil {
		return err
	}
	result, err := a.Mutate(ctx, app.Change{Steps: steps, Title: "Granting", Asked: true})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s changed", group.Name, text.Count(result.Rows, "grant"))
	return nil
}

// rowSteps changes a row from the labels that were ticked to those that are now. Grants that no label
// stands for, and roles, are left alone.
func rowSteps(p access.Principal, row grants.Row, labels []access.Label, words string, ticked []string, before []braintrust.ACL) ([]change.Step, error) {
	chosen := strings.Split(words, ",")
	var add []braintrust.ACLItem
	var remove []braintrust.ACL
	for _, label := range labels {
		want, had := slices.Contains(chosen, label.Word), slices.Contains(ticked, label.Word)
		for _, item := range label.Items(p, row.Node, row.Restrict) {
			i := slices.IndexFunc(before, func(acl braintrust.ACL) bool { return acl.ACLItem == item })
			switch {
			case want && i < 0:
				add = append(add, item)
			case had && !want && i >= 0:
				remove = append(remove, before[i])
			}
		}
	}
	var steps []change.Step
	if len(add) > 0 {
		steps = append(steps, &change.AddACLs{Items: add})
	}
	if len(remove) > 0 {
		steps = append(steps, &change.RemoveACLs{ACLs: remove})
	}
	return steps, nil
}

// askRow asks which row of the permission page is meant.
func askRow(ctx context.Context, a *app.App, r *resolve.Resolver) (access.Node, braintrust.ObjectType, string, error) {
	p := a.Prompt.WithContext(ctx)
	org, err := r.Organization(ctx)
	if err != nil {
		return access.Node{}, "", "", err
	}
	where, err := p.Select("Permissions on", []string{"The organization", "All projects", "One project", "Objects of one kind in a project"})
	if err != nil {
		return access.Node{}, "", "", err
	}
	switch where {
	case 0:
		return access.Node{Type: braintrust.ObjectOrganization, ID: org.ID}, "", "Organization permissions", nil
	case 1:
		return access.Node{Type: braintrust.ObjectOrgProject, ID: org.ID}, "", "Permissions on all projects", nil
	}
	project, err := ask.Project(ctx, p, r)
	if err != nil {
		return access.Node{}, "", "", err
	}
	node := access.Node{Type: braintrust.ObjectProject, ID: project.ID}
	if where == 2 {
		return node, "", "Permissions on project " + project.Name, nil
	}
	table := access.ObjectWords()
	titles := make([]string, len(table))
	for i, k := range table {
		titles[i] = k.Title
	}
	k, err := p.Select("Kind of object", titles)
	if err != nil {
		return access.Node{}, "", "", err
	}
	if note := access.Widening(table[k : k+1]); note != "" {
		a.Status.Note("%s", note)
	}
	return node, table[k].Type, "Permissions on " + table[k].Word + " in " + project.Name, nil
}

// rowACLs lists the grants of a principal in one row.
func rowACLs(ctx context.Context, a *app.App, table access.Table, p access.Principal, row grants.Row) ([]braintrust.ACL, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	var found []braintrust.ACL
	for _, n := range row.Nodes() {
		acls, err := braintrust.Collect(client.ACLs(ctx, braintrust.ACLFilter{ObjectType: n.Type, ObjectID: n.ID}))
		if err != nil {
			return nil, err
		}
		for _, acl := range acls {
			if access.PrincipalOf(acl.ACLItem) == p && row.Holds(table, acl.ACLItem) {
				found = append(found, acl)
			}
		}
	}
	return found, nil
}
