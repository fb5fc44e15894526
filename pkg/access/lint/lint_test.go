package lint_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/braintrust"
)

// The organization of these tests, written by hand like every expected answer: Owners with ada, Crew with ben and
// eve, Empty with nobody, a project P with the dataset D. Every test adds what is wrong.
func snapshot() *access.Snapshot {
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: "org", Name: "Acme"},
		Users:        []braintrust.User{{ID: "ada"}, {ID: "ben"}, {ID: "eve"}, {ID: "bot"}},
		Groups: []braintrust.Group{
			{ID: "owners", Name: access.OwnersGroup, MemberUsers: []string{"ada"}},
			{ID: "crew", Name: "Crew", MemberUsers: []string{"ben", "eve"}},
			{ID: "machines", Name: "Machines", MemberUsers: []string{"bot"}},
		},
		Roles: []braintrust.Role{
			{ID: "owner", Name: "Owner", MemberPermissions: all()},
			{ID: "reader", OrgID: "org", Name: "Reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}},
		},
		Projects:    []braintrust.Project{{ID: "P", Name: "P"}},
		Objects:     []access.Object{{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "D", ProjectID: "P"}}},
		TokensKnown: true,
		ACLs: []braintrust.ACL{
			{ID: "base", ACLItem: access.RoleItem(group("owners"), organization, "owner")},
			{ID: "crew-reads", ACLItem: access.RoleItem(group("crew"), projectP, "reader")},
			{ID: "crew-edits-crew", ACLItem: grant(group("crew"), access.Node{Type: "group", ID: "crew"}, "update")},
			{ID: "crew-edits-machines", ACLItem: grant(group("crew"), access.Node{Type: "group", ID: "machines"}, "update")},
		},
	}
}

var (
	organization = access.Node{Type: braintrust.ObjectOrganization, ID: "org"}
	allProjects  = access.Node{Type: braintrust.ObjectOrgProject, ID: "org"}
	projectP     = access.Node{Type: braintrust.ObjectProject, ID: "P"}
	datasetD     = access.Node{Type: braintrust.ObjectDataset, ID: "D"}
)

func all() []braintrust.RolePermission {
	var out []braintrust.RolePermission
	for _, p := range braintrust.Permissions() {
		out = append(out, braintrust.RolePermission{Permission: p})
	}
	return out
}

