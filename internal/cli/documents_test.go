package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// documentedCalls says how each row of the table of documents in docs/scripting.md is made.
func documentedCalls() map[string]string {
	return map[string]string{
		"access check": "access check user:bo@acme.example.com read project:Chatbot", "access explain": "access explain user:bo@acme.example.com read project:Chatbot",
		"access who-can": "access who-can read project:Chatbot", "access list": "access list user:bo@acme.example.com",
		"access matrix": "access matrix", "access diff": "access diff before.btsnap", "access lint": "access lint --fail-on never", "access paths": "access paths",
		"snapshot save": "snapshot save new.btsnap", "snapshot view": "snapshot view before.btsnap",
		"policy validate": "policy validate wrong.yaml", "policy plan": "policy plan", "policy apply": "policy apply --yes", "policy test": "policy test", "policy drift": "policy drift",
		"runs list": "runs list", "runs view": "runs view latest", "runs verify": "runs verify", "undo": "undo latest --yes --confirm QA",
		"--dry-run":   "groups delete QA --dry-run",
		"groups list": "groups list", "groups view": "groups view QA", "groups members list": "groups members list QA",
		"groups permissions": "groups permissions QA", "acl list": "acl list", "projects list": "projects list",
		"projects permissions": "projects permissions Chatbot", "members list": "members list", "members view": "members view bo@acme.example.com",
		"roles list": "roles list", "service-accounts list": "service-accounts list", "service-tokens list": "service-tokens list",
		"api-keys list": "api-keys list", "permissions list": "permissions list", "auth status": "auth status",
	}
}

// TestEveryDocumentedField runs the command of each row of that table and compares the fields with what is written there.
func TestEveryDocumentedField(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripting.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(raw), "\n### Documents\n")
	part, _, _ = strings.Cut(part, "\n## ")
	if !found {
		t.Fatal("docs/scripting.md has no part about documents")
	}
	home := newShellHome(t)
	if out, err := home.run(t, "sh", `
btadmin snapshot save before.btsnap --quiet
btadmin groups create QA --member bo@acme.example.com --project Chatbot=read --quiet >/dev/null
printf 'version: 1\norg: Acme\ngroups: {QA: {members: [ada@acme.example.com]}}\n' > access.yaml
printf 'version: 1\norg: Acme\ngroups: {x: {permissions: {all_projects: [raed]}}}\n' > wrong.yaml
`, "BTADMIN_SANDBOX=1"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := documentedCalls()
	for _, line := range strings.Split(part, "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| `") || len(cells) != 3 {
			continue
		}
		name, kind := strings.Trim(cells[0], "|` "), cells[1]
		call, known := calls[name]
		if !known {
			t.Errorf("nobody said how to make %q", name)
			continue
		}
		delete(calls, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What is found or differs ends with an exit code of its own, and prints all the same.
			out, _ := home.copyTo(t).run(t, "sh", "btadmin "+call+" --json 2>/dev/null || true", "BTADMIN_SANDBOX=1")
			var value any
			if err := json.Unmarshal([]byte(out), &value); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got := "object"
			if list, is := value.([]any); is && len(list) > 0 {
				got, value = "array", list[0]
			}
			var fields []string
			for field := range value.(map[string]any) {
				fields = append(fields, field)
			}
			sort.Strings(fields)
			if want := "`" + strings.Join(fields, "` `") + "` |"; kind != got || cells[2] != want {
				t.Errorf("the row should be\n| `%s` | %s | %s", name, got, want)
			}
		})
	}
	for name := range calls {
		t.Errorf("the table has no row %q", name)
	}
}
