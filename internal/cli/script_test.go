package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// program is the name under which scripts find the program itself: `btadmin` is a command of ours there,
// which keeps the exit code.
const program = "btadmin-under-test"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		program: func() {
			os.Exit(cli.Main(iostreams.System(), build.New("v0.0.0-test", "", ""), os.Args[1:]))
		},
		filterProgram: filterMain,
		brokenProgram: func() {
			os.Exit(cli.Main(mined(iostreams.System()), build.New("v0.0.0-test", "", ""), os.Args[1:]))
		},
	})
}

// lastCode is where a script's `code` command finds the exit code of the last btadmin.
type lastCode struct{ value int }

// TestScripts runs the executable manual: every file in testdata/script is a session of a user with a home
// of his own, in which --sandbox is a fresh organization.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("CI", "")
			env.Setenv("TERM", "dumb")
			env.Values["code"] = new(lastCode)
			bin := filepath.Join(env.WorkDir, "bin") // for pipes in `sh`
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			if err := os.MkdirAll(bin, 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(bin, "btadmin"), []byte("#!/bin/sh\nexec "+program+" \"$@\"\n"), 0o700); err != nil {
				return err
			}
			return os.MkdirAll(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"btadmin": runBtadmin,
			"code":    wantCode,
			"sh":      runShell,
			"capture": captureOutput,
		},
	})
}

// runBtadmin is `btadmin ARGS`; the exit code is kept for `code N`.
func runBtadmin(ts *testscript.TestScript, negated bool, args []string) {
	keepCode(ts, negated, "btadmin", ts.Exec(program, args...))
}

// runShell is `sh 'SCRIPT'`, for pipes.
func runShell(ts *testscript.TestScript, negated bool, args []string) {
	keepCode(ts, negated, "sh", ts.Exec("sh", "-c", strings.Join(args, " ")))
}

func keepCode(ts *testscript.TestScript, negated bool, what string, err error) {
	last := ts.Value("code").(*lastCode)
	last.value = 0
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		last.value = exited.ExitCode()
	}
	switch {
	case err == nil && negated:
		ts.Fatalf("%s succeeded, but should have failed", what)
	case err != nil && !negated:
		ts.Fatalf("%s failed: %v", what, err)
	}
}

// wantCode is `code N`: the exit code of the last btadmin.
func wantCode(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: code N")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := ts.Value("code").(*lastCode).value; got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// captureOutput is `capture NAME`: the standard output of the last command becomes $NAME.
func captureOutput(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: capture NAME")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}
