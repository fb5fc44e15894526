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

var decisionTitle = regexp.MustCompile(`^# (?:ADR )?(\d+)[.:]? (.+)$`)

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
		number, _, _ := strings.Cut(name, "-")
		if title == nil || strings.TrimLeft(title[1], "0") != strings.TrimLeft(number, "0") {
			return nil, fmt.Errorf("listing the decisions: %s does not begin with %q and a title", name, "# "+number)
		}
		if other, twice := taken[number]; twice {
			return nil, fmt.Errorf("listing the decisions: %s and %s have the same number", other, name)
		}
		taken[number] = name
		fmt.Fprintf(&b, "- [%s %s](%s)\n", number, title[2], name)
	}
	return []byte(b.String()), nil
}
