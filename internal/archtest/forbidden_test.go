package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// selectorRule forbids names of a package, except to some packages of this module.
type selectorRule struct {
	importPath string
	names      []string
	except     []string // packages that may; "main" stands for every main package
	only       []string // packages that the rule is about; empty: all
	because    string
}

// selectorRules is rule 3 of docs/architecture.md.
func selectorRules() []selectorRule {
	environment := []string{"internal/config", "internal/credentials", "internal/iostreams"}
	return []selectorRule{
		{importPath: "os", names: []string{"Exit"}, except: []string{"main"}, because: "only main ends the process"},
		{importPath: "syscall", names: []string{"Exit", "Getenv", "Environ"}, because: "only main ends the process, and the environment has its packages"},
		{importPath: "log", names: []string{"Fatal", "Fatalf", "Fatalln", "Print", "Printf", "Println"}, because: "errors are returned, output goes through iostreams"},
		{importPath: "os", names: []string{"Stdin", "Stdout", "Stderr"}, except: []string{"internal/iostreams"}, because: "the streams belong to iostreams"},
		{importPath: "fmt", names: []string{"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"}, because: "the streams belong to iostreams"},
		{
			importPath: "os",
			names: []string{
				"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Clearenv",
				"UserHomeDir", "UserConfigDir", "UserCacheDir", "TempDir",
			},
			except: environment, because: "the environment is read in config, credentials and iostreams",
		},
		{
			importPath: "net/http", names: []string{"DefaultClient", "Get", "Head", "Post", "PostForm"},
			because: "the default client follows redirects and has no time limit",
		},
		{
			importPath: "net/http", names: []string{"NewRequest", "NewRequestWithContext"},
			// The model of a Terraform provider is somebody else's program, and what it sends is what is measured.
			except: []string{"pkg/braintrust", "test/terraform/provider"}, because: "requests leave through the client",
		},
		{
			importPath: "time", names: []string{"Now", "Since", "Until"}, only: []string{"pkg/access"},
			because: "the permission model has no clock",
		},
	}
}

func TestForbiddenNames(t *testing.T) {
	t.Parallel()
	complain(t, checkSelectors(production(sources(t))))
}

func checkSelectors(files []*source) []string {
	var found []string
	for _, s := range files {
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			importPath := s.imported(sel.X)
			if importPath == "" {
				return true
			}
			for _, rule := range selectorRules() {
				if rule.importPath == importPath && slices.Contains(rule.names, sel.Sel.Name) && !rule.permits(s) {
					found = append(found, fmt.Sprintf("%s: %s.%s: %s", s.at(sel.Pos()), importPath, sel.Sel.Name, rule.because))
				}
			}
			return true
		})
	}
	return found
}

func (r selectorRule) permits(s *source) bool {
	if len(r.only) > 0 && !matches(s.pkg, r.only...) {
		return true
	}
	return matches(s.pkg, r.except...) || s.ast.Name.Name == "main" && slices.Contains(r.except, "main")
}

func TestNoInit(t *testing.T) {
	t.Parallel()
	complain(t, checkInit(sources(t)))
}

func checkInit(files []*source) []string {
	var found []string
	for _, s := range files {
		for _, decl := range s.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, s.at(fn.Pos())+": func init: nothing happens at start-up that the command does not need")
			}
		}
	}
	return found
}

// writersMayNotCall are the packages from which a mutation has to take the road of internal/change.
func writersMayNotCall() []string {
	return []string{
		"internal/app/...", "internal/batch/...", "internal/cli/...", "internal/orgstate/...",
		"internal/output/...", "internal/policy/...", "internal/resolve/...",
	}
}

func TestWritesGoThroughChange(t *testing.T) {
	t.Parallel()
	files := production(sources(t))
	writers := clientWriters(files)
	if len(writers) < 10 {
		t.Fatalf("only %d writing methods of *braintrust.Client were found: %v", len(writers), writers)
	}
	complain(t, checkWriters(files, writers))
}

// clientWriters lists the methods of *braintrust.Client that change something.
func clientWriters(files []*source) map[string]bool {
	writers := map[string]bool{}
	for _, s := range files {
		if s.pkg != "pkg/braintrust" {
			continue
		}
		for _, decl := range s.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || receiver(fn) != "Client" {
				continue
			}
			for _, verb := range []string{"Create", "Update", "Delete"} {
				if strings.HasPrefix(fn.Name.Name, verb) {
					writers[fn.Name.Name] = true
				}
			}
		}
	}
	return writers
}

// checkWriters finds calls of them. They take a context and what to write, so two arguments tell them from
// the methods of the same name that only change a model in memory.
func checkWriters(files []*source, writers map[string]bool) []string {
	var found []string
	for _, s := range files {
		if !matches(s.pkg, writersMayNotCall()...) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && writers[sel.Sel.Name] && s.imported(sel.X) == "" {
				found = append(found, fmt.Sprintf("%s: %s: writes go through internal/change", s.at(call.Pos()), sel.Sel.Name))
			}
			return true
		})
	}
	return found
}

// receiver is the name of a method's type, "" for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	expr := fn.Recv.List[0].Type
	for {
		switch x := expr.(type) {
		case *ast.StarExpr:
			expr = x.X
		case *ast.IndexExpr:
			expr = x.X
		case *ast.IndexListExpr:
			expr = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
