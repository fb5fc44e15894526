package reconcile_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

const orgID = "00000000-0000-4000-8000-000000000000"

func id(kind, n int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", kind, n) }

// TestExportThenPlanIsEmpty: any organization, described and compared with itself, has nothing to do, and nothing
// that a row of the document owns is left out of it.
func TestExportThenPlanIsEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organization(t)
		table := corrected(t)
		view := orgview.New(s, orgview.Meta{Objects: true}).WithLabels(table)
		exported := reconcile.Export(view)
		p := parse(t, exported.Desired, table)
		result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: time.Now()})
		if err != nil {
			t.Fatalf("%v\n%s", err, text(exported.Desired))
		}
		if result.Changes() {
			for _, d := range result.Differences {
				t.Logf("%s %s %s: %s", d.Action, d.Kind, d.Subject, d.Detail)
			}
			t.Fatalf("a plan of the export has %d steps\n%s", len(result.Steps), text(exported.Desired))
		}
	})
}

func text(d *policy.Desired) string {
	raw, err := json.Marshal(policy.Plain(d))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// parse reads a document back from its text: JSON is YAML.
func parse(t interface{ Fatalf(string, ...any) }, d *policy.Desired, table access.Table) *policy.Policy {
	p, problems := policy.ParseWith([]policy.File{{Name: "access.yaml", Data: []byte(text(d))}}, table)
	if err := problems.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text(d))
	}
	return p
}

