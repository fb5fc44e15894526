package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/syntax"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// remarks are the warnings about a document by itself, and then about an organization, each with its place.
func remarks(t *testing.T, s *access.Snapshot, document string) []string {
	t.Helper()
	p, problems := policy.Parse([]policy.File{{Name: "p.yaml", Data: []byte("version: 1\norg: acme\n" + document)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	result, err := reconcile.Compare(t.Context(), p.Desired, orgview.New(s, orgview.Meta{Objects: true}), reconcile.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for i, list := range [][]syntax.Problem{p.Warnings, result.Warnings} {
		for _, w := range list {
			lines = append(lines, fmt.Sprintf("%s %s: %s", []string{"document", "organization"}[i], w.At, w.Message))
		}
	}
	return lines
}

// Groups that the document does not list can close a circle that no line of it shows.
func TestCirclesThroughOtherGroups(t *testing.T) {
	t.Parallel()
	const circle = "with groups that are there already, groups are members of each other in a circle: "
	const tail = "; everybody in it has what any of them grants"
	// tmp-1 lists Inner, which lists QA; Loop and Pool list each other.
	organization := func() *access.Snapshot {
		s := acme()
		s.Groups[2].MemberGroups = []string{"g-in", "g-gone"}
		s.Groups = append(s.Groups,
			braintrust.Group{ID: "g-in", OrgID: "org", Name: "Inner", MemberGroups: []string{"g-qa"}},
			braintrust.Group{ID: "g-loop", OrgID: "org", Name: "Loop", MemberGroups: []string{"g-pool", "g-loop"}},
			braintrust.Group{ID: "g-pool", OrgID: "org", Name: "Pool", MemberGroups: []string{"g-loop"}},
		)
		return s
	}
	for _, tt := range []struct {
		name, document string
		want           []string
	}{
		{"nothing is drawn", "groups: {QA: {}}", nil},
		{"closed by the document", "groups: {QA: {members: ['group:tmp-1']}}", []string{"organization p.yaml:3:25: " + circle + "QA, tmp-1, Inner, QA" + tail}},
		{"two ways", "groups: {QA: {members: ['group:Inner', 'group:tmp-1']}}", []string{"organization p.yaml:3:25: " + circle + "QA, Inner, QA" + tail, "organization p.yaml:3:40: " + circle + "QA, tmp-1, Inner, QA" + tail}},
		{"through a new group", "groups: {New: {members: ['group:tmp-1']}, QA: {members: ['group:New']}}", []string{"organization p.yaml:3:26: " + circle + "New, tmp-1, Inner, QA, New" + tail}},
		{"opened elsewhere", "groups: {QA: {members: ['group:tmp-1']}, Inner: {members: []}}", nil},
		{"left open, where others may stay", "groups: {QA: {members: ['group:tmp-1']}, Inner: {memberships: additive, members: []}}", []string{"organization p.yaml:3:25: " + circle + "QA, tmp-1, Inner, QA" + tail}},
		{"the membership is over", "groups: {QA: {members: [{group: tmp-1, until: 2026-11-01}]}}", nil},
		{"the other group is deleted", "manage: {groups: all, prune: true}\ngroups: {QA: {members: ['group:tmp-1']}, tmp-1: {}}", nil},
		{"the document draws all of it", "groups: {Loop: {members: ['group:Pool']}, Pool: {members: ['group:Loop']}}", []string{"document p.yaml:3:60: groups are members of each other in a circle: Loop, Pool, Loop"}},
		{"half of one that was there", "groups: {Loop: {members: ['group:Pool']}}", []string{"organization p.yaml:3:27: " + circle + "Loop, Pool, Loop" + tail}},
		{"a circle that nobody wrote", "groups: {QA: {members: ['group:Loop']}}", nil},
	} {
		if got := remarks(t, organization(), tt.document); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", tt.name, strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
		}
	}
}

// What a built-in group is stays, whatever assigned_to says, and that is told.
func TestBuiltInAssignmentsStay(t *testing.T) {
	t.Parallel()
	s := acme()
	owners := access.Principal{Kind: access.PrincipalGroup, ID: "g-own"}
	qa := access.Principal{Kind: access.PrincipalGroup, ID: "g-qa"}
	s.ACLs = append(s.ACLs,
		braintrust.ACL{ID: "a-base", ACLItem: access.RoleItem(owners, access.Node{Type: braintrust.ObjectOrganization, ID: "org"}, "r-owner")},
		braintrust.ACL{ID: "a-more", ACLItem: access.RoleItem(qa, access.Node{Type: braintrust.ObjectProject, ID: "p-a"}, "r-owner")},
	)
	const stays = `organization p.yaml:3:9: the role "Owner" stays assigned to group:Owners on organization, which assigned_to does not list: ` +
		"that is what a built-in group is, and no policy takes it away"
	for document, want := range map[string][]string{
		"roles: {Owner: {builtin: true, assigned_to: []}}":                                                                     {stays},
		"roles: {Owner: {builtin: true, assigned_to: [{group: QA, projects: [prod-a]}]}}":                                      {stays},
		"roles: {Owner: {builtin: true, assigned_to: [{group: Owners, on: [organization]}, {group: QA, projects: [prod-a]}]}}": nil,
		"roles: {Owner: {builtin: true}}":                                                                                      nil,
		"roles: {Judge: {assigned_to: []}}":                                                                                    nil,
	} {
		if got := remarks(t, s, document); !slices.Equal(got, want) {
			t.Errorf("%s: %q", document, got)
		}
	}
}

// Projects that are named and ignored are told where they are named.
func TestNamedProjectsThatAreIgnored(t *testing.T) {
	t.Parallel()
	const told = " is named and ignored as well: nothing is changed there"
	document := `manage: {ignore: {projects: ["prod-*"]}}
profiles: {reader: {project: [read], logs: [read]}}
groups:
  QA: {permissions: {projects: {prod-a: {use: reader, datasets: [read]}, "prod*": [read], Chatbot: [read]}}}
members:
  - {email: kim@acme.example.com, permissions: {projects: {prod-b: [read]}}}
service_accounts:
  bot: {permissions: {projects: {prod-a: [read]}}}
roles:
  Judge: {assigned_to: [{group: QA, projects: [prod-a, "prod-?", Chatbot], on: ["logs:prod-b"]}]}
`
	want := []string{
		`document p.yaml:6:33: the project "prod-a"` + told, `document p.yaml:8:60: the project "prod-b"` + told,
		`document p.yaml:10:34: the project "prod-a"` + told, `document p.yaml:12:48: the project "prod-a"` + told,
		`document p.yaml:12:81: the project "prod-b"` + told,
		`organization p.yaml:6:74: the pattern "prod*" matches no project now`,
	}
	if got := remarks(t, acme(), document); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
