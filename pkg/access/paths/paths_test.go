package paths_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

// The organization of these tests, written by hand like every expected answer:
//
//	ada  in Owners, which lists Leads as a member group
//	lea  in Leads
//	ben  in Crew
//	eve  in nothing
//	role Custom, which role Outer includes; role System of the server
func snapshot(grants ...braintrust.ACLItem) *access.Snapshot {
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: org, Name: "Acme"},
		Users:        []braintrust.User{{ID: "ada"}, {ID: "ben"}, {ID: "eve"}, {ID: "lea"}},
		Groups: []braintrust.Group{
			{ID: "owners", Name: access.OwnersGroup, MemberUsers: []string{"ada"}, MemberGroups: []string{"leads"}},
			{ID: "leads", Name: "Leads", MemberUsers: []string{"lea"}},
			{ID: "crew", Name: "Crew", MemberUsers: []string{"ben"}, MemberGroups: []string{"crew"}},
			{ID: "helpers", Name: "Helpers"},
		},
		Roles: []braintrust.Role{
			{ID: "custom", OrgID: org, Name: "Custom"},
			{ID: "outer", OrgID: org, Name: "Outer", MemberRoles: []string{"custom"}},
			{ID: "system", Name: "System"},
		},
		Projects: []braintrust.Project{{ID: "P"}, {ID: "Q"}},
		Objects:  []access.Object{{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "D", ProjectID: "P"}}},
	}
	for i, item := range grants {
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: string(rune('a' + i)), ACLItem: item})
	}
	return s
}

func give(p access.Principal, n access.Node, words string) []braintrust.ACLItem {
	var items []braintrust.ACLItem
	for word := range strings.SplitSeq(words, ",") {
		permission, restrict, _ := strings.Cut(word, "/")
		items = append(items, access.GrantItem(p, n, access.Tuple{
			Permission: braintrust.Permission(permission), Restrict: braintrust.ObjectType(restrict),
		}))
	}
	return items
}

func join(grants ...[]braintrust.ACLItem) []braintrust.ACLItem {
	var all []braintrust.ACLItem
	for _, g := range grants {
		all = append(all, g...)
	}
	return all
}

