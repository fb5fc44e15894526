package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The list of decisions is made of their titles, because several people write decisions at once.
const (
	decisionsDir  = "docs/adr"
	decisionsFile = decisionsDir + "/README.md"
)

var decisionTitle = regexp.MustCompile(`^# (\d{4}):? (.+)$`)

// decisions renders the list of decisions. dir is the root of the module.
func decisions(dir string) ([]byte, error) {
	paths, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(decisionsDir), "[0-9]*.md")) // sorted
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("# Decisions\n\nHalf a page each: what was decided, why, what it costs. A decision that no longer holds is changed, not kept.\n\n")
	taken := map[string]string{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("listing the decisions: %w", err)
		}
		name := filepath.Base(path)
		first, _, _ := strings.Cut(string(raw), "\n")
		title := decisionTitle.FindStringSubmatch(first)
		if title == nil || !strings.HasPrefix(name, title[1]+"-") {
			return nil, fmt.Errorf("listing the decisions: %s does not begin with %q and a title", name, "# "+name[:4])
		}
		if other, twice := taken[title[1]]; twice {
			return nil, fmt.Errorf("listing the decisions: %s and %s have the same number", other, name)
		}
		taken[title[1]] = name
		fmt.Fprintf(&b, "- [%s %s](%s)\n", title[1], title[2], name)
	}
	return []byte(b.String()), nil
}