func user(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func group(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}

func grant(p access.Principal, n access.Node, word string) braintrust.ACLItem {
	permission, restrict, _ := strings.Cut(word, "/")
	return access.GrantItem(p, n, access.Tuple{Permission: braintrust.Permission(permission), Restrict: braintrust.ObjectType(restrict)})
}

type ids struct{}

func (ids) Principal(p access.Principal) string { return p.String() }
func (ids) Node(n access.Node) string           { return n.String() }

var now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func input(s *access.Snapshot) lint.Input {
	return lint.Input{
		Snapshot: s, Engine: compiled.Compile(s, compiled.WithImplied()), Names: ids{}, Complete: true, Now: now,
		IsAccount: func(id string) bool { return id == "bot" }, Skeleton: strings.ToLower,
		Sees: func(braintrust.ObjectType) bool { return true },
	}
}

func options() lint.Options {
	return lint.Options{TokenAge: 90 * 24 * time.Hour, LargeGroup: 2, MaxManagers: 2}
}

// found tells each finding as its rule and the grants, or else the subjects, that it is about.
func found(report *lint.Report) []string {
	out := []string{}
	for _, f := range report.Findings {
		about := strings.Join(f.ACLs, " ")
		if about == "" {
			about = strings.TrimPrefix(f.Key(), f.Rule+" ")
		}
		out = append(out, f.Rule+": "+about)
	}
	slices.Sort(out)
	return out
}

func add(s *access.Snapshot, items ...braintrust.ACLItem) {
	for i, item := range items {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: string(rune('a' + i)), ACLItem: item})
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	gone := now.Add(-time.Hour)
	for _, tt := range []struct {
		name   string
		change func(s *access.Snapshot)
		want   []string
	}{
		{"nothing", func(*access.Snapshot) {}, []string{}},
		{"update on the organization", func(s *access.Snapshot) { add(s, grant(group("crew"), organization, "update")) }, []string{"broad-organization: a", "redundant-grant: crew-edits-crew", "redundant-grant: crew-edits-machines"}},
		{"the settings of the organization", func(s *access.Snapshot) { add(s, grant(group("crew"), organization, "update/organization")) }, []string{}},
		{"reading everything", func(s *access.Snapshot) { add(s, grant(group("machines"), organization, "read")) }, []string{}},
		{"a role on the organization", func(s *access.Snapshot) { add(s, access.RoleItem(group("machines"), organization, "owner")) }, []string{"broad-organization: a", "service-account-owner: user:bot"}},
		{"a large group on all projects", func(s *access.Snapshot) { add(s, grant(group("crew"), allProjects, "delete")) }, []string{"broad-all-projects: a"}},
		{"a small group on all projects", func(s *access.Snapshot) { add(s, grant(group("machines"), allProjects, "delete")) }, []string{}},
		{"a large group reads all projects", func(s *access.Snapshot) { add(s, grant(group("crew"), allProjects, "read/dataset")) }, []string{}},
		{"three managers", func(s *access.Snapshot) {
			add(s, grant(group("crew"), projectP, "create_acls"), grant(group("crew"), projectP, "read_acls"), grant(group("crew"), projectP, "update_acls"), grant(group("crew"), projectP, "delete_acls"),
				access.RoleItem(group("machines"), projectP, "owner"))
		}, []string{"manage-access-sprawl: a"}},
		{"owners are no managers", func(s *access.Snapshot) {
			add(s, access.RoleItem(group("owners"), projectP, "owner"), access.RoleItem(group("crew"), projectP, "owner"))
		}, []string{"redundant-grant: a", "redundant-grant: crew-reads"}},
		{"the same twice", func(s *access.Snapshot) {
			add(s, grant(group("machines"), projectP, "read"), grant(group("machines"), projectP, "read"))
		}, []string{"redundant-grant: b"}},
		{"implied by a group", func(s *access.Snapshot) { add(s, grant(user("ben"), datasetD, "read")) }, []string{"redundant-grant: a"}},
		{"his own", func(s *access.Snapshot) { add(s, access.RoleItem(user("ben"), datasetD, "owner")) }, []string{"direct-grant: a"}},
		{"an account's own", func(s *access.Snapshot) { add(s, access.RoleItem(user("bot"), datasetD, "owner")) }, []string{}},
		{"to a user who is gone", func(s *access.Snapshot) { add(s, grant(user("zoe"), projectP, "read")) }, []string{"dangling-subject: a"}},
		{"to a group that is gone", func(s *access.Snapshot) {
			s.Groups = append(s.Groups, braintrust.Group{ID: "old", Name: "Old", DeletedAt: &gone})
			add(s, grant(group("old"), projectP, "read"))
		}, []string{"dangling-subject: a"}},
		{"of a role that is gone", func(s *access.Snapshot) { add(s, access.RoleItem(group("crew"), projectP, "nowhere")) }, []string{"dangling-role: a"}},
		{"on a project that is gone", func(s *access.Snapshot) {
			add(s, grant(group("crew"), access.Node{Type: "project", ID: "Q"}, "read"))
		}, []string{"dangling-object: a"}},
		{"on an object of a project that is gone", func(s *access.Snapshot) {
			s.Projects = append(s.Projects, braintrust.Project{ID: "Q", DeletedAt: &gone})
			s.Objects = append(s.Objects, access.Object{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "E", ProjectID: "Q"}})
			add(s, grant(group("crew"), access.Node{Type: "dataset", ID: "E"}, "update"))
		}, []string{"dangling-object: a"}},
		{"on what cannot be listed", func(s *access.Snapshot) {
			add(s, grant(group("crew"), access.Node{Type: "prompt_session", ID: "?"}, "update"))
		}, []string{}},
		{"restricted to what is not there", func(s *access.Snapshot) { add(s, grant(group("crew"), datasetD, "update/group")) }, []string{"powerless-grant: a"}},
		{"to an empty group", func(s *access.Snapshot) {
			s.Groups = append(s.Groups, braintrust.Group{ID: "empty", Name: "Empty"})
			add(s, grant(group("empty"), projectP, "read"))
		}, []string{"empty-group: group:empty", "grant-to-empty-group: a"}},
		{"members who are gone", func(s *access.Snapshot) { s.Groups[1].MemberUsers = append(s.Groups[1].MemberUsers, "zoe") }, []string{"dangling-member: group:crew"}},
		{"groups in each other", func(s *access.Snapshot) {
			s.Groups[1].MemberGroups, s.Groups[2].MemberGroups = []string{"machines"}, []string{"crew"}
		}, []string{"group-cycle: group:crew group:machines"}},
		{"roles in each other", func(s *access.Snapshot) {
			s.Roles[1].MemberRoles = []string{"reader"}
		}, []string{"role-cycle: role:reader"}},
		{"part of manage access", func(s *access.Snapshot) {
			add(s, grant(group("crew"), datasetD, "create_acls"), grant(group("crew"), datasetD, "read_acls"))
		}, []string{"partial-manage-access: a b"}},
		{"an auditor", func(s *access.Snapshot) { add(s, grant(group("crew"), datasetD, "read_acls")) }, []string{}},
		{"an unknown permission", func(s *access.Snapshot) { add(s, grant(group("crew"), datasetD, "approve")) }, []string{"unknown-permission: a"}},
		{"names that read the same", func(s *access.Snapshot) {
			s.Groups = append(s.Groups, braintrust.Group{ID: "x", Name: "CREW", MemberUsers: []string{"ben"}})
			add(s, grant(group("crew"), access.Node{Type: "group", ID: "x"}, "update"))
		}, []string{"confusable-name: group:x group:crew"}},
		{"an old token", func(s *access.Snapshot) {
			s.Tokens = []braintrust.ServiceToken{
				{ID: "old", ServiceAccountID: "bot", Created: now.Add(-91 * 24 * time.Hour)}, {ID: "new", ServiceAccountID: "bot", Created: now.Add(-89 * 24 * time.Hour)},
				{ID: "undated", ServiceAccountID: "bot"},
			}
		}, []string{"old-token: user:bot old"}},
		{"a group that only owners may edit", func(s *access.Snapshot) {
			s.ACLs = slices.DeleteFunc(s.ACLs, func(a braintrust.ACL) bool { return a.ID == "crew-edits-crew" })
		}, []string{"unmanaged-group: group:crew"}},
		{"a role for nobody", func(s *access.Snapshot) {
			s.Roles = append(s.Roles, braintrust.Role{ID: "r", OrgID: "org", Name: "R", MemberPermissions: all()})
		}, []string{"unused-role: role:r"}},
		{"a member without access", func(s *access.Snapshot) { s.Users = append(s.Users, braintrust.User{ID: "zoe"}) }, []string{"member-without-access: user:zoe"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := snapshot()
			tt.change(s)
			report := lint.Run(input(s), options())
			if diff := cmp.Diff(tt.want, found(report)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range report.Findings {
				if f.Message == "" || len(f.Fix) == 0 || f.Severity.Rank() == 0 {
					t.Errorf("%s has no message, no fix or no severity: %+v", f.Rule, f)
				}
			}
		})
	}
}