// corrected is the published label table, or one that has learned that labels have several tuples.
func corrected(t *rapid.T) access.Table {
	if !rapid.Bool().Draw(t, "corrected") {
		return access.Table{}
	}
	of := func(on braintrust.ObjectType, permission braintrust.Permission, restrict braintrust.ObjectType) access.LabelGrant {
		return access.LabelGrant{On: on, Tuple: access.Tuple{Permission: permission, Restrict: restrict}}
	}
	table, err := access.Table{}.Correct(
		access.Label{Scope: "organization", Word: "manage-settings", Confidence: "certain", Grants: []access.LabelGrant{of("", "update", ""), of("", "read", "organization")}},
		access.Label{Scope: "organization", Word: "manage-members", Confidence: "certain", Grants: []access.LabelGrant{of("org_member", "create", ""), of("org_member", "read", ""), of("", "create", "org_member")}},
		access.Label{Scope: "project", Word: "manage-access", Confidence: "certain", Grants: []access.LabelGrant{of("", "create_acls", ""), of("", "delete_acls", "")}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// organization is a small one with everything in it: nested groups and cycles, roles in roles, partial labels, unknown
// types and permissions, deleted things, grants that lead nowhere, names that are alike.
func organization(t *rapid.T) *access.Snapshot {
	s := &access.Snapshot{Organization: braintrust.Organization{ID: orgID, Name: "acme"}, TokensKnown: true, Complete: true}
	pick := func(label string, n int) int { return rapid.IntRange(0, n).Draw(t, label) }
	for n := range 6 {
		s.Users = append(s.Users, braintrust.User{ID: id(1, n), Email: fmt.Sprintf("user%d@example.com", n), GivenName: fmt.Sprint("User ", n)})
	}
	for n := range 2 {
		u := braintrust.User{ID: id(2, n), Email: fmt.Sprintf("bot%d@accounts.invalid", n), GivenName: fmt.Sprint("bot ", n)}
		s.Users = append(s.Users, u)
		s.Tokens = append(s.Tokens, braintrust.ServiceToken{ID: id(3, n), Name: "t", ServiceAccountID: u.ID, ServiceAccountName: u.GivenName})
	}
	if pick("alike", 3) == 0 {
		s.Users[7].GivenName, s.Tokens[1].ServiceAccountName = "bot 0", "bot 0"
	}
	names := []string{"Owners", "Engineers", "QA", "a/b", "100%", "no: yes", "prod-*", "null"}
	for n, name := range names {
		g := braintrust.Group{ID: id(4, n), OrgID: orgID, Name: name}
		for range pick("members", 3) {
			g.MemberUsers = append(g.MemberUsers, id(1, pick("user", 7)))
		}
		if pick("nested", 2) == 0 {
			g.MemberGroups = []string{id(4, pick("group", len(names)))}
		}
		s.Groups = append(s.Groups, g)
	}
	s.Roles = []braintrust.Role{
		{ID: id(5, 0), Name: "Owner", MemberPermissions: tuples(braintrust.Permissions(), "")},
		{ID: id(5, 1), OrgID: orgID, Name: "Curator", MemberPermissions: tuples(braintrust.Permissions()[:2], braintrust.ObjectDataset), MemberRoles: []string{id(5, 2)}},
		{ID: id(5, 2), OrgID: orgID, Name: "Reader", MemberPermissions: tuples([]braintrust.Permission{"read", "fly"}, ""), MemberRoles: []string{id(5, pick("inner", 3))}},
	}
	for n, name := range []string{"Chatbot", "Search", "prod-a", "prod-*", "Search"} {
		s.Projects = append(s.Projects, braintrust.Project{ID: id(6, n), OrgID: orgID, Name: name})
	}
	for n, kind := range []braintrust.ObjectKind{braintrust.KindExperiment, braintrust.KindDataset, braintrust.KindPrompt, braintrust.KindFunction, braintrust.KindExperiment} {
		s.Objects = append(s.Objects, access.Object{Kind: kind, Object: braintrust.Object{
			ID: id(7, n), ProjectID: id(6, pick("home", 5)), Name: fmt.Sprint("thing ", n%4), Slug: map[bool]string{true: fmt.Sprint("slug-", n)}[kind == braintrust.KindPrompt],
		}})
	}
	have := map[braintrust.ACLItem]bool{}
	for n := range pick("grants", 40) {
		item := grant(t, pick)
		if !have[item] {
			have[item] = true
			s.ACLs = append(s.ACLs, braintrust.ACL{ID: id(9, n), ACLItem: item})
		}
	}
	return s
}

func tuples(permissions []braintrust.Permission, restrict braintrust.ObjectType) []braintrust.RolePermission {
	var out []braintrust.RolePermission
	for _, p := range permissions {
		out = append(out, braintrust.RolePermission{Permission: p, RestrictObjectType: restrict})
	}
	return out
}

func grant(t *rapid.T, pick func(string, int) int) braintrust.ACLItem {
	nodes := []access.Node{
		{Type: braintrust.ObjectOrganization, ID: orgID}, {Type: braintrust.ObjectOrgProject, ID: orgID}, {Type: braintrust.ObjectOrgMember, ID: orgID},
		{Type: braintrust.ObjectOrgAuditLogs, ID: orgID}, {Type: braintrust.ObjectOrgAISecret, ID: orgID},
		{Type: braintrust.ObjectProject, ID: id(6, pick("project", 5))}, {Type: braintrust.ObjectProject, ID: id(6, 0)}, {Type: braintrust.ObjectProjectLog, ID: id(6, pick("logs", 4))},
		{Type: braintrust.ObjectExperiment, ID: id(7, 0)}, {Type: braintrust.ObjectDataset, ID: id(7, 1)}, {Type: braintrust.ObjectPrompt, ID: id(7, 2)},
		{Type: braintrust.ObjectPrompt, ID: id(7, 3)}, {Type: braintrust.ObjectExperiment, ID: id(7, 4)}, {Type: braintrust.ObjectDataset, ID: id(7, 9)},
		{Type: braintrust.ObjectPromptSession, ID: id(8, 0)}, {Type: braintrust.ObjectGroup, ID: id(4, pick("on group", 8))}, {Type: braintrust.ObjectRole, ID: id(5, pick("on role", 2))},
		{Type: "flux", ID: id(8, 1)},
	}
	p := access.Principal{Kind: access.PrincipalGroup, ID: id(4, pick("holder", 8))}
	switch pick("who", 5) {
	case 0:
		p = access.Principal{Kind: access.PrincipalUser, ID: id(1, pick("person", 6))}
	case 1:
		p = access.Principal{Kind: access.PrincipalUser, ID: id(2, pick("account", 1))}
	}
	n := rapid.SampledFrom(nodes).Draw(t, "node")
	if pick("role", 6) == 0 {
		return access.RoleItem(p, n, id(5, pick("which", 3)))
	}
	permissions := append(braintrust.Permissions(), "fly")
	restricts := []braintrust.ObjectType{"", "", "", braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectProjectLog, braintrust.ObjectOrganization, "flux"}
	return access.GrantItem(p, n, access.Tuple{
		Permission: rapid.SampledFrom(permissions).Draw(t, "permission"), Restrict: rapid.SampledFrom(restricts).Draw(t, "restrict"),
	})
}
