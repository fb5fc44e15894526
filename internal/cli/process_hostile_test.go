package cli_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"btadmin/internal/sandbox"
	"btadmin/internal/text"
)

// hostile is a name with everything that a terminal or a log would obey: CSI, OSC 8 and 52, C1, CR, NL, TAB,
// bidirectional and zero-width characters, and a workflow command.
const hostile = "Q\x1b[31m\x1b]8;;http://evil.test\x07\x1b]52;c;eA==\x07\u009b2J\r\n::add-mask::x\tA\u202Ez\u200B"

// hostileSite is an organization in which everything that can have a name has that one.
func hostileSite(t *testing.T) *site {
	t.Helper()
	s := newBareSite(t, sandbox.Options{})
	id := func(path string, body map[string]any) string { return s.do("POST", path, body)["id"].(string) }
	ada := s.do("GET", "/v1/user?email=ada@acme.example.com", nil)["objects"].([]any)[0].(map[string]any)["id"]
	group := id("/v1/group", map[string]any{"name": hostile, "description": hostile, "member_users": []any{ada}})
	project := id("/v1/project", map[string]any{"name": hostile, "description": hostile})
	role := id("/v1/role", map[string]any{"name": hostile, "description": hostile, "member_permissions": []any{map[string]any{"permission": "read"}}})
	experiment := id("/v1/experiment", map[string]any{"project_id": project, "name": hostile})
	for _, acl := range []map[string]any{
		{"object_type": "project", "object_id": project, "permission": "read"},
		{"object_type": "project", "object_id": project, "permission": "read", "restrict_object_type": "dataset"},
		{"object_type": "experiment", "object_id": experiment, "permission": "update"},
		{"object_type": "project", "object_id": project, "role_id": role},
	} {
		acl["group_id"] = group
		id("/v1/acl", acl)
	}
	s.do("PATCH", "/v1/organization/members", map[string]any{"invite_users": map[string]any{
		"service_accounts": []any{map[string]any{"name": hostile, "token_name": hostile}}, "group_ids": []any{group},
	}})
	return s
}

// hostileReads are the commands that print what others have named. ID stands for the group.
func hostileReads() [][]string {
	return [][]string{
		{"groups", "list"}, {"groups", "view", "GROUP"}, {"groups", "permissions", "GROUP"}, {"groups", "members", "list", "GROUP"},
		{"groups", "access", "GROUP"}, {"acl", "list"}, {"acl", "list", "project:PROJECT"}, {"members", "list"}, {"members", "view", "ada@acme.example.com"},
		{"roles", "list"}, {"roles", "view", "ROLE"}, {"projects", "list"}, {"projects", "view", "PROJECT"}, {"projects", "permissions", "PROJECT"},
		{"service-accounts", "list"}, {"service-tokens", "list"}, {"orgs", "list"}, {"api-keys", "list"},
		{"access", "explain", "ada@acme.example.com", "read", "project:PROJECT"},
		{"access", "check", "group:GROUP", "read", "project:PROJECT"},
		{"groups", "grant", "GROUP", "--all-projects", "read", "--dry-run"},
		{"groups", "delete", "GROUP", "--yes", "--confirm", hostile, "--dry-run"},
	}
}

