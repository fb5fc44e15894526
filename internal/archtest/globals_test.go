package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// tableMakers are the functions whose result may be a package variable: an error, or a table that nobody
// changes.
func tableMakers() map[string][]string {
	return map[string][]string{
		"errors":    {"New"},
		"fmt":       {"Errorf"},
		"regexp":    {"MustCompile"},
		"strings":   {"NewReplacer"},
		"sync":      {"OnceFunc", "OnceValue", "OnceValues"},
		"net/netip": {"MustParseAddr", "MustParsePrefix"},

		modulePath + "/internal/exit":                 {"New", "Newf"},
		"github.com/go-json-experiment/json":          {"JoinOptions"},
		"github.com/go-json-experiment/json/jsontext": {"AllowInvalidUTF8"},
	}
}

func TestNoPackageVariables(t *testing.T) {
	t.Parallel()
	complain(t, checkGlobals(production(sources(t))))
}

// checkGlobals finds package variables that are neither errors nor constant tables, and assignments to
// those that are.
func checkGlobals(files []*source) []string {
	var found []string
	globals := map[string]map[string]bool{} // package -> names
	for _, s := range files {
		for _, spec := range packageVars(s) {
			for i, name := range spec.Names {
				if name.Name == "_" {
					continue // a compile-time assertion
				}
				if globals[s.pkg] == nil {
					globals[s.pkg] = map[string]bool{}
				}
				globals[s.pkg][name.Name] = true
				if !constantTable(s, spec, i) {
					found = append(found, fmt.Sprintf("%s: package variable %s: only errors and constant tables may be", s.at(name.Pos()), name.Name))
				}
			}
		}
	}
	for _, s := range files {
		found = append(found, assignments(s, globals[s.pkg])...)
	}
	return found
}

func packageVars(s *source) []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, decl := range s.ast.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			vs := spec.(*ast.ValueSpec)
			if embedded(group.Doc) || embedded(vs.Doc) {
				continue
			}
			specs = append(specs, vs)
		}
	}
	return specs
}

func embedded(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// constantTable reports whether the i-th variable of spec holds an error or a table.
func constantTable(s *source, spec *ast.ValueSpec, i int) bool {
	if len(spec.Values) == 0 {
		return s.ast.Name.Name == "main" && linkerStamp(spec)
	}
	if len(spec.Values) != len(spec.Names) {
		return false
	}
	switch value := spec.Values[i].(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, literal := value.X.(*ast.CompositeLit)
		return value.Op == token.AND && literal
	case *ast.CallExpr:
		if _, conversion := value.Fun.(*ast.ArrayType); conversion {
			return true
		}
		sel, ok := value.Fun.(*ast.SelectorExpr)
		return ok && slices.Contains(tableMakers()[s.imported(sel.X)], sel.Sel.Name)
	}
	return false
}

// linkerStamp reports whether spec is a string that a release build fills in.
func linkerStamp(spec *ast.ValueSpec) bool {
	id, ok := spec.Type.(*ast.Ident)
	return ok && id.Name == "string"
}

// assignments finds changes of package variables inside their own package.
func assignments(s *source, globals map[string]bool) []string {
	var found []string
	check := func(target ast.Expr) {
		id := root(target)
		if id == nil || !globals[id.Name] {
			return
		}
		if id.Obj != nil {
			if _, atTop := id.Obj.Decl.(*ast.ValueSpec); !atTop || s.ast.Scope.Lookup(id.Name) != id.Obj {
				return // a local of the same name
			}
		}
		found = append(found, fmt.Sprintf("%s: %s is a package variable and may not change", s.at(target.Pos()), id.Name))
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch stmt := n.(type) {
		case *ast.AssignStmt:
			if stmt.Tok != token.DEFINE {
				for _, target := range stmt.Lhs {
					check(target)
				}
			}
		case *ast.IncDecStmt:
			check(stmt.X)
		}
		return true
	})
	return found
}

// root is the variable that an expression such as v.f[i] belongs to.
func root(expr ast.Expr) *ast.Ident {
	for {
		switch x := expr.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			expr = x.X
		case *ast.SelectorExpr:
			expr = x.X
		case *ast.StarExpr:
			expr = x.X
		case *ast.ParenExpr:
			expr = x.X
		default:
			return nil
		}
	}
}
