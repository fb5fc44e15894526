package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// grown is a policy for an organization of SeedLarge: groups that each read in every project, so that there are groups x
// projects grants, with a member each.
func grown(groups, projects int) string {
	var b strings.Builder
	b.WriteString("version: 1\norg: \"sandbox large\"\ngroups:\n")
	for g := range groups {
		fmt.Fprintf(&b, "  team-%02d:\n    members: [user%05d@large.example.com]\n    permissions:\n      projects:\n", g, g+1)
		for p := range projects {
			fmt.Fprintf(&b, "        Project %05d: [read]\n", p+1)
		}
	}
	return b.String()
}

// The budget of requests of issue 4, of whole processes, each with everything that it reads: the plan, the apply, a
// second apply that sends nothing (D16), a plan without changes.
func TestD16_RequestsOfPlanAndApply(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		projects, groups int
		plan, apply      int // requests at most
	}{
		{"25 projects, 20 groups, 500 ACLs", 25, 20, 20, 60},
		{"50 projects, 40 groups, 2000 ACLs", 50, 40, 24, 120},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 50, Groups: 1, Projects: tt.projects, ACLs: 1}})
			p := s.owner(t)
			p.file("access.yaml", strings.Replace(grown(tt.groups, tt.projects), "sandbox large", s.orgName(), 1))
			requests := func(most int, args ...string) {
				t.Helper()
				before := s.count()
				p.btadmin(args...).expect(t, 0)
				n := s.count() - before
				t.Logf("%s: %d requests", strings.Join(args, " "), n)
				if n > most {
					t.Errorf("%s took %d requests, at most %d", strings.Join(args, " "), n, most)
				}
			}
			requests(tt.plan, "policy", "plan", "--json")
			requests(tt.apply, "policy", "apply", "--yes", "--quiet")
			writes := len(s.writes())
			requests(tt.plan, "policy", "plan", "--exit-code", "--json")
			requests(tt.plan, "policy", "apply", "--yes")
			if n := len(s.writes()) - writes; n > 0 {
				t.Errorf("the second apply sent %d mutating requests", n)
			}
		})
	}
}

// BenchmarkPolicy is plan and apply with 50 ms for each request: issue 4 wants 1 s and 6 s.
func BenchmarkPolicy(b *testing.B) {
	for _, size := range []struct{ projects, groups int }{{25, 20}, {50, 40}} {
		b.Run(fmt.Sprintf("%d-groups", size.groups), func(b *testing.B) {
			for range b.N {
				s := newBareSite(b, sandbox.Options{
					Seed:   sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 50, Groups: 1, Projects: size.projects, ACLs: 1},
					Faults: sandbox.Faults{Latency: 50 * time.Millisecond},
				})
				p := s.owner(b)
				p.file("access.yaml", strings.Replace(grown(size.groups, size.projects), "sandbox large", s.orgName(), 1))
				start := time.Now()
				p.btadmin("policy", "apply", "--yes", "--quiet").expect(b, 0)
				b.ReportMetric(time.Since(start).Seconds(), "s/apply")
				start = time.Now()
				p.btadmin("policy", "plan", "--exit-code", "--quiet").expect(b, 0)
				b.ReportMetric(time.Since(start).Seconds(), "s/plan")
			}
		})
	}
}

func (s *site) orgName() string {
	return s.do(http.MethodGet, "/v1/organization", nil)["objects"].([]any)[0].(map[string]any)["name"].(string)
}

func (s *site) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// small is a policy for the demo organization, in which the group Judges is new.
const small = "version: 1\norg: Acme\ngroups: {Judges: {members: [bo@acme.example.com], permissions: {projects: {Chatbot: [read], Search: [read]}}}}\n"

// Every write that is refused is a failure: nothing is called done, and the exit code says so.
func TestRefusedWritesAreFailures(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", small)
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/login") {
			return false
		}
		http.Error(w, "refused", http.StatusBadRequest)
		return true
	})
	got := p.btadmin("policy", "apply", "--yes", "--json")
	if got.code == 0 || strings.Contains(got.stderr, "Applied") || got.stdout != "" {
		t.Errorf("code %d, stdout %q, stderr %q", got.code, got.stdout, got.stderr)
	}
}

