package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/internal/sandbox"
)

// TestNoTerminalNamesTheFlag: without a terminal nothing is asked; what is missing is named, code 4.
func TestNoTerminalNamesTheFlag(t *testing.T) {
	t.Parallel()
	s, p, _ := prepared(t)
	for _, tt := range []struct {
		words []string
		args  []string
	}{
		{[]string{"missing argument NAME"}, []string{"groups", "create"}},
		{[]string{"--organization", "--all-projects", "--project NAME --allow WORDS"}, []string{"groups", "grant", "QA"}},
		{[]string{"--allow"}, []string{"groups", "grant", "QA", "--project", "Chatbot"}},
		{[]string{"missing --to"}, []string{"groups", "access", "grant", "QA", "--allow", "read"}},
		{[]string{"--file"}, []string{"groups", "members", "add", "QA"}},
		{[]string{"--yes"}, []string{"groups", "members", "remove", "QA", "ada@acme.example.com"}},
		{[]string{"--yes", "--confirm"}, []string{"groups", "delete", "QA"}},
		{[]string{"--yes"}, []string{"groups", "revoke", "QA", "--project", "Chatbot", "--allow", "read"}},
		{[]string{"--yes"}, []string{"acl", "revoke", "project:Chatbot", "group:QA", "--allow", "read"}},
		{[]string{"--yes", "--confirm"}, []string{"members", "remove", "goran@acme.example.com"}},
		{[]string{"--yes"}, []string{"roles", "delete", "Judge"}},
		{[]string{"--yes"}, []string{"service-accounts", "delete", "ci-evals"}},
	} {
		p.refused(4, tt.words, tt.args...)
		p.refused(4, tt.words, append(tt.args, "--no-input")...)
	}
	if got := s.writes(); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
}

// TestNoCredentials: whatever needs an account says so with code 2, and offers two ways on.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	for _, args := range [][]string{{"groups", "list"}, {"groups", "create", "QA"}, {"auth", "status"}, {"groups", "delete", "QA", "--yes", "--confirm", "QA"}} {
		p.refused(2, []string{"not logged in", "btadmin auth login", "--sandbox"}, args...)
	}
	got := p.refused(2, nil, "groups", "list", "--json")
	var told struct {
		Hint     string `json:"hint"`
		ExitCode int    `json:"exit_code"`
	}
	if err := json.Unmarshal([]byte(got.stderr), &told); err != nil || told.ExitCode != 2 || !strings.Contains(told.Hint, "--sandbox") {
		t.Errorf("%v in %q", err, got.stderr)
	}
	for _, args := range [][]string{{"version"}, {"--help"}, {"groups", "--help"}, {"commands", "--json"}, {"completion", "bash"}} {
		p.must(args...)
	}
	if files := p.everything(); files != "" {
		t.Errorf("files were written: %q", files)
	}
}

// TestWrongKey: a key that the server refuses is code 2, and is not repeated.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	const wrong = "bt-st-sandbox-CANARYCANARYCANARY"
	p := s.owner(t, "BRAINTRUST_API_KEY="+wrong)
	for _, args := range [][]string{{"groups", "list"}, {"groups", "create", "QA"}, {"access", "check", "ada@acme.example.com", "read", "project:Chatbot"}} {
		got := p.refused(2, []string{"401"}, args...)
		if strings.Contains(got.stdout+got.stderr, "CANARY") {
			t.Errorf("the key is shown: %q %q", got.stdout, got.stderr)
		}
	}
	p.btadmin("auth", "status").expect(t, 2)
}

// TestNames: an unknown name suggests the nearest, an ambiguous one lists the candidates; nothing is sent.
func TestNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	// Slashes in names make two readings of experiment:a/b/c, both of something real.
	project := s.do("POST", "/v1/project", map[string]any{"name": "a"})["id"]
	first := s.do("POST", "/v1/experiment", map[string]any{"project_id": project, "name": "b/c"})["id"].(string)
	project = s.do("POST", "/v1/project", map[string]any{"name": "a/b"})["id"]
	second := s.do("POST", "/v1/experiment", map[string]any{"project_id": project, "name": "c"})["id"].(string)
	p := s.owner(t)
	for _, tt := range []struct {
		words []string
		args  []string
	}{
		{[]string{`no group "Evaluatros"`, `did you mean "Evaluators"?`}, []string{"groups", "view", "Evaluatros"}},
		{[]string{`no project "Chatbto"`, `did you mean "Chatbot"?`}, []string{"groups", "grant", "Evaluators", "--project", "Chatbto", "--allow", "read"}},
		{[]string{"bo@acme.exmple.com", "bo@acme.example.com"}, []string{"groups", "members", "add", "Evaluators", "bo@acme.exmple.com"}},
		{[]string{"00000000-0000-4000-8000-000000000000"}, []string{"groups", "view", "00000000-0000-4000-8000-000000000000"}},
		{[]string{"unknown permission", "raed", "read"}, []string{"groups", "grant", "Evaluators", "--all-projects", "raed"}},
		{[]string{"ambiguous", first, second}, []string{"groups", "grant", "Evaluators", "--on", "experiment:a/b/c", "--allow", "read"}},
		{[]string{"ambiguous", first, second}, []string{"acl", "list", "experiment:a/b/c"}},
		{[]string{`unknown command "grops"`, "groups"}, []string{"grops", "list"}},
		{[]string{"unknown flag: --jsn", "did you mean --json?"}, []string{"groups", "list", "--jsn"}},
		{[]string{"unknown field", "member_count"}, []string{"groups", "list", "--fields", "members"}},
	} {
		p.refused(4, tt.words, tt.args...)
	}
	if got := s.writes(); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
}

// TestForbiddenInTheMiddle: the group is made, its grants are refused: code 5 with the run, which the journal has.
func TestForbiddenInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/v1/acl/batch_update" {
			return false
		}
		http.Error(w, "You do not have permission to do that", http.StatusForbidden)
		return true
	})
	p := s.owner(t)
	got := p.refused(5, []string{"403", "1 of 2 changes are confirmed", "(run "}, "groups", "create", "QA", "--all-projects", "read")
	run := p.lastRun()
	if run.Result != "partial" || !strings.Contains(got.stderr, run.ID) {
		t.Errorf("run %s is %q; stderr %q", run.ID, run.Result, got.stderr)
	}
	if s.named("group", "QA") == nil || strings.Contains(got.stderr, "Created group") {
		t.Errorf("the group was made, but not as asked: %q", got.stderr)
	}
	got = p.refused(5, nil, "groups", "create", "QB", "--all-projects", "read", "--json")
	var told struct {
		RunID    string `json:"run_id"`
		ExitCode int    `json:"exit_code"`
	}
	if err := json.Unmarshal([]byte(got.stderr), &told); err != nil || told.RunID != p.lastRun().ID || told.ExitCode != 5 || got.stdout != "" {
		t.Errorf("%v: stdout %q, stderr %q", err, got.stdout, got.stderr)
	}
}
