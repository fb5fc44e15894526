//go:build unix

package action_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

const program = "btadmin-under-test"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		program: func() {
			os.Exit(cli.Main(iostreams.System(), build.New("v0.0.0-test", "", ""), os.Args[1:]))
		},
		"gh": ghMain,
	})
}

// runner stands for a runner of GitHub with a checked out repository and a pull request 7.
type runner struct {
	home, work, gh string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	dir := t.TempDir()
	r := &runner{home: filepath.Join(dir, "home"), work: filepath.Join(dir, "work"), gh: filepath.Join(dir, "gh")}
	for _, folder := range []string{r.home, r.work, r.gh} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// write puts a file into the repository.
func (r *runner) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.work, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r *runner) comments(t *testing.T) []post {
	t.Helper()
	posts, err := readPosts(r.gh)
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

// btadmin changes the organization behind the back of the action.
func (r *runner) btadmin(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = []string{"HOME=" + r.home, "PATH=" + os.Getenv("PATH"), "BTADMIN_SANDBOX=1"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("btadmin %q: %v\n%s", args, err, out)
	}
}

// step is what came of a step.
type step struct {
	code     int
	log      string
	outputs  map[string]string
	summary  string
	commands []string // workflow commands that the runner would have obeyed, groups left out
}

// action runs the step of action.yml: the same script, the same names in the environment.
func (r *runner) action(t *testing.T, command string, env ...string) step {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	output, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	cmd := exec.CommandContext(t.Context(), "bash", filepath.Join(root, "scripts", "action.sh"))
	cmd.Dir = r.work
	cmd.Env = append([]string{
		"HOME=" + r.home, "PATH=" + os.Getenv("PATH"), "FAKE_GH=" + r.gh, "RUNNER_TEMP=" + dir,
		"GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary, "GITHUB_REPOSITORY=acme/access", "GITHUB_ACTION_PATH=" + root,
		"BTADMIN_SANDBOX=1", "BTADMIN_ACTION_COMMAND=" + command, "BTADMIN_ACTION_PROGRAM=" + path,
		"BTADMIN_ACTION_PULL_REQUEST=7", "BTADMIN_ACTION_TOKEN=ghs_secret", "BTADMIN_ACTION_COMMENT=true",
		"BTADMIN_ACTION_FILES=", "BTADMIN_ACTION_ARGS=", "BTADMIN_ACTION_PLAN_FILE=", "BTADMIN_ACTION_DIRECTORY=.",
		"BRAINTRUST_API_KEY=", "BRAINTRUST_ORG_NAME=", "BRAINTRUST_API_URL=",
	}, env...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	s := step{outputs: map[string]string{}}
	var exited *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exited) {
		s.code = exited.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	s.log = log.String()
	s.commands = obeyed(s.log)
	if strings.Contains(s.log, "ghs_secret") {
		t.Errorf("the token is in the log:\n%s", s.log)
	}
	raw, err := os.ReadFile(output)
	if err != nil {
		t.Fatalf("no outputs: %v\n%s", err, s.log)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		name, value, _ := strings.Cut(line, "=")
		if _, twice := s.outputs[name]; twice {
			t.Errorf("the output %s was written twice: %s", name, raw)
		}
		s.outputs[name] = value
	}
	if raw, err := os.ReadFile(summary); err == nil {
		s.summary = string(raw)
	}
	return s
}

var workflowCommand = regexp.MustCompile(`^\s*(::|##\[)`)

// obeyed lists the lines that a runner takes for commands: those that begin with two colons (or the older ##[), but
// for what stands between ::stop-commands::TOKEN and ::TOKEN::.
func obeyed(log string) []string {
	var found []string
	token := ""
	for _, line := range strings.Split(strings.ReplaceAll(log, "\r", "\n"), "\n") {
		switch stop, stops := strings.CutPrefix(line, "::stop-commands::"); {
		case token != "" && line == "::"+token+"::":
			token = ""
		case token != "":
		case stops:
			token = stop
		case strings.HasPrefix(line, "::group::"), line == "::endgroup::":
		case workflowCommand.MatchString(line):
			found = append(found, line)
		}
	}
	if token != "" {
		found = append(found, "commands were never started again")
	}
	return found
}
