package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDecisionsAreListed(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, filepath.FromSlash(decisionsDir))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("0002-b.md", "# 0002: Second\n\nText.\n")
	put("0001-a.md", "# 0001 First\n")
	put("README.md", "stale")
	got, err := decisions(root)
	if err != nil || !strings.HasSuffix(string(got), "\n\n- [0001 First](0001-a.md)\n- [0002 Second](0002-b.md)\n") {
		t.Errorf("%v\n%s", err, got)
	}
	put("0002-c.md", "# 0002 Another\n")
	if _, err := decisions(root); err == nil || !strings.Contains(err.Error(), "the same number") {
		t.Errorf("a number twice: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "0002-c.md")); err != nil {
		t.Fatal(err)
	}
	put("0003-c.md", "# 0004 Another\n")
	if _, err := decisions(root); err == nil || !strings.Contains(err.Error(), "0003-c.md does not begin") {
		t.Errorf("a wrong number: %v", err)
	}
}