// What may be hidden is not called gone.
func TestIncompleteViewsConcludeNothingFromAbsence(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.TokensKnown = false
	s.Users = append(s.Users, braintrust.User{ID: "zoe"})
	add(s, grant(group("hidden"), projectP, "read"), access.RoleItem(group("crew"), projectP, "hidden"), grant(group("crew"), access.Node{Type: "project", ID: "hidden"}, "read"))
	in := input(s)
	in.Complete, in.Sees = false, func(braintrust.ObjectType) bool { return false }
	report := lint.Run(in, options())
	if diff := cmp.Diff([]string{}, found(report)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	var skipped []string
	for _, skip := range report.Skipped {
		skipped = append(skipped, skip.Rule)
	}
	for _, rule := range []string{"old-token", "dangling-subject", "dangling-role", "dangling-object", "member-without-access", "unmanaged-group", "unused-role"} {
		if !slices.Contains(skipped, rule) {
			t.Errorf("%s is not named among %v", rule, skipped)
		}
	}
}

func TestWorstFirstAndOnlySome(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Users = append(s.Users, braintrust.User{ID: "zoe"})
	add(s, grant(group("crew"), organization, "create"), access.RoleItem(group("crew"), projectP, "nowhere"))
	report := lint.Run(input(s), options())
	var severities []int
	for _, f := range report.Findings {
		severities = append(severities, -f.Severity.Rank())
	}
	if len(severities) != 3 || !slices.IsSorted(severities) {
		t.Errorf("order: %v", found(report))
	}
	o := options()
	o.Rules = []string{"dangling-role"}
	if diff := cmp.Diff([]string{"dangling-role: b"}, found(lint.Run(input(s), o))); diff != "" {
		t.Error(diff)
	}
}

// Every rule is described, and its id is a word that fits on a command line.
func TestRulesAreDescribed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, rule := range lint.Rules() {
		if seen[rule.ID] || rule.Title == "" || rule.Help == "" || rule.Severity.Rank() == 0 || strings.ContainsAny(rule.ID, " :,") {
			t.Errorf("%+v", rule)
		}
		seen[rule.ID] = true
	}
}
