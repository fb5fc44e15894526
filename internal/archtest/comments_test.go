package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"testing"
)

func TestExportedThingsHaveDocComments(t *testing.T) {
	t.Parallel()
	complain(t, checkComments(production(sources(t))))
}

// checkComments finds packages without a package comment and exported names without a doc comment. The
// comment of a group of constants, variables or types serves its members.
func checkComments(files []*source) []string {
	var found []string
	documented := map[string]bool{}
	first := map[string]*source{}
	for _, s := range files {
		documented[s.pkg] = documented[s.pkg] || s.ast.Doc != nil
		if first[s.pkg] == nil {
			first[s.pkg] = s
		}
		for _, decl := range s.ast.Decls {
			found = append(found, undocumented(s, decl)...)
		}
	}
	for _, s := range files {
		if first[s.pkg] == s && !documented[s.pkg] {
			found = append(found, s.pkg+": no package comment")
		}
	}
	return found
}

func undocumented(s *source, decl ast.Decl) []string {
	var found []string
	missing := func(name *ast.Ident) {
		found = append(found, fmt.Sprintf("%s: %s has no doc comment", s.at(name.Pos()), name.Name))
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		of := receiver(d)
		if d.Name.IsExported() && (of == "" || ast.IsExported(of)) && d.Doc == nil {
			missing(d.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT || d.Doc != nil && d.Lparen.IsValid() {
			return nil
		}
		for _, spec := range d.Specs {
			switch sp := spec.(type) {
			case *ast.TypeSpec:
				if sp.Name.IsExported() && sp.Doc == nil && d.Doc == nil {
					missing(sp.Name)
				}
			case *ast.ValueSpec:
				for _, name := range sp.Names {
					if name.IsExported() && sp.Doc == nil && sp.Comment == nil && d.Doc == nil {
						missing(name)
					}
				}
			}
		}
	}
	return found
}
