package report_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/orgview"
	"btadmin/internal/report"
	"btadmin/internal/synthetic"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

var pagesDir = flag.String("pages", "", "write pages for test/browser into this folder")

// answers are what the evaluator says about a page, for the browser to compare.
type answers struct {
	Cells [][]any `json:"cells"` // principal, column, type, bits

}

// TestPagesForBrowser writes the pages that test/browser opens, each with the evaluator's answers; without -pages, that
// they can be made is all.
func TestPagesForBrowser(t *testing.T) {
	dir := *pagesDir
	if dir == "" {
		dir = t.TempDir()
	}
	organizations := map[string]*access.Snapshot{
		"small":   synthetic.Organization(synthetic.Small(), 1),
		"hostile": hostile(), "cycles": synthetic.Organization(synthetic.Size{Name: "C", Users: 40, Groups: 14, Depth: 3, Projects: 12, Objects: 8, ACLs: 300, Cycles: true}, 3),
		"empty": {Organization: braintrust.Organization{ID: "o", Name: "Empty"}},
	}
	if *pagesDir != "" {
		organizations["medium"] = synthetic.Organization(synthetic.Medium(), 1)
	}
	for name, s := range organizations {
		view := viewOf(s)
		html := pageOf(t, view)
		write(t, filepath.Join(dir, name+".html"), html)
		answers, err := json.Marshal(ask(view))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name+".json"), answers)
		t.Logf("%s: %d bytes", name, len(html))
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func viewOf(s *access.Snapshot) *orgview.View {
	taken := time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)
	return orgview.New(s, orgview.Meta{Host: "api.example.com", Taken: taken, Objects: true})
}

func pageOf(t testing.TB, view *orgview.View) []byte {
	t.Helper()
	page, err := report.Build(inputOf(view))
	if err != nil {
		t.Fatal(err)
	}
	html, err := page.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return html
}

// inputOf asks what the command asks, with plainer words.
func inputOf(view *orgview.View) report.Input {
	in := report.Input{View: view, Tool: "test", Now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)}
	names := view.Names()
	for _, f := range lint.Run(lint.Input{
		Snapshot: view.Snapshot, Engine: view.Engine(), Names: names, Skeleton: text.Skeleton, Now: in.Now, Complete: true, AllObjects: true,
		IsAccount: func(string) bool { return false }, Sees: func(braintrust.ObjectType) bool { return true },
	}, lint.Options{TokenAge: 90 * 24 * time.Hour, LargeGroup: 50, MaxManagers: 10}).Findings {
		row := report.Finding{Rule: f.Rule, Title: f.Rule, Severity: string(f.Severity), Message: f.Message}
		for _, fix := range f.Fix {
			row.Fix = append(row.Fix, text.ShellLine(fix...))
		}
		in.Findings.All = append(in.Findings.All, row)
	}
	found := paths.Find(view.State(), paths.ToOwner(view.State()))
	in.Escalation = report.Escalation{Climbers: len(found.Climbers), Complete: true}
	user := func(id string) string { return names.Principal(access.Principal{Kind: access.PrincipalUser, ID: id}) }
	for _, id := range found.Holders {
		in.Escalation.Holders = append(in.Escalation.Holders, user(id))
	}
	for _, c := range found.Climbers {
		route := report.Route{Who: []string{user(c.UserID)}, End: "then owns the organization"}
		for _, l := range c.Links {
			route.Steps = append(route.Steps, string(l.Action)+" "+names.Node(l.On))
		}
		in.Escalation.Routes = append(in.Escalation.Routes, route)
	}
	in.Changes = &report.Changes{
		File: "older.btsnap", Taken: time.Date(2026, 8, 26, 9, 0, 0, 0, time.UTC), Facts: []string{"New: group:<b>QA</b>"},
		Gained: []report.Change{{Who: "14 people", What: "read", Where: "3 projects", Why: "through group:QA (new member)", Names: "user:<i>ana</i>@example.com, and 13 more"}},
	}
	return in
}