// Some writes are refused: the rest is done, exit code 5 with the run, and the same command goes on from there.
func TestPartialApplyGoesOn(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", small)
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/v1/acl/batch_update" {
			return false
		}
		http.Error(w, "refused", http.StatusBadRequest)
		return true
	})
	p.btadmin("policy", "apply", "--yes").expect(t, 5, "run ")
	s.between(nil)
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "Applied to Acme and confirmed: ")
	p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
}

// A source that cannot be read, and one that is empty, remove nobody.
func TestUnreadableSourceRemovesNobody(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", "version: 1\norg: Acme\nidentity_sources: {hr: {type: csv, path: hr.csv}}\ngroups: {Evaluators: {members: [idp:hr/judges]}}\n")
	p.file("empty.csv", "email,group\n")
	before := len(s.members("Evaluators"))
	p.btadmin("policy", "apply", "--yes").expect(t, 4, `reading the identity source "hr"`)
	if err := os.Rename(filepath.Join(p.dir, "empty.csv"), filepath.Join(p.dir, "hr.csv")); err != nil {
		t.Fatal(err)
	}
	p.btadmin("policy", "apply", "--yes").expect(t, 4, "there are no rows")
	if writes := s.writes(); len(writes) > 0 || len(s.members("Evaluators")) != before {
		t.Errorf("sent %q", writes)
	}
}

// A grant deleted behind one's back is drift, not an error, and an apply puts it back.
func TestGrantDeletedElsewhereIsDrift(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", small)
	p.must("policy", "apply", "--yes")
	p.must("groups", "revoke", "Judges", "--project", "Chatbot", "--allow", "read", "--yes")
	got := p.btadmin("policy", "drift", "--json")
	got.expect(t, 6)
	var doc struct {
		Drifted     bool
		Differences []struct {
			Rule, Summary, File string
			Line                int
			Owned               bool
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	owned := 0
	for _, d := range doc.Differences {
		if d.Owned {
			owned++
			if d.Rule != "missing" || d.Summary != "group:Judges lacks read on project:Chatbot" || d.File != "access.yaml" || d.Line != 3 {
				t.Errorf("%+v", d)
			}
		}
	}
	if owned != 1 || !doc.Drifted {
		t.Errorf("%+v", doc)
	}
	p.must("policy", "apply", "--yes")
	p.btadmin("policy", "drift").expect(t, 0, "")
}

// A dry run against a server that fails on any write passes.
func TestPolicyDryRunNeverWrites(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", small)
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/login") {
			return false
		}
		http.Error(w, "no", http.StatusInternalServerError)
		return true
	})
	p.btadmin("policy", "apply", "--dry-run").expect(t, 0, "dry run: nothing was sent")
	p.btadmin("policy", "plan", "--out", "p.plan").expect(t, 0)
	p.btadmin("policy", "apply", "--plan", "p.plan", "--dry-run").expect(t, 0, "dry run: nothing was sent")
	p.btadmin("policy", "drift").expect(t, 6)
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// An edit between plan and apply is caught: the saved plan is refused, and nothing is sent (D12, G13).
func TestD12_EditBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", "version: 1\norg: Acme\ngroups: {Evaluators: {members: [fatima@acme.example.com]}}\n")
	p.must("policy", "plan", "--out", "p.plan")
	p.must("groups", "members", "add", "Evaluators", "goran@acme.example.com")
	before := len(s.writes())
	p.btadmin("policy", "apply", "--plan", "p.plan", "--yes").expect(t, 7, "has changed since the plan was made, in what it rests on: group:Evaluators")
	if writes := s.writes()[before:]; len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// What guards refuse is refused before the first write: caps, the last owner, the caller's own access and the last token of
