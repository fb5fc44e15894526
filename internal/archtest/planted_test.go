package archtest

import (
	"strings"
	"testing"
)

// TestRulesCatchViolations plants one violation after the other and expects each to be found. A rule that
// finds nothing any more would otherwise look like a house in good order.
func TestRulesCatchViolations(t *testing.T) {
	t.Parallel()
	imports := func(path string) string { return "package p\n\nimport _ \"" + path + "\"\n" }
	tests := []struct {
		name, path, text string
		check            func([]*source) []string
		want             string // "" means: nothing may be found
	}{
		{"pkg imports internal", "pkg/access/a.go", imports("btadmin/internal/text"), checkImports, "other programs"},
		{"client uses a library", "pkg/braintrust/a.go", imports("github.com/google/uuid"), checkImports, "standard library"},
		{"client uses json", "pkg/braintrust/a.go", imports("github.com/go-json-experiment/json/jsontext"), checkImports, ""},
		{"model opens files", "pkg/access/a.go", imports("os"), checkImports, "pure"},
		{"cobra below", "internal/resolve/a.go", imports("github.com/spf13/cobra"), checkImports, "at the top"},
		{"cobra in app", "internal/app/a.go", imports("github.com/spf13/cobra"), checkImports, "at the top"},
		{"cobra in a verb", "internal/cli/groups/a.go", imports("github.com/spf13/cobra"), checkImports, ""},
		{"survey elsewhere", "internal/cli/a.go", imports("github.com/AlecAivazis/survey/v2/terminal"), checkImports, "one package asks"},
		{"viper elsewhere", "internal/app/a.go", imports("github.com/spf13/viper"), checkImports, "reads settings"},
		{"tablewriter elsewhere", "internal/cli/a.go", imports("github.com/olekukonko/tablewriter/tw"), checkImports, "prints tables"},
		{"gojq elsewhere", "internal/batch/a.go", imports("github.com/itchyny/gojq"), checkImports, "filters JSON"},
		{"keyring elsewhere", "internal/config/a.go", imports("github.com/zalando/go-keyring"), checkImports, "keyring"},
		{"sqlite elsewhere", "internal/sandbox/a.go", imports("modernc.org/sqlite"), checkImports, "knows the store"},
		{"app from below", "internal/change/a.go", imports("btadmin/internal/app"), checkImports, "nothing points up"},
		{"cli from below", "internal/app/a.go", imports("btadmin/internal/cli/tree"), checkImports, "nothing points up"},
		{"plan knows flags", "internal/change/a.go", imports("btadmin/internal/flags"), checkImports, "neither YAML nor flags"},
		{"sandbox shortcut", "internal/sandbox/a.go", imports("btadmin/internal/change"), checkImports, "no shortcut"},
		{"policy and http", "internal/policy/a.go", imports("net/http"), checkImports, "snapshot"},

		{"exit", "internal/app/a.go", "package app\n\nimport \"os\"\n\nfunc f() { os.Exit(1) }\n", checkSelectors, "only main"},
		{"exit in main", "cmd/x/a.go", "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(1) }\n", checkSelectors, ""},
		{"renamed import", "internal/app/a.go", "package app\n\nimport sys \"os\"\n\nfunc f() { sys.Exit(1) }\n", checkSelectors, "only main"},
		{"a variable named os", "internal/app/a.go", "package app\n\nfunc f(os struct{ Exit func(int) }) { os.Exit(1) }\n", checkSelectors, ""},
		{"stream", "cmd/x/a.go", "package main\n\nimport \"os\"\n\nvar _ = os.Stderr\n", checkSelectors, "iostreams"},
		{"print", "internal/app/a.go", "package app\n\nimport \"fmt\"\n\nfunc f() { fmt.Println() }\n", checkSelectors, "iostreams"},
		{"environment", "internal/change/a.go", "package p\n\nimport \"os\"\n\nvar home, _ = os.UserHomeDir()\n", checkSelectors, "environment"},
		{"environment in config", "internal/config/a.go", "package p\n\nimport \"os\"\n\nfunc f() { os.Getenv(\"X\") }\n", checkSelectors, ""},
		{"default client", "internal/app/a.go", "package p\n\nimport \"net/http\"\n\nvar _ = http.DefaultClient\n", checkSelectors, "redirects"},
		{"clock in the model", "pkg/access/a.go", "package p\n\nimport \"time\"\n\nfunc f() { time.Now() }\n", checkSelectors, "no clock"},
		{"init", "internal/app/a.go", "package p\n\nfunc init() {}\n", checkInit, "start-up"},

		{"variable", "internal/app/a.go", "package p\n\nvar cache int\n", checkGlobals, "cache"},
		{"overridable function", "internal/app/a.go", "package p\n\nimport \"time\"\n\nvar now = time.Now\n", checkGlobals, "now"},
		{"error", "internal/app/a.go", "package p\n\nimport \"errors\"\n\nvar ErrX = errors.New(\"x\")\n", checkGlobals, ""},
		{"table", "internal/app/a.go", "package p\n\nvar m = map[int]int{1: 2}\n\nfunc f() int { m := 1; m = 2; return m }\n", checkGlobals, ""},
		{"changed table", "internal/app/a.go", "package p\n\nvar m = map[int]int{1: 2}\n\nfunc f() { m[3] = 4 }\n", checkGlobals, "may not change"},
		{"linker stamp", "cmd/x/a.go", "package main\n\nvar version string\n", checkGlobals, ""},

		{"no comment", "internal/app/a.go", "// Package p is.\npackage p\n\nfunc F() {}\n", checkComments, "F has no doc"},
		{"no package comment", "internal/app/a.go", "package p\n", checkComments, "no package comment"},
		{"group comment", "internal/app/a.go", "// Package p is.\npackage p\n\n// These are.\nconst (\n\tA = 1\n\tB = 2\n)\n", checkComments, ""},
		{"private type's method", "internal/app/a.go", "// Package p is.\npackage p\n\ntype t int\n\nfunc (t) Error() string { return \"\" }\n", checkComments, ""},

		{"long file", "internal/app/a.go", "package p\n" + strings.Repeat("\n", maxLines), checkLengths, "two ideas"},
		{"long test", "internal/app/a_test.go", "package p\n" + strings.Repeat("\n", maxLines), checkLengths, ""},
		{"vague name", "internal/app/string_utils.go", "package p\n", checkNames, "names no idea"},
		{"vague folder", "internal/common/a.go", "package p\n", checkNames, "names no idea"},
		{"large interface", "internal/app/a.go", "package p\n\ntype T interface { A(); B(); C(); D() }\n", checkInterfaces, "4 methods"},
		{"closed list of types", "internal/app/a.go", "package p\n\ntype T interface { A(); B(); C(); d() }\n", checkInterfaces, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, tt.check, tt.want, tt.path, tt.text)
		})
	}
}

