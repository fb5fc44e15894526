package report_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"btadmin/internal/report"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// handmade has one of everything that the data of a page distinguishes, and what must not be in it.
func handmade() *access.Snapshot {
	gone := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	grant := func(id string, item braintrust.ACLItem) braintrust.ACL { return braintrust.ACL{ID: id, ACLItem: item} }
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: "org", Name: "Acme"}, TokensKnown: true, Complete: true,
		Users: []braintrust.User{{ID: "u0", GivenName: "Dana", FamilyName: "Ito", Email: "dana@acme.example.com"}, {ID: "u1", Email: "bot@accounts.test"}},
		Groups: []braintrust.Group{
			{ID: "g0", Name: "QA", MemberUsers: []string{"u0", "nobody"}},
			{ID: "gone", Name: "Old", MemberUsers: []string{"u0"}, DeletedAt: &gone},
			{ID: "g1", Name: "Evaluators", MemberGroups: []string{"g0", "gone"}},
			{ID: "g2", Name: "Viewers"},
		},
		Roles: []braintrust.Role{
			{ID: "r0", Name: "Reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}},
			{ID: "r1", Name: "Curator", MemberRoles: []string{"r0"}, MemberPermissions: []braintrust.RolePermission{{Permission: "update", RestrictObjectType: "dataset"}}},
		},
		Projects:      []braintrust.Project{{ID: "p0", Name: "Chatbot"}, {ID: "px", Name: "Gone", DeletedAt: &gone}, {ID: "p1", Name: "Search\u200b"}},
		ProjectGroups: []braintrust.ProjectGroup{{ID: "s0", Name: "Public", MemberProjects: []string{"px", "p1"}}},
		Objects:       []access.Object{{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "d0", ProjectID: "p1", Name: "golden"}}},
		ACLs: []braintrust.ACL{
			grant("1", braintrust.ACLItem{ObjectType: "org_project", ObjectID: "org", GroupID: "g1", RoleID: "r1"}),
			grant("2", braintrust.ACLItem{ObjectType: "dataset", ObjectID: "d0", UserID: "u1", Permission: "delete"}),
			grant("3", braintrust.ACLItem{ObjectType: "project", ObjectID: "p0", UserID: "u0", Permission: "create", RestrictObjectType: "prompt"}),
			grant("4", braintrust.ACLItem{ObjectType: "project", ObjectID: "px", UserID: "u0", Permission: "read"}),
			grant("5", braintrust.ACLItem{ObjectType: "project", ObjectID: "p0", GroupID: "gone", Permission: "read"}),
			grant("6", braintrust.ACLItem{ObjectType: "project", ObjectID: "p0", UserID: "u0", Permission: "create", RestrictObjectType: "prompt"}),
			grant("7", braintrust.ACLItem{ObjectType: "project_group", ObjectID: "s0", GroupID: "g0", Permission: "annotate"}),
		},
	}
}

