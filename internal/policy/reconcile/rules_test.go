package reconcile_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// acme is what every rule is tried on: ana owns it; QA has bo and kim and reads Chatbot; bo reads prod-a by a grant of his
// own; tmp-1 is somebody else's; the account bot has two tokens of one name and one of another.
func acme() *access.Snapshot {
	user := func(id, email string) braintrust.User { return braintrust.User{ID: id, Email: email} }
	grant := func(id string, item braintrust.ACLItem) braintrust.ACL { return braintrust.ACL{ID: id, ACLItem: item} }
	qa, tmp := access.Principal{Kind: access.PrincipalGroup, ID: "g-qa"}, access.Principal{Kind: access.PrincipalGroup, ID: "g-tmp"}
	bo := access.Principal{Kind: access.PrincipalUser, ID: "u-bo"}
	on := func(id string) access.Node { return access.Node{Type: braintrust.ObjectProject, ID: id} }
	token := func(id, name string, age time.Duration) braintrust.ServiceToken {
		return braintrust.ServiceToken{ID: id, Name: name, ServiceAccountID: "u-bot", ServiceAccountName: "bot", Created: now.Add(-age)}
	}
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: "org", Name: "acme"}, TokensKnown: true, Complete: true,
		Users: []braintrust.User{user("u-ana", "ana@acme.example.com"), user("u-bo", "bo@acme.example.com"), user("u-kim", "kim@acme.example.com"), {ID: "u-bot", GivenName: "bot"}},
		Groups: []braintrust.Group{
			{ID: "g-own", OrgID: "org", Name: "Owners", MemberUsers: []string{"u-ana"}},
			{ID: "g-qa", OrgID: "org", Name: "QA", Description: "Tests", MemberUsers: []string{"u-bo", "u-kim"}},
			{ID: "g-tmp", OrgID: "org", Name: "tmp-1", MemberUsers: []string{"u-kim"}},
		},
		Roles: []braintrust.Role{
			{ID: "r-owner", Name: "Owner"},
			{ID: "r-judge", OrgID: "org", Name: "Judge", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}},
		},
		Projects: []braintrust.Project{{ID: "p-chat", Name: "Chatbot"}, {ID: "p-a", Name: "prod-a"}, {ID: "p-b", Name: "prod-b"}},
		ACLs: []braintrust.ACL{
			grant("a-1", access.GrantItem(qa, on("p-chat"), access.Tuple{Permission: "read"})),
			grant("a-2", access.GrantItem(bo, on("p-a"), access.Tuple{Permission: "read"})),
			grant("a-3", access.GrantItem(tmp, on("p-a"), access.Tuple{Permission: "read"})),
			grant("a-4", access.RoleItem(tmp, on("p-b"), "r-judge")),
		},
		Tokens: []braintrust.ServiceToken{token("t-new", "ci", 50*time.Hour), token("t-old", "ci", 90*24*time.Hour), token("t-x", "other", time.Hour)},
	}
}