func TestNounRuleCatchesViolations(t *testing.T) {
	t.Parallel()
	noun := "package groups\n\nimport (\n\t\"btadmin/internal/app\"\n\t\"github.com/spf13/cobra\"\n)\n\nfunc New(a *app.App) *cobra.Command { return nil }\n"
	other := "package roles\n\nimport (\n\t\"btadmin/internal/app\"\n\t\"btadmin/internal/cli/groups\"\n\t\"btadmin/internal/cli/tree\"\n\t\"github.com/spf13/cobra\"\n)\n\nfunc New(a *app.App) *cobra.Command { return groups.New(a) }\n"
	expect(t, checkNouns, "nouns never import each other", "internal/cli/groups/noun.go", noun, "internal/cli/roles/noun.go", other)
	expect(t, checkNouns, "", "internal/cli/groups/noun.go", noun)
}

func TestWriterRuleCatchesViolations(t *testing.T) {
	t.Parallel()
	client := "package braintrust\n\ntype Client struct{}\n\nfunc (c *Client) DeleteGroup(ctx any, id string) {}\n"
	direct := "package groups\n\nfunc run(c Client) { c.DeleteGroup(nil, \"id\") }\n"
	model := "package groups\n\nfunc run(s State) { s.DeleteGroup(\"id\") }\n"
	check := func(files []*source) []string { return checkWriters(files, clientWriters(files)) }
	expect(t, check, "through internal/change", "pkg/braintrust/group.go", client, "internal/cli/groups/delete.go", direct)
	expect(t, check, "", "pkg/braintrust/group.go", client, "internal/cli/groups/delete.go", model)
	expect(t, check, "", "pkg/braintrust/group.go", client, "internal/change/group.go", direct)
}

func TestLinkRuleCatchesViolations(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"[a](go.mod)":                      "",
		"[a](docs/gone.md)":                "not there",
		"[a](CONTRIBUTING.md#nowhere)":     "no such heading",
		"`[a](docs/gone.md)`":              "",
		"[a](https://example.com/gone.md)": "",
	}
	for text, want := range tests {
		got := strings.Join(brokenLinks("README.md", text), "\n")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}

// expect runs a rule over files given as path, text, path, text.
func expect(t *testing.T, check func([]*source) []string, want string, pathsAndTexts ...string) {
	t.Helper()
	var files []*source
	for i := 0; i < len(pathsAndTexts); i += 2 {
		s, err := parse(pathsAndTexts[i], []byte(pathsAndTexts[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, s)
	}
	found := strings.Join(check(files), "\n")
	switch {
	case want == "" && found != "":
		t.Errorf("a rule objects to what is allowed: %s", found)
	case want != "" && !strings.Contains(found, want):
		t.Errorf("found %q, want something with %q", found, want)
	}
}