// an owner; and a misspelt key sends nothing.
func TestPolicyRefusals(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	for name, tt := range map[string]struct {
		document string
		code     int
		words    string
	}{
		"caps":              {"guards: {max_removals: {memberships: 1}}\ngroups: {Evaluators: {members: [goran@acme.example.com]}}", 7, "G5"},
		"roles are counted": {"manage: {roles: all, prune: true}\nguards: {max_removals: {roles: 1}}\nroles: {Fresh: {permissions: {datasets: [read]}}}", 7, "G5"},
		"the last owner":    {"groups: {Owners: {builtin: true, members: [\"sa:platform-admin\"]}}", 7, "G1"},
		"through nesting":   {"groups: {Boss: {members: [\"sa:platform-admin\"]}, Owners: {builtin: true, members: [\"group:Boss\"]}}", 7, "G1"},
		"own access":        {"groups: {Owners: {builtin: true, members: [ada@acme.example.com, bo@acme.example.com]}}", 7, "G3: you would no longer manage access on organization"},
		"last token":        {"service_accounts: {platform-admin: {state: removed}}", 7, "G3: no service token of an owner would be left"},
		"everybody":         {"manage: {members: exact, prune: true}\nmembers: [goran@acme.example.com]", 7, "G1"},
		"misspelt":          {"groups: {QA: {membres: []}}", 4, "membres"},
		"not approved":      {"groups: {Evaluators: {permissions: {organization: [manage_access]}}}", 7, "without approved_by"},
	} {
		file := p.file(strings.ReplaceAll(name, " ", "-")+".yaml", "version: 1\norg: Acme\n"+tt.document+"\n")
		p.btadmin("policy", "apply", file, "--yes").expect(t, tt.code, tt.words)
	}
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// The last owner, the caller's own access and the last token of an owner survive where they hang on groups inside Owners:
// emptying such a group, taking it out of Owners and deleting it are refused, all guards at once, and nothing is sent.
func TestPolicyRefusalsThroughGroups(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	const people, robots = "Bosses: {members: [ada@acme.example.com, bo@acme.example.com]}", `Robots: {members: ["sa:platform-admin"]}`
	const head = "version: 1\norg: Acme\n"
	p.file("access.yaml", head+"groups: {Inner: {members: [\"group:Bosses\"]}, "+people+", "+robots+`, Owners: {builtin: true, members: ["group:Inner", "group:Robots"]}}`+"\n")
	hash := strings.TrimSpace(p.must("policy", "plan", "--json", "--jq", ".plan_hash"))
	p.must("policy", "apply", "--yes", "--approve-superuser", hash)
	before := len(s.writes())
	const pruned = `manage: {groups: all, prune: true, ignore: {groups: [Contractors, Evaluators, "ML *"]}}` + "\nguards: {max_removals: {groups: 9}}\n"
	const g1, own, token = "G1: no person would be left", "G3: you would no longer manage access on organization", "G3: no service token of an owner would be left"
	for name, tt := range map[string]struct {
		document string
		words    []string
	}{
		"the group of the owners is emptied":     {`groups: {Bosses: {members: ["sa:nightly-report"]}}`, []string{g1}},
		"it is no longer inside of the other":    {`groups: {Inner: {members: [goran@acme.example.com], memberships: exact}, Owners: {builtin: true, members: ["group:Robots"]}}`, []string{g1}},
		"it is deleted":                          {pruned + "groups: {Inner: {}, " + robots + "}", []string{g1}},
		"what it is inside of is deleted":        {pruned + "groups: {Bosses: {}, " + robots + "}", []string{g1}},
		"the group of the caller is emptied":     {`groups: {Robots: {members: ["sa:nightly-report"]}}`, []string{own, token}},
		"the group of the caller leaves Owners":  {`groups: {Owners: {builtin: true, members: ["group:Inner"]}}`, []string{own, token}},
		"the group of the caller is deleted":     {pruned + "groups: {Inner: {}, " + people + "}", []string{own, token}},
		"everything inside of Owners is deleted": {pruned + "groups: {Evaluators: {}}", []string{g1, own, token}},
	} {
		file := p.file(strings.ReplaceAll(name, " ", "-")+".yaml", head+tt.document+"\n")
		got := p.btadmin("policy", "apply", file, "--yes", "--confirm", "Bosses", "--confirm", "Inner", "--confirm", "Robots")
		for _, words := range tt.words {
			if got.code != 7 || !strings.Contains(got.stderr, words) {
				t.Errorf("%s: code %d, want 7 and %q:\n%s", name, got.code, words, got.stderr)
			}
		}
	}
	if writes := s.writes()[before:]; len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}
