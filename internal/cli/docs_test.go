package cli_test

import (
	"os"
	"os/exec"
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
			dir := t.TempDir()
			bin, home := filepath.Join(dir, "bin"), filepath.Join(dir, "home")
			path, err := exec.LookPath(program)
			if err != nil {
				t.Fatal(err)
			}
			for _, folder := range []string{bin, home} {
				if err := os.Mkdir(folder, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(path, filepath.Join(bin, program)); err != nil {
				t.Fatal(err)
			}
			wrapper := "#!/bin/sh\nexec " + filepath.Join(bin, program) + " \"$@\"\n"
			if err := os.WriteFile(filepath.Join(bin, "btadmin"), []byte(wrapper), 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-x")
			cmd.Dir = home
			cmd.Env = []string{"HOME=" + home, "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}
			cmd.Stdin = strings.NewReader(strings.Join(blocks, "\n"))
			if out, err := cmd.CombinedOutput(); err != nil {
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
