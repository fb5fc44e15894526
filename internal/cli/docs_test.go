package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"btadmin/internal/exit"
)

// TestDocumentsRun runs every block of shell commands in the README and the quickstart, as a user who pastes
// them one after the other.
func TestDocumentsRun(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		"README.md", "docs/quickstart.md", "docs/access-review.md", "docs/ci.md", "docs/policy.md", "docs/openfga.md", "docs/access.md",
		"docs/hybrid.md", "docs/migrate.md", "docs/troubleshooting.md", "docs/scripting.md",
	} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(page)))
			if err != nil {
				t.Fatal(err)
			}
			blocks := shellBlocks(string(raw))
			if len(blocks) == 0 {
				t.Fatal("no block of shell commands")
			}
			if out, err := newShellHome(t).run(t, "sh", "set -x\n"+strings.Join(blocks, "\n")); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// shellBlocks returns what is between ```sh and ```.
func shellBlocks(page string) []string {
	var blocks []string
	for {
		_, rest, found := strings.Cut(page, "```sh\n")
		if !found {
			return blocks
		}
		block, after, _ := strings.Cut(rest, "```")
		blocks, page = append(blocks, block), after
	}
}

// The messages in docs/troubleshooting.md are in the source of the program, and every exit code has its part.
func TestTroubleshootingQuotesTheProgram(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	raw, err := os.ReadFile(filepath.Join(root, "docs", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, code := range []exit.Code{
		exit.Failure, exit.Auth, exit.Network, exit.BadInput, exit.Partial, exit.No, exit.Refused, exit.Bug, exit.Interrupted,
	} {
		if !strings.Contains(page, fmt.Sprintf("\n## %d: ", code)) {
			t.Errorf("no part about exit code %d", code)
		}
	}
	var program strings.Builder
	for _, folder := range []string{"internal", "pkg"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			program.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	source, quoted := program.String(), 0
	for _, line := range strings.Split(page, "\n") {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for i, span := range strings.Split(cell, "`") {
			if i%2 == 0 {
				continue
			}
			for _, part := range strings.Split(span, "...") {
				if part = strings.Trim(part, " ,():;"); len(part) > 3 {
					quoted++
					if !strings.Contains(source, part) {
						t.Errorf("no message says %q", part)
					}
				}
			}
		}
	}
	if quoted < 40 {
		t.Errorf("%d messages: the tables were not found", quoted)
	}
}