// outcome is what a document would do: each line of each step in order, then what is only reported, then warnings.
func outcome(t *testing.T, document string, edits ...func(*access.Snapshot)) []string {
	t.Helper()
	snapshot := acme()
	for _, edit := range edits {
		edit(snapshot)
	}
	p, problems := policy.Parse([]policy.File{{Name: "p.yaml", Data: []byte("version: 1\norg: acme\n" + document)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	view := orgview.New(snapshot, orgview.Meta{Objects: true})
	result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: now, Source: "p.yaml"})
	if err != nil {
		return []string{"error: " + strings.Split(err.Error(), "\n")[0]}
	}
	lines := []string{}
	for _, step := range result.Steps {
		for _, l := range step.Lines(view.Names()) {
			lines = append(lines, l.String())
		}
	}
	for _, d := range result.Differences {
		if d.Action == reconcile.ActionReport {
			lines = append(lines, "reported: "+d.Subject+": "+d.Detail)
		}
	}
	for _, w := range result.Warnings {
		lines = append(lines, "warning: "+w.Message)
	}
	if len(result.Limits.Emptied) > 0 {
		lines = append(lines, "emptied: "+strings.Join(result.Limits.Emptied, ", "))
	}
	if len(result.Limits.Unapproved) > 0 {
		lines = append(lines, "unapproved: "+strings.Join(result.Limits.Unapproved, ", "))
	}
	return lines
}

// others is the group that a document with a section of groups does not name.
const others = "reported: groups: not in the document: tmp-1"

const boHas = "reported: user:bo@acme.example.com: direct grant: read on project:prod-a"

func TestRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, document string
		want           []string
	}{
		{"nothing is managed", "", []string{boHas}},
		{"absent members and permissions are not managed", "groups: {QA: {}}", []string{others, boHas}},
		{"empty means none", "groups: {QA: {members: []}}", []string{
			"remove group QA: member bo@acme.example.com", "remove group QA: member kim@acme.example.com", others, boHas, "emptied: members of QA",
		}},
		{"order, case and duplicates of members are no difference", "groups: {QA: {members: [KIM@acme.example.com, Bo@ACME.example.com]}}", []string{others, boHas}},
		{"additive leaves others in", "groups: {QA: {memberships: additive, members: [ana@acme.example.com]}}", []string{
			"add group QA: member ana@acme.example.com", others, boHas,
		}},
		{"a membership that is over ends, also where they are additive", "groups: {QA: {memberships: additive, members: [{email: kim@acme.example.com, until: 2026-11-25}]}}", []string{
			"remove group QA: member kim@acme.example.com", others, boHas,
		}},
		{"the last day still counts", "groups: {QA: {members: [bo@acme.example.com, {email: kim@acme.example.com, until: 2026-11-26}]}}", []string{others, boHas}},
		{"a rename keeps the id, members and grants", "groups: {quality: {previously: [QA], permissions: {projects: {Chatbot: [read]}}}}", []string{
			"update group QA: name: quality", others, boHas,
		}},
		{"both names are there", "groups: {tmp-1: {previously: [QA]}}", []string{
			"reported: groups: not in the document: QA", boHas, `warning: the groups "QA" and "tmp-1" are both there: neither is renamed`,
		}},
		{"grants are exact", "groups: {QA: {permissions: {projects: {Chatbot: [update]}}}}", []string{
			"add project:Chatbot: update for group:QA", "remove project:Chatbot: read for group:QA", others, boHas,
		}},
		{"additive grants: one list is the whole truth of its row, other rows stay", "groups: {QA: {grants: additive, permissions: {projects: {prod-a: [read], Chatbot: {datasets: [read]}}}}}", []string{
			"add project:Chatbot: read/dataset for group:QA", "add project:prod-a: read for group:QA", others, boHas,
		}},
		{"a pattern, less what is written by name", `groups: {QA: {permissions: {projects: {Chatbot: [read], "prod-*": [read], prod-b: [update]}}}}`, []string{
			"add project:prod-a: read for group:QA", "add project:prod-b: update for group:QA", others, boHas,
		}},
		{"a pattern that matches nothing", `groups: {QA: {permissions: {projects: {Chatbot: [read], "none-*": [read]}}}}`, []string{
			others, boHas, `warning: the pattern "none-*" matches no project now`,
		}},
		{"ignored projects are not touched", "manage: {ignore: {projects: [Chat*]}}\ngroups: {QA: {permissions: {projects: {Chatbot: [update]}}}}", []string{others, boHas}},
		{"ignored groups are not touched, whatever else is said", "manage: {groups: all, prune: true, ignore: {groups: [tmp-*]}}\ngroups: {QA: {}, tmp-1: {members: []}}\nroles: {Judge: {assigned_to: []}}", []string{
			boHas, `warning: the group "tmp-1" is listed and ignored as well: it is not touched`,
		}},
		{"groups that are not named stay without prune", "manage: {groups: all}\ngroups: {QA: {}}", []string{
			"reported: group:tmp-1: is not in the document (prune: true would delete it)", boHas,
		}},
		{"and go with it", "manage: {groups: all, prune: true}\ngroups: {QA: {}}", []string{"delete group tmp-1: 1 member loses 2 grants", boHas}},
		{"prune alone deletes nothing", "manage: {prune: true}\ngroups: {QA: {}}", []string{others, boHas}},
		{"no groups at all are an emptied section", "manage: {groups: all, prune: true}\ngroups: {}", []string{
			"delete group QA: 2 members lose 1 grant", "delete group tmp-1: 1 member loses 2 grants", boHas, "emptied: groups",
		}},
		{"people who are not named stay without prune", "manage: {members: exact}\nmembers: [ana@acme.example.com, bo@acme.example.com]", []string{
			boHas, "reported: user:kim@acme.example.com: is not in the document (prune: true would remove this member)",
		}},
		{"and leave with it", "manage: {members: exact, prune: true}\nmembers: [ana@acme.example.com, BO@acme.example.com]", []string{"remove member kim@acme.example.com: from the organization", boHas}},
		{"who is to leave leaves", "members: [{email: kim@acme.example.com, state: removed}, {email: bo@acme.example.com, until: 2026-11-25}]", []string{
			"remove member kim@acme.example.com: from the organization", "remove member bo@acme.example.com: from the organization", boHas,
		}},
		{"who has left is missed nowhere", "members: [{email: old@acme.example.com, until: 2026-11-25}]\ngroups: {QA: {members: [bo@acme.example.com, kim@acme.example.com, old@acme.example.com], administered_by: {members: {old@acme.example.com: [read]}}}}", []string{others, boHas}},
		{"nor is whose membership is over", "groups: {QA: {members: [bo@acme.example.com, kim@acme.example.com, {email: old@acme.example.com, until: 2026-11-25}]}}", []string{others, boHas}},
		{"who leaves is asked for nowhere", "members: [{email: kim@acme.example.com, until: 2026-11-25}]\ngroups: {QA: {memberships: additive, members: [kim@acme.example.com]}, tmp-1: {memberships: additive, members: [bo@acme.example.com, kim@acme.example.com]}}", []string{
			"add group tmp-1: member bo@acme.example.com", "remove member kim@acme.example.com: from the organization", boHas,
		}},
		{"a required owner whose last day is over", "members: [{email: ana@acme.example.com, until: 2026-11-25}]\nguards: {owners: {must_include: [ana@acme.example.com]}}", []string{"error: p.yaml:4:34: ana@acme.example.com is required to be an owner, and the last day in the members section is over"}},
		{"direct grants that are exact", "manage: {direct_grants: exact}", []string{"remove project:prod-a: read for user:bo@acme.example.com"}},
		{"direct grants of a listed person", "members: [{email: bo@acme.example.com, permissions: {projects: {prod-b: [read]}}}]", []string{
			"add project:prod-b: read for user:bo@acme.example.com", "remove project:prod-a: read for user:bo@acme.example.com",
		}},
		{"a role is made and granted at once", "groups: {QA: {}}\nroles: {Fresh: {permissions: {datasets: [read]}, assigned_to: [{group: QA, projects: [prod-a]}]}}", []string{
			"create role Fresh", "add role Fresh: permission read/dataset", "add project:prod-a: role Fresh for group:QA", others, boHas,
		}},
		{"new roles in a circle", "roles: {A: {includes: [B]}, B: {includes: [C]}, C: {includes: [B, C]}}", []string{
			"create role C", "create role B", "add role B: member role C", "create role A", "add role A: member role B", "add role C: member role B", boHas,
		}},
		{"where a role is assigned is exact", "roles: {Judge: {assigned_to: [{group: QA, projects: [prod-b]}]}}", []string{
			"add project:prod-b: role Judge for group:QA", "remove project:prod-b: role Judge for group:tmp-1", boHas,
		}},
		{"new super-users need an approval", "groups: {QA: {permissions: {organization: [manage_access], projects: {Chatbot: [read, manage_access]}}}}", []string{
			"add organization: create_acls for group:QA", "add organization: read_acls for group:QA", "add organization: update_acls for group:QA", "add organization: delete_acls for group:QA",
			"add project:Chatbot: create_acls for group:QA", "add project:Chatbot: read_acls for group:QA", "add project:Chatbot: update_acls for group:QA", "add project:Chatbot: delete_acls for group:QA",
			others, boHas, "unapproved: group:QA: manage_access on organization (p.yaml:3:43)",
		}},
		{"tokens that are not named stay, with prune too", "manage: {prune: true}\nservice_accounts: {bot: {tokens: {ci: {store: {file: x}}}}}", []string{
			"reported: service-account:bot: token other is not in the document", boHas,
		}},
		{"a token goes where the document says so", "service_accounts: {bot: {tokens: {other: {state: removed}}}}", []string{
			"delete service token other:  of bot", "reported: service-account:bot: token ci is not in the document", "reported: service-account:bot: token ci is not in the document", boHas,
		}},
		{"an old token stays for the overlap", "service_accounts: {bot: {tokens: {ci: {rotate: {every: 80d, overlap: 72h}, store: {file: x}}, other: {store: {file: z}}}}}", []string{boHas}},
		{"and goes after it", "service_accounts: {bot: {tokens: {ci: {rotate: {every: 80d, overlap: 48h}, store: {file: x}}, other: {store: {file: z}}}}}", []string{"delete service token ci:  of bot", boHas}},
		{"what is old is made anew", "service_accounts: {bot: {tokens: {ci: {rotate: {every: 48h, overlap: 24h}, store: {file: x}}, other: {store: {file: z}}}}}", []string{"create service token ci: for bot", boHas}},
		{"a project that is not there", "groups: {QA: {permissions: {projects: {Chatbto: [read]}}}}", []string{`error: p.yaml:3:40: no project "Chatbto" in acme`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := outcome(t, tt.document); !slices.Equal(got, tt.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
			}
		})
	}
}

// What gives comes before what takes, and a rename is a change of the same group.
func TestAddsComeFirst(t *testing.T) {
	t.Parallel()
	p, _ := policy.Parse([]policy.File{{Name: "p.yaml", Data: []byte("version: 1\norg: acme\ngroups: {quality: {previously: [QA], members: [ana@acme.example.com], permissions: {projects: {Chatbot: [update]}}}}\n")}})
	view := orgview.New(acme(), orgview.Meta{Objects: true})
	result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	after := access.NewState(change.After(view.Snapshot, result.Steps))
	if g, there := after.GroupNamed("quality"); !there || g.ID != "g-qa" || !slices.Equal(g.MemberUsers, []string{"u-ana"}) {
		t.Errorf("%+v", g)
	}
	added := false
	for _, step := range result.Steps {
		switch step.(type) {
		case *change.AddACLs:
			added = true
		case *change.RemoveACLs:
			if !added {
				t.Error("grants are removed before others are added")
			}
		}
	}
}
