package archtest

import (
	"fmt"
	"go/ast"
	"sort"
	"strings"
	"testing"
)

// onlyRule says who may import something.
type onlyRule struct {
	imports []string // full import paths, "/..." allowed
	allowed []string // packages of this module, "/..." allowed
	because string
}

// onlyRules is rule 2 of docs/architecture.md, and the direction of the arrows in its picture.
func onlyRules() []onlyRule {
	return []onlyRule{
		{[]string{"github.com/spf13/cobra/..."}, []string{"cmd/gen", "internal/cli/...", "internal/flags"}, "the command line stays at the top"},
		{[]string{"github.com/AlecAivazis/survey/v2/..."}, []string{"internal/prompt"}, "one package asks"},
		{[]string{"github.com/spf13/viper/..."}, []string{"internal/config"}, "one package reads settings"},
		{[]string{"github.com/olekukonko/tablewriter/..."}, []string{"internal/output"}, "one package prints tables"},
		{[]string{"github.com/itchyny/gojq/..."}, []string{"internal/output"}, "one package filters JSON"},
		{[]string{"github.com/zalando/go-keyring/..."}, []string{"internal/credentials"}, "one package opens the keyring"},
		{[]string{"modernc.org/sqlite/...", "database/sql/..."}, []string{"internal/sandbox/store"}, "one package knows the store"},
		{[]string{modulePath + "/internal/app"}, []string{"cmd/gen", "internal/cli/..."}, "nothing points up"},
		{[]string{modulePath + "/internal/cli/..."}, []string{"cmd/...", "internal/cli/..."}, "nothing points up"},
		// labelfile reads its YAML as strictly as policies: with internal/policy/syntax.
		{[]string{modulePath + "/internal/policy/..."}, []string{"cmd/gen", "internal/cli/...", "internal/labelfile", "internal/policy/..."}, "nothing points up"},
		{[]string{"github.com/invopop/jsonschema/..."}, []string{"cmd/gen"}, "the program embeds the schema of policies, it does not make it"},
	}
}

// neverRule says what a package may not import, whoever else may.
type neverRule struct {
	packages []string
	imports  []string
	because  string
}

func neverRules() []neverRule {
	internal := func(names ...string) []string {
		for i, name := range names {
			names[i] = modulePath + "/internal/" + name + "/..."
		}
		return names
	}
	return []neverRule{
		{[]string{"pkg/..."}, []string{modulePath + "/internal/..."}, "other programs import pkg"},
		{
			[]string{"pkg/access"}, []string{"net/...", "os/...", "io/fs", "syscall", "path/filepath", "golang.org/x/sys/..."},
			"the permission model is pure: no network, no files",
		},
		{[]string{"internal/change/..."}, internal("app", "cli", "flags", "policy", "prompt", "output"), "a plan knows neither YAML nor flags"},
		{[]string{"internal/change/..."}, []string{"github.com/spf13/pflag/...", "go.yaml.in/yaml/..."}, "a plan knows neither YAML nor flags"},
		{[]string{"internal/policy/..."}, []string{"net/http/..."}, "a document is compared with a snapshot, not with a server"},
		{
			[]string{"internal/sandbox/..."},
			internal("app", "change", "cli", "config", "credentials", "flags", "orgstate", "output", "policy", "prompt", "resolve"),
			"the sandbox takes no shortcut that a real server lacks",
		},
	}
}

// allowList is for packages with a short, closed list of dependencies beside the standard library.
func allowList() map[string][]string {
	return map[string][]string{
		"pkg/braintrust":     {"github.com/go-json-experiment/json/...", "golang.org/x/time/..."},
		"pkg/access":         {"github.com/go-json-experiment/json/...", modulePath + "/pkg/braintrust"},
		"pkg/access/openfga": {modulePath + "/pkg/access", modulePath + "/pkg/braintrust"},
	}
}

func TestImportRules(t *testing.T) {
	t.Parallel()
	complain(t, checkImports(production(sources(t))))
}

func checkImports(files []*source) []string {
	var found []string
	for _, s := range files {
		for _, importPath := range sortedImports(s) {
			found = append(found, checkImport(s, importPath)...)
		}
	}
	return found
}

func checkImport(s *source, importPath string) []string {
	var found []string
	for _, rule := range onlyRules() {
		if matches(importPath, rule.imports...) && !matches(s.pkg, rule.allowed...) {
			found = append(found, fmt.Sprintf("%s imports %s, which only %s may: %s", s.path, importPath, strings.Join(rule.allowed, ", "), rule.because))
		}
	}
	for _, rule := range neverRules() {
		if matches(s.pkg, rule.packages...) && matches(importPath, rule.imports...) {
			found = append(found, fmt.Sprintf("%s imports %s: %s", s.path, importPath, rule.because))
		}
	}
	if allowed, closed := allowList()[s.pkg]; closed && !standard(importPath) && !matches(importPath, allowed...) {
		found = append(found, fmt.Sprintf("%s imports %s: %s may use the standard library and %s", s.path, importPath, s.pkg, strings.Join(allowed, ", ")))
	}
	return found
}

// standard reports whether an import path belongs to the standard library.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return first != modulePath && !strings.Contains(first, ".")
}

func sortedImports(s *source) []string {
	var paths []string
	for _, importPath := range s.imports {
		paths = append(paths, importPath)
	}
	sort.Strings(paths)
	return paths
}

func TestNounsDoNotImportEachOther(t *testing.T) {
	t.Parallel()
	complain(t, checkNouns(production(sources(t))))
}

// checkNouns finds command packages below internal/cli that import one another. A command package is one
// that exports a constructor of a command, so a new noun is covered without being listed.
func checkNouns(files []*source) []string {
	nouns := map[string]bool{}
	for _, s := range files {
		if strings.HasPrefix(s.pkg, "internal/cli/") && exportsCommand(s) {
			nouns[modulePath+"/"+s.pkg] = true
		}
	}
	var found []string
	for _, s := range files {
		if !nouns[modulePath+"/"+s.pkg] {
			continue
		}
		for _, importPath := range sortedImports(s) {
			if nouns[importPath] {
				found = append(found, fmt.Sprintf("%s imports %s: nouns never import each other", s.path, importPath))
			}
		}
	}
	return found
}

// exportsCommand reports whether the file has an exported func New...(*app.App, ...) *cobra.Command.
func exportsCommand(s *source) bool {
	for _, decl := range s.ast.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "New") {
			continue
		}
		params, results := fn.Type.Params.List, fn.Type.Results
		if len(params) > 0 && results != nil && len(results.List) == 1 &&
			pointsTo(params[0].Type, "app", "App") && pointsTo(results.List[0].Type, "cobra", "Command") {
			return true
		}
	}
	return false
}

func pointsTo(expr ast.Expr, pkg, name string) bool {
	star, ok := expr.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg && sel.Sel.Name == name
}
