package cli_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"btadmin/internal/build"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// patience bounds a test that would hang; no test waits for it to pass.
const patience = 2 * time.Minute

// person is somebody with a home, an environment and a shell, but no terminal.
type person struct {
	t    testing.TB
	home string
	dir  string // where the commands run
	env  []string
}

// newPerson is a person without an account, who has only --sandbox.
func newPerson(t testing.TB, env ...string) *person {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	base := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	return &person{t: t, home: home, dir: home, env: append(base, env...)}
}

// owner is a person with the owner's token of this site.
func (s *site) owner(t testing.TB, env ...string) *person {
	t.Helper()
	return newPerson(t, append([]string{"BRAINTRUST_API_URL=" + s.url, "BRAINTRUST_API_KEY=" + s.key()}, env...)...)
}

// on is the same person in a part of the test.
func (p *person) on(t testing.TB) *person {
	same := *p
	same.t = t
	return &same
}

// ended is what a command left behind.
type ended struct {
	code           int
	stdout, stderr string
}

// btadmin runs the program.
func (p *person) btadmin(args ...string) ended {
	p.t.Helper()
	return p.piped("", program, args...)
}

// sh runs a line of shell in which $btadmin is the program.
func (p *person) sh(line string) ended {
	p.t.Helper()
	return p.piped("", "sh", "-c", "btadmin="+program+"; "+line)
}

// piped runs a command with something on standard input.
func (p *person) piped(stdin, name string, args ...string) ended {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := p.command(ctx, name, args...)
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	code := exitCode(p.t, cmd.Run())
	if ctx.Err() != nil {
		p.t.Fatalf("%s %v did not end; stdout %q, stderr %q", name, args, &out, &errOut)
	}
	return ended{code, out.String(), errOut.String()}
}

func (p *person) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	p.t.Helper()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.WaitDelay = time.Second
	return cmd
}

func exitCode(t testing.TB, err error) int {
	t.Helper()
	var exited *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exited):
		return exited.ExitCode()
	}
	t.Fatal(err)
	return -1
}

// must runs a command that has to succeed and returns its standard output.
func (p *person) must(args ...string) string {
	p.t.Helper()
	got := p.btadmin(args...)
	if got.code != 0 {
		p.t.Fatalf("btadmin %q: exit code %d: %s", args, got.code, got.stderr)
	}
	return got.stdout
}

// refused runs a command that has to fail with this code, saying all of these words on standard error.
func (p *person) refused(code int, words []string, args ...string) ended {
	p.t.Helper()
	got := p.btadmin(args...)
	got.expect(p.t, code, words...)
	return got
}

// expect checks the exit code, and words on standard error.
func (e ended) expect(t testing.TB, code int, words ...string) {
	t.Helper()
	if e.code != code {
		t.Errorf("exit code %d, want %d; stdout %q, stderr %q", e.code, code, e.stdout, e.stderr)
	}
	for _, word := range words {
		if !strings.Contains(e.stderr, word) {
			t.Errorf("%q is missing in stderr %q", word, e.stderr)
		}
	}
}

// journals are the folders of the person's journals.
func (p *person) journals() []string {
	p.t.Helper()
	dirs, err := filepath.Glob(filepath.Join(p.home, ".local", "state", "btadmin", "journal", "*", "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	return dirs
}

// lastRun is the newest run of the person's only journal, which must be whole.
func (p *person) lastRun() journal.Run {
	p.t.Helper()
	dirs := p.journals()
	if len(dirs) != 1 {
		p.t.Fatalf("journals: %q, want one", dirs)
	}
	if _, _, err := journal.Verify(dirs[0]); err != nil {
		p.t.Errorf("the journal: %v", err)
	}
	runs, damage, err := journal.Runs(dirs[0])
	if err != nil || len(damage) > 0 || len(runs) == 0 {
		p.t.Fatalf("runs %+v, damage %v, %v", runs, damage, err)
	}
	return runs[len(runs)-1]
}

// file writes a file into the person's home and returns its path.
func (p *person) file(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// everything is the text of every file that the person has, to look for what should not be there.
func (p *person) everything() string {
	p.t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(p.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return all.String()
}

// lines are the lines of a text without the empty last one.
func lines(text string) []string {
	return slices.Collect(strings.Lines(text))
}

// inside runs the program within the test, which is quicker than a process of its own, and without a terminal.
func (p *person) inside(args ...string) ended {
	p.t.Helper()
	streams, out, errOut := iostreams.Test("")
	streams.Env = func(name string) string {
		for _, pair := range slices.Backward(p.env) {
			if value, found := strings.CutPrefix(pair, name+"="); found {
				return value
			}
		}
		return ""
	}
	code := cli.Main(streams, build.New("v0.0.0-test", "", ""), args)
	return ended{code, out.String(), errOut.String()}
}