// ask asks the evaluator about some principals and projects: every type in a cell by itself.
func ask(view *orgview.View) answers {
	state, s := view.State(), view.Snapshot
	out := answers{}
	org, named := s.Organization.ID, state.NamedPermissions()
	user := func(i int) access.Principal { return access.Principal{Kind: access.PrincipalUser, ID: s.Users[i].ID} }
	bits := func(p access.Principal, n access.Node, child braintrust.ObjectType) int {
		mask := 0
		for i, permission := range named {
			if child == "" && state.Allowed(p, permission, n) || child != "" && state.AllowedChild(p, permission, child, n) {
				mask |= 1 << i
			}
		}
		return mask
	}
	about := func(name int, p access.Principal) {
		organization, all := access.Node{Type: braintrust.ObjectOrganization, ID: org}, access.Node{Type: braintrust.ObjectOrgProject, ID: org}
		out.Cells = append(out.Cells, []any{name, -2, "organization", bits(p, organization, "")}, []any{name, -1, "org_project", bits(p, all, "")})
		for _, virtual := range []braintrust.ObjectType{braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret} {
			out.Cells = append(out.Cells, []any{name, -2, virtual, bits(p, access.Node{Type: virtual, ID: org}, "")})
		}
		for _, child := range []braintrust.ObjectType{braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup} {
			out.Cells = append(out.Cells, []any{name, -2, child, bits(p, organization, child)})
		}
		inside := []braintrust.ObjectType{braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession}
		for _, child := range append(inside, braintrust.ObjectProject, braintrust.ObjectProjectLog) {
			out.Cells = append(out.Cells, []any{name, -1, child, bits(p, all, child)})
		}
		column := -1
		for _, project := range s.Projects {
			n := access.Node{Type: braintrust.ObjectProject, ID: project.ID}
			if !state.Exists(n) {
				continue
			}
			column++
			if len(s.Projects) < 50 && len(s.ACLs) > 100 { // single things, too
				out.Cells = append(out.Cells, []any{name, column, "any", anyOf(state, s, project.ID, func(n access.Node, child braintrust.ObjectType) int { return bits(p, n, child) })})
			}
			if len(s.Projects) > 200 && column%37 != 0 {
				continue
			}
			for _, child := range inside {
				out.Cells = append(out.Cells, []any{name, column, child, bits(p, n, child)})
			}
			out.Cells = append(out.Cells, []any{name, column, "project", bits(p, n, "")},
				[]any{name, column, "project_log", bits(p, access.Node{Type: braintrust.ObjectProjectLog, ID: project.ID}, "")})
		}
	}
	for i := 0; i < len(s.Users); i += max(1, len(s.Users)/12) {
		about(i, user(i))
	}
	place := len(s.Users) - 1
	for i, g := range s.Groups {
		if _, live := state.Group(g.ID); !live {
			continue
		}
		place++
		if i%max(1, len(s.Groups)/12) == 0 {
			about(place, access.Principal{Kind: access.PrincipalGroup, ID: g.ID})
		}
	}
	return out
}

// anyOf is what is held in a project on anything: on itself, on some kind of thing, or on a single thing.
func anyOf(state *access.State, s *access.Snapshot, project string, bits func(access.Node, braintrust.ObjectType) int) int {
	n := access.Node{Type: braintrust.ObjectProject, ID: project}
	held := bits(n, "") | bits(access.Node{Type: braintrust.ObjectProjectLog, ID: project}, "")
	for _, child := range []braintrust.ObjectType{braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession} {
		held |= bits(n, child)
	}
	for _, o := range s.Objects {
		if o.ProjectID == project && state.Exists(o.Node()) {
			held |= bits(o.Node(), "")
		}
	}
	return held
}

// hostile is an organization of names that try to be more than text.
func hostile() *access.Snapshot {
	bad := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</script><script>alert(1)</script>`, `<!--<script>`, "a\u2028b\u2029c",
		"\u202Egnp.exe\u202C", `' onmouseover='alert(1)`, "{{.}}", "`${alert(1)}`", strings.Repeat("very long ", 60), "\x1b[31mred\x00", "__proto__", "constructor", "toString",
		"javascript:alert(1)", "&lt;b&gt;", "Zoë 日本語 🦄",
	}
	s := &access.Snapshot{Organization: braintrust.Organization{ID: "org", Name: bad[0]}, TokensKnown: true, Complete: true}
	id := func(kind string, i int) string { return kind + "-" + string(rune('a'+i)) }
	s.Roles = []braintrust.Role{{ID: "role", Name: bad[1], MemberPermissions: []braintrust.RolePermission{{Permission: "read"}, {Permission: `<u>odd</u>`}}}}
	for i, name := range bad {
		s.Users = append(s.Users, braintrust.User{ID: id("user", i), GivenName: name, Email: name + "@example.com"})
		s.Groups = append(s.Groups, braintrust.Group{ID: id("group", i), Name: name, MemberUsers: []string{id("user", i)}})
		s.Projects = append(s.Projects, braintrust.Project{ID: id("project", i), Name: name})
		s.Objects = append(s.Objects, access.Object{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: id("dataset", i), ProjectID: id("project", i), Name: name}})
		s.ACLs = append(s.ACLs,
			braintrust.ACL{ID: id("acl", i), ACLItem: braintrust.ACLItem{ObjectType: "project", ObjectID: id("project", i), GroupID: id("group", i), RoleID: "role"}},
			braintrust.ACL{ID: id("own", i), ACLItem: braintrust.ACLItem{ObjectType: "dataset", ObjectID: id("dataset", i), UserID: id("user", i), Permission: "update"}},
			braintrust.ACL{ID: id("odd", i), ACLItem: braintrust.ACLItem{ObjectType: "project", ObjectID: id("project", i), UserID: id("user", i), Permission: "read", RestrictObjectType: braintrust.ObjectType(name)}})
	}
	s.Groups[0].MemberGroups = []string{id("group", 1)}
	s.ProjectGroups = []braintrust.ProjectGroup{{ID: "set", Name: bad[2], MemberProjects: []string{id("project", 0)}}}
	return s
}