// TestB1HostileNames: in every human form names are shown with visible escapes and one record stays one line;
// in JSON they are exact.
func TestB1HostileNames(t *testing.T) {
	t.Parallel()
	s := hostileSite(t)
	p := s.owner(t)
	ids := strings.NewReplacer("GROUP", s.named("group", hostile)["id"].(string), "ROLE", s.named("role", hostile)["id"].(string),
		"PROJECT", s.named("project", hostile)["id"].(string))
	shown := 0
	for _, args := range hostileReads() {
		line := make([]string, len(args))
		for i, arg := range args {
			line[i] = ids.Replace(arg)
		}
		for _, format := range []string{"", "table", "tsv"} {
			full := slices.Clone(line)
			if format != "" {
				full = append(full, "-o", format)
			}
			got := p.inside(full...)
			if got.code != 0 {
				t.Errorf("%q: exit code %d: %q", full, got.code, got.stderr)
			}
			for _, c := range got.stdout + got.stderr {
				if c != '\n' && c != '\t' && text.UnsafeRune(c) {
					t.Errorf("%q prints %q in %q, %q", full, c, got.stdout, got.stderr)
					break
				}
			}
			if strings.Contains(got.stdout, "\n::add-mask") || strings.Contains(got.stderr, "\n::") || strings.HasPrefix(got.stdout, "::") {
				t.Errorf("%q: a name has broken its line: %q %q", full, got.stdout, got.stderr)
			}
			if strings.Contains(got.stdout, `Q\x1b[31m\x1b]8;;http://evil.test\x07`) {
				shown++
			}
		}
		got := p.inside(slices.Concat(line, []string{"--json"})...)
		var document any
		if err := json.Unmarshal([]byte(got.stdout), &document); err != nil || !utf8.ValidString(got.stdout) {
			t.Errorf("%q --json: %v in %q", line, err, got.stdout)
		}
		if strings.Contains(got.stdout, "31m") && !holds(document, hostile) {
			t.Errorf("%q --json has no exact name: %s", line, got.stdout)
		}
		if strings.ContainsAny(strings.TrimSuffix(got.stdout, "\n"), "\x1b\x07\r\n\t\u009b\u202E\u200B") {
			t.Errorf("%q --json is not escaped: %q", line, got.stdout)
		}
	}
	if shown < 20 {
		t.Errorf("the name was shown %d times only", shown)
	}
}

// holds reports whether a string of a decoded document contains text.
func holds(document any, want string) bool {
	switch d := document.(type) {
	case string:
		return strings.Contains(d, want)
	case []any:
		return slices.ContainsFunc(d, func(v any) bool { return holds(v, want) })
	case map[string]any:
		for _, v := range d {
			if holds(v, want) {
				return true
			}
		}
	}
	return false
}

// TestB6NoWorkflowCommands: in CI no line of output can be a command to the CI service, in any format, except
// JSON strings, which are escaped.
func TestB6NoWorkflowCommands(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	for _, name := range []string{"::set-env name=A::b", "##[command]x", "##vso[task.setvariable variable=a]b", "  ::error::indented"} {
		s.do("POST", "/v1/group", map[string]any{"name": name, "description": "\n" + name})
		s.do("POST", "/v1/project", map[string]any{"name": name})
	}
	for _, env := range []string{"GITHUB_ACTIONS=true", "CI=true", "TF_BUILD=True"} {
		p := s.owner(t, env)
		for _, args := range [][]string{
			{"groups", "list"}, {"groups", "list", "-o", "table"}, {"groups", "list", "-o", "csv"}, {"groups", "list", "-o", "yaml"},
			{"groups", "list", "-o", "csv", "--csv-raw"}, {"groups", "list", "--jq", ".[].name"}, {"groups", "list", "--jq", ".[].description"},
			{"groups", "list", "-o", "jsonl"}, {"groups", "list", "--json"}, {"groups", "list", "--fields", "name"},
			{"groups", "view", "::set-env name=A::b"}, {"groups", "view", "::set-env name=A::c"}, {"groups", "view", "\n::warning::c"},
			{"groups", "create", "::warning::new", "--dry-run"}, {"projects", "list"}, {"api", "GET", "/v1/group"},
			{"groups", "members", "add", "::set-env name=A::b", "::error::x"}, {"::debug::verb"}, {"groups", "list", "--::debug::x"},
		} {
			got := p.btadmin(args...)
			if got.stdout+got.stderr == "" {
				t.Errorf("%s %q says nothing", env, args)
			}
			for _, line := range append(lines(got.stdout), lines(got.stderr)...) {
				line = strings.TrimLeft(line, " \t\ufeff")
				if strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##[") || strings.HasPrefix(line, "##vso[") {
					t.Errorf("%s %q: the line %q is a command", env, args, line)
				}
			}
		}
	}
}
