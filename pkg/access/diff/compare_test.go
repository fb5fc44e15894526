package diff_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// acme has three groups, two of them in each other, and three projects.
func acme() *access.Snapshot {
	s := &access.Snapshot{Organization: braintrust.Organization{ID: org}}
	for _, id := range []string{"ana", "bo", "cy", "di"} {
		s.Users = append(s.Users, braintrust.User{ID: id, Email: id + "@example.com"})
	}
	s.Groups = []braintrust.Group{
		{ID: "qa", Name: "QA", MemberUsers: []string{"ana", "bo"}, MemberGroups: []string{"night"}},
		{ID: "night", Name: "QA night", MemberUsers: []string{"cy"}},
	}
	for _, id := range []string{"chatbot", "search", "voice"} {
		s.Projects = append(s.Projects, braintrust.Project{ID: id, Name: id})
	}
	s.Objects = []access.Object{{Kind: braintrust.KindExperiment, Object: braintrust.Object{ID: "base", ProjectID: "chatbot", Name: "base"}}}
	return s
}

func with(s *access.Snapshot, items ...braintrust.ACLItem) *access.Snapshot {
	out := *s
	out.ACLs = nil
	for i, item := range append(itemsOf(s), items...) {
		out.ACLs = append(out.ACLs, braintrust.ACL{ID: fmt.Sprint("a", i), ACLItem: item})
	}
	return &out
}

func itemsOf(s *access.Snapshot) []braintrust.ACLItem {
	var items []braintrust.ACLItem
	for _, a := range s.ACLs {
		items = append(items, a.ACLItem)
	}
	return items
}

func grant(p access.Principal, t braintrust.ObjectType, id string, tuple access.Tuple) braintrust.ACLItem {
	return access.GrantItem(p, access.Node{Type: t, ID: id}, tuple)
}

var (
	qa   = access.Principal{Kind: access.PrincipalGroup, ID: "qa"}
	ana  = access.Principal{Kind: access.PrincipalUser, ID: "ana"}
	di   = access.Principal{Kind: access.PrincipalUser, ID: "di"}
	read = access.Tuple{Permission: braintrust.PermissionRead}
)

// told is a report in short lines.
func told(r *diff.Report) []string {
	var out []string
	for _, t := range r.Appeared {
		out = append(out, fmt.Sprint("new ", t.Kind, " ", t.ID))
	}
	for _, t := range r.Vanished {
		out = append(out, fmt.Sprint("gone ", t.Kind, " ", t.ID))
	}
	for _, n := range r.Renamed {
		out = append(out, fmt.Sprint("renamed ", n.ID, " ", n.From, " ", n.To))
	}
	for _, c := range r.Changes {
		verb := "lost"
		if c.Gained {
			verb = "gained"
		}
		out = append(out, fmt.Sprint(c.Principals, " ", verb, " ", c.Permissions, " on ", c.Places))
		for _, t := range c.Through {
			out = append(out, fmt.Sprint("  through ", t.Group.ID, " on ", t.On, " role ", t.Role, " acl ", t.ACLs, " via ", t.Via, " changed ", t.Changed))
		}
		for e := range c.Exceptions() {
			out = append(out, fmt.Sprint("  except ", e))
		}
	}
	return out
}

func check(t *testing.T, before, after *access.Snapshot, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, told(diff.Compare(before, after, diff.Options{}))); d != "" {
		t.Errorf("report (-want +got):\n%s", d)
	}
}

func TestAGroupGainsReadOnProjects(t *testing.T) {
	t.Parallel()
	check(t, acme(), with(acme(),
		grant(qa, "project", "chatbot", access.Tuple{Permission: "read", Restrict: "dataset"}),
		grant(qa, "project", "voice", access.Tuple{Permission: "read", Restrict: "dataset"})),
		"[user:ana user:bo user:cy group:night] gained [read] on [project:chatbot/dataset project:voice/dataset]",
		"  through qa on : role  acl [a0 a1] via [[group:qa] [group:night group:qa]] changed [grant]",
		"[group:qa] gained [read] on [project:chatbot/dataset project:voice/dataset]",
		"  through  on : role  acl [a0 a1] via [] changed [grant]",
	)
}

func TestGainingAllProjectsIsOneLineButForWhatWasHeld(t *testing.T) {
	t.Parallel()
	before := with(acme(),
		grant(ana, "project", "voice", access.Tuple{Permission: "read", Restrict: "experiment"}),
		grant(ana, "experiment", "base", read))
	check(t, before, with(before, grant(ana, "org_project", org, access.Tuple{Permission: "read", Restrict: "experiment"})),
		"[user:ana] gained [read] on [org_project:o/experiment]",
		"  through  on org_project:o role  acl [a2] via [] changed [grant]",
		"  except {user:ana [read] project:voice/experiment}",
		"  except {user:ana [read] experiment:base}",
	)
}

func TestWhatIsNewIsComparedWithWhatWouldHaveBeen(t *testing.T) {
	t.Parallel()
	before := with(acme(), grant(qa, "org_project", org, access.Tuple{Permission: "read", Restrict: "project"}))
	after := with(before, grant(di, "project", "maps", access.Tuple{Permission: "update", Restrict: "project"}))
	after.Projects = append(after.Projects[:2:2], braintrust.Project{ID: "maps", Name: "maps"}) // and voice is gone
	after.Users = append(after.Users[1:len(after.Users):len(after.Users)], braintrust.User{ID: "eve"})
	after.Users[0].Email = "bob@example.com"
	check(t, before, after,
		"new user eve", "new project maps", "gone user ana", "gone project voice", "renamed bo bo@example.com bob@example.com",
		"[user:di] gained [update] on [project:maps]",
		"  through  on : role  acl [a1] via [] changed [grant]",
		"[user:ana] lost [read] on [org_project:o/project]",
		"  through qa on org_project:o role  acl [a0] via [[group:qa]] changed [member]",
	)
}
