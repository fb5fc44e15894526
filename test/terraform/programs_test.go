package terraform

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// core is the last Terraform under the Mozilla Public License. It is built as it was released, with the modules of its own
// go.mod, which takes two and a half minutes of processor time where nothing is cached.
const core = "github.com/hashicorp/terraform@v1.5.7"

// programs are what is compared, as processes of their own.
type programs struct{ btadmin, terraform, providers string }

// built are the programs of this run, made in TestMain.
var built programs

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "btadmin-terraform")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	built = programs{filepath.Join(dir, "btadmin"), os.Getenv("TERRAFORM"), filepath.Join(dir, "providers")}
	err = errors.Join(
		build("../..", "build", "-trimpath", "-ldflags", "-s -w", "-o", built.btadmin, "./cmd/btadmin"),
		build(".", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(built.providers, "terraform-provider-model"), "./provider"),
	)
	if built.terraform == "" {
		built.terraform = filepath.Join(dir, "terraform")
		err = errors.Join(err, build(dir, "install", "-trimpath", core))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build runs the go command; what it installs lands in dir.
func build(dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if args[0] == "install" {
		cmd.Env = append(cmd.Env, "GOBIN="+dir)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %v: %w\n%s", args, err, out)
	}
	return nil
}

// tool is one of the two at work on an organization, in a folder of its own.
type tool struct {
	t    testing.TB
	site *site
	dir  string
	env  []string
	name string
}

// ended is what a command took and left behind.
type ended struct {
	code      int
	out       string
	took      time.Duration
	processor time.Duration // of the process and those that it has started
	counts    sandbox.Counts
}

// run runs a command and says what it cost; another exit code than the one that is wanted ends the test.
func (w *tool) run(code int, args ...string) ended {
	w.t.Helper()
	cmd := exec.Command(w.name, args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	before, start := w.site.server.Counts(), time.Now()
	out, err := cmd.CombinedOutput()
	took, after := time.Since(start), w.site.server.Counts()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		w.t.Fatalf("%s %v: exit code %d, not %d\n%s", filepath.Base(w.name), args, got, code, out)
	}
	return ended{code, string(out), took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), sandbox.Counts{Reads: after.Reads - before.Reads, Writes: after.Writes - before.Writes}}
}

// write writes a file of the tool.
func (w *tool) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// start makes a folder and a home for a tool.
func start(t testing.TB, s *site, name string, env ...string) *tool {
	t.Helper()
	home := t.TempDir()
	base := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	return &tool{t, s, t.TempDir(), append(base, env...), name}
}
