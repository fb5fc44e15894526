package archtest

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestArchitecturePage: docs/architecture.md names only what is there, and every package.
func TestArchitecturePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(moduleRoot, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	complain(t, missingPaths(string(page), func(name string) bool {
		found, err := filepath.Glob(filepath.Join(moduleRoot, filepath.FromSlash(name)))
		return err == nil && len(found) > 0
	}))
	folders := map[string]bool{}
	for _, s := range production(sources(t)) {
		if rest, below := strings.CutPrefix(s.pkg, "internal/"); below {
			first, _, _ := strings.Cut(rest, "/")
			folders[first] = true
		}
	}
	complain(t, unnamedPackages(string(page), folders))
}

// inTree is a code span that says where something is.
var inTree = regexp.MustCompile("`((?:internal|pkg|cmd|test|scripts|docs)/[^` ]+|action\\.yml)`")

// missingPaths lists the paths of a page that are not there. Names in capitals stand for any.
func missingPaths(page string, there func(string) bool) []string {
	var found []string
	for _, match := range inTree.FindAllStringSubmatch(page, -1) {
		name := strings.TrimSuffix(match[1], "/...")
		if strings.Contains(name, "NOUN") || there(name) {
			continue
		}
		found = append(found, "docs/architecture.md names "+name+", which is not there")
	}
	return found
}

// unnamedPackages lists the folders of internal that a page says nothing about.
func unnamedPackages(page string, folders map[string]bool) []string {
	var found []string
	for folder := range folders {
		named := regexp.MustCompile(`(?:internal/|[` + "`" + ` ,])` + regexp.QuoteMeta(folder) + `(?:[` + "`" + `/ ,]|$)`)
		if !named.MatchString(page) {
			found = append(found, "docs/architecture.md does not say what "+path.Join("internal", folder)+" is")
		}
	}
	return found
}

func TestArchitecturePageIsChecked(t *testing.T) {
	t.Parallel()
	there := func(name string) bool { return name == "internal/a/*.go" }
	if got := missingPaths("`internal/a/*.go` `internal/b/c.go` `internal/cli/NOUN/VERB.go`", there); len(got) != 1 {
		t.Errorf("missing: %q", got)
	}
	if got := unnamedPackages("`a`, `internal/b/x.go`", map[string]bool{"a": true, "b": true, "c": true}); len(got) != 1 {
		t.Errorf("unnamed: %q", got)
	}
}
