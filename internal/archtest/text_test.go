package archtest

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The character classes keep these expressions from finding themselves.
var (
	unfinished  = regexp.MustCompile(`(?i)\b(tod[o]|fixm[e]|xx[x]):|not (yet )?implemente[d]|\bt\.Ski[p](f|Now)?\(`)
	machinePath = regexp.MustCompile(`/(wor[k]|roo[t])/[a-z.]`)
)

func TestNothingIsUnfinished(t *testing.T) {
	t.Parallel()
	err := walk(func(name string, text []byte) error {
		for i, line := range strings.Split(string(text), "\n") {
			if path.Ext(name) == ".go" && unfinished.MatchString(line) && !strings.Contains(line, "openapi") {
				t.Errorf("%s:%d: a stub, a reminder or a skipped test: %s", name, i+1, strings.TrimSpace(line))
			}
			if machinePath.MatchString(line) {
				t.Errorf("%s:%d: a path of one machine: %s", name, i+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	fence    = regexp.MustCompile("(?ms)^```.*?^```")
	codeSpan = regexp.MustCompile("`[^`\n]*`")
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	noAnchor = regexp.MustCompile(`[^a-z0-9 _-]`)
)

func TestRelativeLinksResolve(t *testing.T) {
	t.Parallel()
	err := walk(func(name string, text []byte) error {
		if path.Ext(name) == ".md" {
			complain(t, brokenLinks(name, string(text)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// brokenLinks finds links to files or headings of this repository that are not there.
func brokenLinks(name, text string) []string {
	var found []string
	prose := codeSpan.ReplaceAllString(fence.ReplaceAllString(text, ""), "``")
	for _, match := range link.FindAllStringSubmatch(prose, -1) {
		target, anchor, _ := strings.Cut(match[1], "#")
		if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
			continue
		}
		pointed := name
		if target != "" {
			pointed = path.Join(path.Dir(name), target)
		}
		content, err := os.ReadFile(filepath.Join(moduleRoot, filepath.FromSlash(pointed)))
		if info, statErr := os.Stat(filepath.Join(moduleRoot, filepath.FromSlash(pointed))); statErr == nil && info.IsDir() {
			continue
		}
		if err != nil {
			found = append(found, fmt.Sprintf("%s links to %s, which is not there", name, match[1]))
			continue
		}
		if anchor != "" && path.Ext(pointed) == ".md" && !hasAnchor(string(content), anchor) {
			found = append(found, fmt.Sprintf("%s links to %s, which has no such heading", name, match[1]))
		}
	}
	return found
}

// hasAnchor reports whether a heading of text gets this anchor on the usual Markdown hosts.
func hasAnchor(text, anchor string) bool {
	for _, match := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		slug := strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-")
		if slug == anchor {
			return true
		}
	}
	return false
}
