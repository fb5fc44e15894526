package cli_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/internal/sandbox"
)

// mutations is every command that changes something at the server, with what it changes in the demo
// organization.
func mutations() map[string][]string {
	return map[string][]string{
		"acl delete":              {"ACL", "--yes"},
		"acl grant":               {"project:Chatbot", "group:Evaluators", "--allow", "delete"},
		"acl revoke":              {"project:Chatbot", "group:QA", "--allow", "read", "--yes"},
		"acl set":                 {"project:Chatbot", "group:QA", "--allow", "update", "--yes"},
		"api":                     {"POST", "/v1/group", "-f", "name=Raw"},
		"api-keys delete":         {"KEY", "--yes"},
		"groups access grant":     {"QA", "--to", "bo@acme.example.com", "--allow", "read"},
		"groups access revoke":    {"QA", "--to", "group:Evaluators", "--allow", "read", "--yes"},
		"groups create":           {"New", "--member", "bo@acme.example.com", "--project", "Chatbot=read"},
		"groups delete":           {"QA", "--yes", "--confirm", "QA"},
		"groups edit":             {"QA", "--description", "other"},
		"groups grant":            {"QA", "--all-projects", "read"},
		"groups members add":      {"QA", "bo@acme.example.com"},
		"groups members remove":   {"QA", "ada@acme.example.com", "--yes"},
		"groups members set":      {"QA", "bo@acme.example.com", "--yes"},
		"groups revoke":           {"QA", "--project", "Chatbot", "--allow", "read", "--yes"},
		"members invite":          {"new@acme.example.com", "--yes"},
		"members remove":          {"goran@acme.example.com", "--yes", "--confirm", "goran@acme.example.com"},
		"orgs edit":               {"--image-rendering-mode", "click_to_load"},
		"roles create":            {"Reader", "--permission", "read"},
		"roles delete":            {"Judge", "--yes"},
		"roles edit":              {"Judge", "--description", "other"},
		"policy apply":            {policyFile, "--yes"},
		"service-accounts create": {"bot", "--group", "QA", "--token-name", "bot"},
		"service-accounts delete": {"ci-evals", "--yes", "--confirm", "ci-evals"},
		"service-tokens create":   {"bot", "--name", "first", "--group", "QA"},
		"service-tokens delete":   {"TOKEN", "--yes"},
		"service-tokens rotate":   {"TOKEN", "--yes"},
		"undo":                    {"latest", "--yes", "--confirm", "Undone"},
	}
}

// readers is every other command: those that only read, and those that change something on this machine.
func readers() []string {
	return []string{
		"access check", "access lint", "access paths", "access explain", "access export", "groups access list", "acl list", "acl view", "api-keys list",
		"commands", "completion", "access diff", "access list", "access matrix", "access report", "access who-can",
		"snapshot save", "snapshot view",
		"config get", "config list", "groups list", "groups members list", "groups permissions", "groups view",
		"members list", "members view", "open", "orgs list", "orgs view", "permissions list", "policy drift", "policy export", "policy fmt", "policy init", "policy plan", "policy render",
		"policy schema", "policy test", "policy validate", "profiles list",
		"projects list", "projects permissions", "projects view", "roles list", "roles view", "runs list",
		"runs verify", "runs view", "sandbox status", "service-accounts list", "service-accounts view",
		"service-tokens list", "version",

		"access copy", // it writes, to a second organization: access_copy.txtar tries it dry
		"auth login", "auth logout", "auth status", "auth token", "config set", "permissions learn", "profiles delete", "profiles use",
		"sandbox reset", "sandbox seed", "sandbox serve", "sandbox tour",
	}
}

