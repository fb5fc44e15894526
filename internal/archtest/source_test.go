package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// modulePath is the name of this module, see go.mod.
const modulePath = "btadmin"

// moduleRoot is where go.mod lies, seen from this package.
const moduleRoot = "../.."

// source is one parsed Go file. All build constraints are ignored: the rules hold on every system.
type source struct {
	path    string // slash-separated, from the module root
	pkg     string // folder of path, such as internal/cli/groups
	test    bool
	lines   int
	fset    *token.FileSet
	ast     *ast.File
	imports map[string]string // local name -> import path
}

// at names a place in the file, for messages.
func (s *source) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(pos).Line)
}

// imported returns the import path that id stands for in a selector, "" when it is a variable.
func (s *source) imported(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok || id.Obj != nil { // declared in this file: not the package
		return ""
	}
	return s.imports[id.Name]
}

// parse makes a source from text.
func parse(name string, text []byte) (*source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	s := &source{
		path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
		lines: bytes.Count(text, []byte("\n")), fset: fset, ast: file, imports: map[string]string{},
	}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		s.imports[localName(spec, importPath)] = importPath
	}
	return s, nil
}

// localName is what a file calls an imported package. The guess without a name is right for every module
// that is used here: a major version at the end is no name.
func localName(spec *ast.ImportSpec, importPath string) string {
	if spec.Name != nil {
		if spec.Name.Name == "_" || spec.Name.Name == "." {
			return spec.Name.Name + importPath // several may be there
		}
		return spec.Name.Name
	}
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// module parses every Go file of the module once for all tests.
var module = sync.OnceValues(func() ([]*source, error) {
	var all []*source
	err := walk(func(name string, text []byte) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		s, err := parse(name, text)
		if err != nil {
			return err
		}
		all = append(all, s)
		return nil
	})
	return all, err
})

// sources is module for a test.
func sources(t *testing.T) []*source {
	t.Helper()
	all, err := module()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files were found: is %s the module root?", len(all), moduleRoot)
	}
	return all
}

// production leaves the tests out: they may reach across the house.
func production(all []*source) []*source {
	var files []*source
	for _, s := range all {
		if !s.test {
			files = append(files, s)
		}
	}
	return files
}

// walk visits every text file that belongs to the project.
func walk(visit func(name string, text []byte) error) error {
	return filepath.WalkDir(moduleRoot, func(full string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(moduleRoot, full)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if entry.IsDir() {
			switch entry.Name() {
			case ".", "..", ".ci", ".github":
				return nil
			case "testdata", "vendor", "node_modules", "dist":
				return fs.SkipDir
			}
			if strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		switch path.Ext(name) {
		case ".go", ".md", ".yml", ".yaml", ".sh", ".txt", ".mod", "":
		default:
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(full)
		if err != nil || bytes.IndexByte(text, 0) >= 0 { // a built program
			return err
		}
		return visit(name, text)
	})
}

// matches reports whether a package is one of the patterns: a path, or a path with "/..." for everything
// from there down.
func matches(pkg string, patterns ...string) bool {
	for _, pattern := range patterns {
		if base, deep := strings.CutSuffix(pattern, "/..."); deep {
			if pkg == base || strings.HasPrefix(pkg, base+"/") {
				return true
			}
		} else if pkg == pattern {
			return true
		}
	}
	return false
}

// complain fails the test with every finding on a line of its own.
func complain(t *testing.T, findings []string) {
	t.Helper()
	for _, finding := range findings {
		t.Error(finding)
	}
}
