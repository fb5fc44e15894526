package cli_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// offline is every command that needs no request to the API, with the reason.
func offline() map[string]string {
	return map[string]string{
		"access copy":      "needs two organizations: its script has them",
		"auth logout":      "forgets a key",
		"auth token":       "prints a key",
		"commands":         "describes the program",
		"completion":       "describes the program",
		"config get":       "settings of this machine",
		"config list":      "settings of this machine",
		"config set":       "settings of this machine",
		"open":             "starts a browser",
		"permissions list": "the table of labels",
		"policy fmt":       "writes documents anew",
		"policy render":    "expands documents; with an organization only on request",
		"policy schema":    "describes documents",
		"policy validate":  "checks documents",
		"profiles delete":  "settings of this machine",
		"profiles list":    "settings of this machine",
		"profiles use":     "settings of this machine",
		"sandbox reset":    "the embedded organization itself",
		"sandbox seed":     "the embedded organization itself",
		"sandbox serve":    "the embedded organization itself",
		"sandbox status":   "the embedded organization itself",
		"sandbox tour":     "runs commands on the embedded organization",
		"snapshot view":    "reads a file",
		"version":          "describes the program",
	}
}

// TestCommandSetConforms runs every command against the sandbox through a proxy that knows the vendor's
// description, and finds nothing wrong in either direction; once as with a key of one organization, once with
// the organization's name given, which may only be sent where the description has it.
func TestCommandSetConforms(t *testing.T) {
	t.Parallel()
	for name, extra := range map[string]map[string]string{
		"one organization":   {},
		"named organization": {"BRAINTRUST_ORG_NAME": "Acme"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			covered := runSession(t, newCheckedProxy(t), extra)
			for _, path := range runnable(t) {
				_, isOffline := offline()[path]
				switch {
				case covered[path] > 0 && isOffline:
					t.Errorf("btadmin %s sends requests: it is not offline", path)
				case covered[path] == 0 && !isOffline:
					t.Errorf("btadmin %s is not in the session, or sent nothing there", path)
				}
			}
		})
	}
}

// TestCheckedProxyNotices: what passes the proxy is looked at, in both directions.
func TestCheckedProxyNotices(t *testing.T) {
	t.Parallel()
	p := newCheckedProxy(t)
	environment := map[string]string{"HOME": t.TempDir(), "BRAINTRUST_API_URL": p.url, "BRAINTRUST_API_KEY": p.key}
	for line, want := range map[string]string{
		"api GET /v1/group":                         "",
		"api GET /v1/group?org_id=Acme":             `"org_id" is not declared`,
		"api GET /v1/acl?org_name=Acme&limit=1":     `"org_name" is not declared`,
		"api POST /v1/group -f name=x -f colour=y":  "colour",
		"api PUT /v1/project -f name=x":             "method not allowed",
		"api GET /v1/project_group":                 "",
		"api GET /v1/group/nope":                    "group_id",
		"api GET /v1/role -f limit=many --paginate": "limit",
	} {
		p.run(environment, "", strings.Fields(line))
		_, violations := p.passed()
		if (len(violations) > 0) != (want != "") || want != "" && !strings.Contains(violations[0].Error(), want) {
			t.Errorf("btadmin %s: %v, want one about %q", line, violations, want)
		}
	}
}

// runSession returns how many requests each command has sent.
func runSession(t *testing.T, p *checkedProxy, extra map[string]string) map[string]int {
	t.Helper()
	dir := t.TempDir()
	for name, content := range conformanceFiles() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	environment := map[string]string{
		"HOME": dir, "BRAINTRUST_API_URL": p.url, "BRAINTRUST_APP_URL": p.url, "BRAINTRUST_NO_INPUT": "1",
	}
	maps.Copy(environment, extra)
	kept := map[string]string{"DIR": dir, "OWNER": p.key}
	fill := func(text string) string { return os.Expand(text, func(name string) string { return kept[name] }) }
	covered := map[string]int{}
	for _, step := range conformanceSession() {
		environment["BRAINTRUST_API_KEY"] = p.key
		if step.key != "" {
			environment["BRAINTRUST_API_KEY"] = kept[step.key]
		}
		args := strings.Fields(fill(step.line))
		got := p.run(environment, fill(step.stdin), args)
		requests, violations := p.passed()
		covered[commandPath(t, args)] += len(requests)
		if got.code != step.code {
			t.Errorf("btadmin %s: exit code %d, want %d; stderr %s", step.line, got.code, step.code, got.stderr)
		}
		for _, err := range violations {
			t.Errorf("btadmin %s: %v", step.line, err)
		}
		for _, request := range requests {
			if strings.HasPrefix(request, "PUT ") {
				t.Errorf("btadmin %s: D8: %s", step.line, request)
			}
		}
		if step.keep != "" {
			kept[step.keep] = strings.TrimSpace(got.stdout)
		}
	}
	return covered
}

func tree(t *testing.T) *cobra.Command {
	t.Helper()
	streams, _, _ := iostreams.Test("")
	return cli.NewRoot(app.New(streams, build.New("v0.0.0-test", "", ""), nil))
}

// commandPath is the command of a command line, such as "groups members add".
func commandPath(t *testing.T, args []string) string {
	t.Helper()
	cmd, _, err := tree(t).Find(args)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(cmd.CommandPath(), "btadmin ")
}

// runnable are the paths of all commands that do something: those without subcommands, and those with some that
// take an argument themselves, such as "groups members GROUP". Help pages cannot be run.
func runnable(t *testing.T) []string {
	t.Helper()
	var paths []string
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
		if cmd.Runnable() && (!cmd.HasSubCommands() || strings.Contains(cmd.Use, " ")) {
			paths = append(paths, strings.TrimPrefix(cmd.CommandPath(), "btadmin "))
		}
	}
	walk(tree(t))
	slices.Sort(paths)
	return paths
}