// TestEveryCommandIsTriedDry keeps the table whole: a new command belongs to one of the two lists.
func TestEveryCommandIsTriedDry(t *testing.T) {
	t.Parallel()
	var commands []struct{ Command string }
	out := newPerson(t).must("commands", "--jq", "[.[1:][] | {Command: .command}]")
	if err := json.Unmarshal([]byte(out), &commands); err != nil {
		t.Fatal(err)
	}
	known := append(slices.Collect(maps.Keys(mutations())), readers()...)
	for _, c := range commands {
		if name := strings.TrimPrefix(c.Command, "btadmin "); !slices.Contains(known, name) {
			t.Errorf("%q is neither in mutations nor in readers", name)
		}
	}
}

// policyFile stands for a policy in mutations.
const policyFile = "POLICY.YAML"

// prepared is a demo organization that has what mutations names, and its owner.
func prepared(t *testing.T) (s *site, p *person, ids *strings.Replacer) {
	t.Helper()
	s = newBareSite(t, sandbox.Options{})
	ada := s.do("GET", "/v1/user?email=ada@acme.example.com", nil)["objects"].([]any)[0].(map[string]any)["id"]
	qa := s.do("POST", "/v1/group", map[string]any{"name": "QA", "member_users": []any{ada}})["id"]
	chatbot, evaluators := s.named("project", "Chatbot")["id"], s.named("group", "Evaluators")["id"]
	acl := s.do("POST", "/v1/acl", map[string]any{"object_type": "project", "object_id": chatbot, "group_id": qa, "permission": "read"})
	s.do("POST", "/v1/acl", map[string]any{"object_type": "group", "object_id": qa, "group_id": evaluators, "permission": "read"})
	s.do("POST", "/v1/role", map[string]any{"name": "Judge", "member_permissions": []any{map[string]any{"permission": "read"}}})
	key := s.do("GET", "/v1/api_key", nil)["objects"].([]any)[0].(map[string]any)
	token := s.named("service_token", "ci-evals")
	p = s.owner(t)
	p.inside("groups", "create", "Undone").expect(t, 0)
	policy := p.file(policyFile, "version: 1\norg: Acme\ngroups: {Judges: {members: [bo@acme.example.com], permissions: {projects: {Chatbot: [read]}}}}\n")
	s.mu.Lock()
	s.requests = nil // what a test counts begins now
	s.mu.Unlock()
	return s, p, strings.NewReplacer("ACL", acl["id"].(string), "KEY", key["id"].(string), "TOKEN", token["id"].(string), policyFile, policy)
}

// commandLine is a row of mutations with ids for the words in capitals.
func commandLine(name string, args []string, ids *strings.Replacer) []string {
	line := strings.Fields(name)
	for _, arg := range args {
		if arg == strings.ToUpper(arg) && arg != "QA" && arg != "POST" {
			arg = ids.Replace(arg)
		}
		line = append(line, arg)
	}
	return line
}

// TestDryRunCannotWrite: on --dry-run no command sends a request that may write, and all say so.
func TestDryRunCannotWrite(t *testing.T) {
	t.Parallel()
	s, p, ids := prepared(t)
	before := s.server.Counts().Writes
	for name, args := range mutations() {
		line := append(commandLine(name, args, ids), "--dry-run")
		got := p.inside(line...)
		got.expect(t, 0, "dry run: nothing was sent")
		if got.stdout == "" {
			t.Errorf("%s shows no plan", name)
		}
		got = p.inside(append(line, "--json")...)
		var plan struct {
			PlanHash string `json:"plan_hash"`
			Changes  []any  `json:"changes"`
		}
		if err := json.Unmarshal([]byte(got.stdout), &plan); err != nil || plan.PlanHash == "" || len(plan.Changes) == 0 {
			t.Errorf("%s --json: code %d, plan %q, %v: %s", name, got.code, got.stdout, err, got.stderr)
		}
		if writes := s.writes(); len(writes) > 0 {
			t.Fatalf("%s --dry-run sent %q", name, writes)
		}
	}
	if got := s.server.Counts().Writes; got != before {
		t.Errorf("the server counted %d writes, want %d", got, before)
	}
}