func dataOf(t testing.TB, html []byte) map[string]any {
	t.Helper()
	_, rest, _ := strings.Cut(string(html), `<script type="application/json" id="data">`)
	raw, _, found := strings.Cut(rest, "</script>")
	if !found {
		t.Fatal("no data in the page")
	}
	var data map[string]any
	if err := json.Unmarshal([]byte(raw), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

// The numbers of nodes: 0 organization, 1 all projects, 5 and 6 projects, 7 and 8 their logs, 9 the project group,
// 10 to 12 groups, 13 and 14 roles, 15 the dataset. The grant of the built-in group Viewers is implied.
func TestDataIsWhatIsThere(t *testing.T) {
	t.Parallel()
	got := dataOf(t, pageOf(t, viewOf(handmade())))
	for key, want := range map[string]string{
		"permissions": `["create","read","update","delete","create_acls","read_acls","update_acls","delete_acls","annotate"]`,
		"users":       `{"kind":"pu","mail":["dana@acme.example.com","bot@accounts.test"],"name":["Dana Ito","bot@accounts.test"]}`,
		"groups":      `{"groups":[[],[0],[]],"name":["QA","Evaluators","Viewers"],"users":[[0],[],[]]}`,
		"roles":       `{"name":["Reader","Curator"],"roles":[[],[0]],"tuples":[[[1,-1]],[[2,3]]]}`,
		"projects":    `["Chatbot","Search\\u{200B}"]`,
		"odd":         `{"project 1":"project:p1"}`,
		"sets":        `{"name":["Public"],"projects":[[1]]}`,
		"objects":     `{"name":["golden"],"project":[1],"type":[3]}`,
		"whats":       `[{"role":1},{"bit":3},{"bit":0,"type":4},{"bit":8},{"bit":1}]`,
		"grants":      `{"builtin":[1],"node":[1,0,4,4,6],"subject":[3,4,0,2,1],"what":[0,4,2,3,1]}`,
	} {
		raw, err := json.Marshal(got[key], json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	html := string(pageOf(t, viewOf(handmade())))
	_, policy, _ := strings.Cut(html, `Content-Security-Policy" content="`)
	policy, _, _ = strings.Cut(policy, `"`)
	if !regexp.MustCompile(`^default-src &#39;none&#39;; style-src &#39;sha256-[^ ]{44,60}&#39;; script-src &#39;sha256-[^ ]{44,60}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;$`).MatchString(policy) {
		t.Errorf("policy: %s", policy)
	}
	for _, loads := range []string{`\ssrc=`, `<link`, `<img`, `<iframe`, `@import`, `url\(`, `https?://[^"'<\s]*`, `\bfetch\(`, `XMLHttpRequest`, `import\(`, `sendBeacon`, `WebSocket`, `innerHTML`, `insertAdjacentHTML`, `document\.write`, `\beval\(`, `\sstyle="`, `\son[a-z]+="`} {
		for _, found := range regexp.MustCompile(loads).FindAllString(html, -1) {
			if found != "http://www.w3.org/2000/svg" {
				t.Errorf("the page has %q", found)
			}
		}
	}
}

// What a view lacks is said, so that nobody takes the silence of the page for a "no".
func TestPageSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := handmade()
	s.TokensKnown = false
	view := viewOf(s)
	view.Meta.NoOrgACLs, view.Meta.Unread = true, []access.Node{{Type: "project", ID: "p1"}}
	html := string(pageOf(t, view))
	for _, want := range []string{"Not everything could be seen", "could not list the grants of the organization", "The grants on 1 thing were refused", "Service tokens could not be listed"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(string(pageOf(t, viewOf(handmade()))), "Not everything could be seen") {
		t.Error("a complete view is said to lack something")
	}
}

// Long lists are cut, and say so.
func TestPageCutsAndSaysSo(t *testing.T) {
	t.Parallel()
	in := report.Input{View: viewOf(handmade())}
	for range 25 {
		in.Findings.All = append(in.Findings.All, report.Finding{Rule: "old-token", Title: "A token is old", Severity: "warning", Message: "the token", Fix: []string{"a", "b", "c", "d", "e"}})
	}
	page, err := report.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	html, err := page.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(html), "<p>the token</p>"); n != 20 {
		t.Errorf("%d findings are shown", n)
	}
	for _, want := range []string{"And 5 more: <code>btadmin access lint --rule old-token --json</code> has all.", "and 2 more commands", `<span class="count">25</span>`} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// FuzzNames proves that no name makes markup: the page has as many tags and quotes as with a harmless one.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"QA", "</script><script>alert(1)</script>", "<!--<script>", "\u2028\u2029", "a\"b'c`d", "\u202e", "\x00\xff", "&lt;", "{{.}}", "]]>", "\\", "\\u003c"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = strings.ToValidUTF8(name, "\ufffd") // as JSON has it
		harmless := "QA"
		if text.Unsafe(name) {
			harmless = "Q\u202eA"
		}
		if got, want := marks(named(t, name)), marks(named(t, harmless)); got != want {
			t.Errorf("%q: tags, quotes in tags, and tags in the data: %v, want %v", name, got, want)
		}
	})
}

func named(t *testing.T, name string) []byte {
	t.Helper()
	s := handmade()
	s.Organization.Name, s.Groups[1].Name, s.Users[0].GivenName, s.Projects[0].Name, s.Roles[0].Name, s.Objects[0].Name = name, name, name, name, name, name
	s.ACLs[6].Permission, s.ACLs[2].RestrictObjectType = braintrust.Permission("x"+name), braintrust.ObjectType("x"+name)
	page, err := report.Build(report.Input{
		View:       viewOf(s),
		Findings:   report.Findings{All: []report.Finding{{Rule: "r", Title: name, Severity: "note", Message: name, Fix: []string{text.ShellLine("btadmin", "a"+name)}}}, Skipped: []string{name}},
		Escalation: report.Escalation{Holders: []string{name}, Climbers: 1, Routes: []report.Route{{Who: []string{name}, Steps: []string{name}, End: name}}, Cuts: []report.Cut{{Text: name, Fix: text.ShellLine("a" + name)}}},
		Changes:    &report.Changes{File: name, Facts: []string{name}, Gained: []report.Change{{Who: name + "x", What: name, Where: name, Why: name, Names: "x" + name, On: "x" + name}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	html, err := page.HTML()
	if err != nil {
		t.Fatal(err)
	}
	dataOf(t, html)
	return html
}

// marks counts what a browser would see as the beginning of something.
func marks(html []byte) [3]int {
	before, rest, _ := strings.Cut(string(html), `<script type="application/json" id="data">`)
	data, after, _ := strings.Cut(rest, "</script>")
	outside := before + after
	return [3]int{strings.Count(outside, "<"), strings.Count(outside, `"`), strings.Count(data, "<") + strings.Count(data, "\u2028") + strings.Count(data, "\u2029")}
}