// tell is a chain as text: what is done where, by which grant through whom, after which step.
func tell(links []paths.Link) string {
	var parts []string
	for _, link := range links {
		part := fmt.Sprintf("%s %s by %s", link.Action, link.On.ID, tellProof(link.By))
		for _, p := range link.Carried {
			part += " carried by " + tellProof(p)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func tellProof(p paths.Proof) string {
	text := p.ACL.ID
	for i, subject := range p.Subjects {
		if i > 0 {
			text += ">" + subject.ID
		}
	}
	if p.Step > 0 {
		text += fmt.Sprintf("@%d", p.Step)
	}
	return text
}

func TestChains(t *testing.T) {
	t.Parallel()
	allProjects, projectP, datasetD := node("org_project", org), node("project", "P"), node("dataset", "D")
	crew, leads, helpers := node("group", "crew"), node("group", "leads"), node("group", "helpers")
	custom := node("role", "custom")
	for _, tt := range []struct {
		name   string
		grants []braintrust.ACLItem
		goal   access.Node // zero is owning
		want   map[string]string
	}{
		{name: "nobody", want: map[string]string{}},
		{
			name: "update on a group inside Owners", grants: give(user("eve"), leads, "update"),
			want: map[string]string{"eve": "join-group leads by a"},
		},
		{
			name: "through a group", grants: give(group("crew"), leads, "update"),
			want: map[string]string{"ben": "join-group leads by a>crew"},
		},
		{
			name: "one group after the other", grants: join(give(user("eve"), crew, "update"), give(group("crew"), leads, "update")),
			want: map[string]string{"ben": "join-group leads by b>crew", "eve": "join-group crew by a; join-group leads by b>crew@1"},
		},
		{
			name: "manage access on a group", grants: give(group("crew"), leads, "create_acls"),
			want: map[string]string{"ben": "grant leads by a>crew; join-group leads by @1"},
		},
		{
			name: "manage access on the organization", grants: give(group("crew"), organization, "create_acls"),
			want: map[string]string{"ben": "grant organization by a>crew"},
		},
		{
			name: "restricted to groups", grants: give(group("crew"), organization, "update/group"),
			want: map[string]string{"ben": "join-group owners by a>crew"},
		},
		{name: "restricted to roles", grants: give(group("crew"), organization, "update/role"), want: map[string]string{}},
		{name: "restricted away", grants: give(group("crew"), leads, "update/project"), want: map[string]string{}},
		{name: "delete is no step", grants: give(group("crew"), organization, "delete,delete_acls,read,read_acls,update_acls,create"), want: map[string]string{}},
		{
			name:   "a role of his own",
			grants: join(give(user("eve"), custom, "update"), []braintrust.ACLItem{access.RoleItem(user("eve"), organization, "outer")}),
			want:   map[string]string{"eve": "edit-role custom by a carried by b"},
		},
		{name: "a role of others", grants: join(give(user("eve"), custom, "update"), []braintrust.ACLItem{access.RoleItem(group("crew"), organization, "outer")}), want: map[string]string{}},
		{
			name: "a role of a group that he can join",
			grants: join(give(user("eve"), custom, "update"), []braintrust.ACLItem{access.RoleItem(group("helpers"), organization, "custom")},
				give(user("eve"), helpers, "update")),
			want: map[string]string{"eve": "join-group helpers by c; edit-role custom by a carried by b>helpers@1"},
		},
		{
			name:   "roles of the system are not edited",
			grants: join(give(user("eve"), node("role", "system"), "update"), []braintrust.ACLItem{access.RoleItem(user("eve"), organization, "system")}),
			want:   map[string]string{},
		},
		{
			name: "what he has and what the group has", want: map[string]string{"eve": "join-group helpers by i"},
			grants: join(give(user("eve"), organization, "create/organization,read,delete,create"), give(group("helpers"), organization, "update,create_acls,read_acls,update_acls"),
				give(user("eve"), helpers, "update"), give(group("helpers"), organization, "delete_acls")),
		},
		{
			name: "an object, by its project", goal: datasetD, grants: give(group("crew"), projectP, "create_acls"),
			want: map[string]string{},
		},
		{
			name: "an object, by a group that may manage it", goal: datasetD,
			grants: join(give(group("helpers"), datasetD, "create_acls"), give(group("crew"), helpers, "update")),
			want:   map[string]string{"ben": "join-group helpers by b>crew"},
		},
		{
			name: "an object, by manage access on projects only", goal: datasetD, grants: give(group("crew"), allProjects, "create_acls/project"),
			want: map[string]string{"ben": "grant P by a>crew"},
		},
		{
			name: "another project leads nowhere", goal: projectP, grants: give(group("crew"), node("project", "Q"), "create_acls,update"),
			want: map[string]string{},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := access.NewState(snapshot(tt.grants...))
			s.AddImplied()
			goal := paths.ToOwner(s)
			if tt.goal.ID != "" {
				goal = paths.ToManage(tt.goal)
			}
			report := paths.Find(s, goal)
			got := map[string]string{}
			for _, c := range report.Climbers {
				got[c.UserID] = strings.ReplaceAll(tell(c.Links), " "+org+" ", " organization ")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("chains (-want +got):\n%s", diff)
			}
			if goal.Owner {
				if diff := cmp.Diff([]string{"ada", "lea"}, report.Holders); diff != "" {
					t.Errorf("owners (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestCuts(t *testing.T) {
	t.Parallel()
	leads, helpers := node("group", "leads"), node("group", "helpers")
	s := access.NewState(snapshot(join(
		give(group("crew"), leads, "update"),  // a: ben
		give(user("eve"), helpers, "update"),  // b: eve joins Helpers
		give(group("helpers"), leads, "read"), // c: nothing
		give(group("helpers"), leads, "create_acls"),
		give(user("ben"), leads, "update"), // e: ben again
	)...))
	s.AddImplied()
	report := paths.Find(s, paths.ToOwner(s))
	if len(report.Cuts) == 0 || report.Cuts[0].Group != "owners" || report.Cuts[0].Inner != "leads" {
		t.Fatalf("the nesting stops both, got %+v", report.Cuts)
	}
	if diff := cmp.Diff([]string{"ben", "eve"}, report.Cuts[0].Stopped); diff != "" {
		t.Error(diff)
	}
}

func TestGoalThatDoesNotExist(t *testing.T) {
	t.Parallel()
	report := paths.Find(access.NewState(snapshot()), paths.ToManage(node("project", "nowhere")))
	if report.Exists || len(report.Holders)+len(report.Climbers) > 0 {
		t.Errorf("got %+v", report)
	}
}
