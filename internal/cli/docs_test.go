package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentsRun runs every block of shell commands in the README and the quickstart, as a user who pastes
// them one after the other.
func TestDocumentsRun(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		"README.md", "docs/quickstart.md", "docs/access-review.md", "docs/policy.md", "docs/openfga.md", "docs/access.md",
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
