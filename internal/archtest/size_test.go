package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// The budgets of rule 5, in lines.
const (
	maxLines     = 400
	maxTestLines = 500
	maxMedian    = 150
)

// maxMethods is the largest interface (rule 4).
const maxMethods = 3

func TestFileLengths(t *testing.T) {
	t.Parallel()
	complain(t, checkLengths(sources(t)))
}

func checkLengths(files []*source) []string {
	var found []string
	var lengths []int
	for _, s := range files {
		limit := maxLines
		if s.test {
			limit = maxTestLines
		} else {
			lengths = append(lengths, s.lines)
		}
		if s.lines > limit {
			found = append(found, fmt.Sprintf("%s has %d lines, the budget is %d: it probably holds two ideas", s.path, s.lines, limit))
		}
	}
	slices.Sort(lengths)
	if len(lengths) > 0 && lengths[len(lengths)/2] > maxMedian {
		found = append(found, fmt.Sprintf("the median file has %d lines, about 120 is the aim", lengths[len(lengths)/2]))
	}
	return found
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	complain(t, checkNames(sources(t)))
}

// checkNames finds folders and files that are named after nothing in particular.
func checkNames(files []*source) []string {
	vague := []string{"util", "utils", "common", "helper", "helpers", "types", "manager", "misc"}
	var found []string
	for _, s := range files {
		name := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		for _, word := range append(strings.Split(s.pkg, "/"), strings.Split(name, "_")...) {
			if slices.Contains(vague, word) {
				found = append(found, fmt.Sprintf("%s: %q names no idea", s.path, word))
			}
		}
	}
	return found
}

func TestInterfacesAreSmall(t *testing.T) {
	t.Parallel()
	complain(t, checkInterfaces(production(sources(t))))
}

// checkInterfaces leaves alone what has an unexported method: that is a closed list of types, such as the
// steps of a plan, and no seam between a consumer and anybody else.
func checkInterfaces(files []*source) []string {
	var found []string
	for _, s := range files {
		ast.Inspect(s.ast, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if it, ok := spec.Type.(*ast.InterfaceType); ok && it.Methods.NumFields() > maxMethods && !closed(it) {
				found = append(found, fmt.Sprintf("%s: interface %s has %d methods, at most %d", s.at(spec.Pos()), spec.Name.Name, it.Methods.NumFields(), maxMethods))
			}
			return true
		})
	}
	return found
}

func closed(it *ast.InterfaceType) bool {
	for _, method := range it.Methods.List {
		for _, name := range method.Names {
			if !name.IsExported() {
				return true
			}
		}
	}
	return false
}
