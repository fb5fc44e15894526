//go:build linux

package iostreams_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"btadmin/internal/iostreams"
)

// child is the environment variable that turns this test binary into a program that writes to its streams.
const child = "BTADMIN_TEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(child); mode != "" {
		os.Exit(write(mode))
	}
	os.Exit(m.Run())
}

// write says on standard error what became of a write to standard output.
func write(mode string) int {
	if mode == "survive" {
		iostreams.SurviveHangup()
	}
	s := iostreams.System()
	_, err := s.Out.Write([]byte("data\n"))
	var errno syscall.Errno
	switch {
	case err == nil:
		fmt.Fprintln(s.Err, "written")
	case errors.As(err, &errno):
		fmt.Fprintln(s.Err, errno == syscall.EBADF, errno == syscall.ENOSPC, errno == syscall.EPIPE)
	default:
		fmt.Fprintln(s.Err, err)
	}
	if mode == "survive" {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			return 1
		}
		fmt.Fprintln(s.Err, "alive")
	}
	return 0
}

func TestB7B8Descriptors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ mode, redirect, want string }{
		"B7 closed":                   {"write", `"$0" >&-`, "true false false\n"},
		"B7 closed, survive":          {"survive", `"$0" >&-`, "true false false\nalive\n"},
		"B7 full":                     {"write", `"$0" >/dev/full`, "false true false\n"},
		"null device":                 {"write", `"$0" >/dev/null`, "written\n"},
		"null device, all":            {"write", `"$0" >/dev/null </dev/null`, "written\n"},
		"B8 terminal closed (SIGHUP)": {"survive", `"$0" >/dev/null`, "written\nalive\n"},
	} {
		cmd := exec.Command("/bin/sh", "-c", tt.redirect, os.Args[0])
		cmd.Env = append(os.Environ(), child+"="+tt.mode, "GORACE=atexit_sleep_ms=0")
		cmd.Stdin = strings.NewReader("")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v: %s", name, err, stderr.String())
			continue
		}
		if stderr.String() != tt.want {
			t.Errorf("%s: got %q, want %q", name, stderr.String(), tt.want)
		}
	}
}

// TestB8BrokenPipe writes into a pipe whose reader has gone already, so that there is no race.
func TestB8BrokenPipe(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{"survive": "false false true\nalive\n", "write": ""} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), child+"="+mode, "GORACE=atexit_sleep_ms=0")
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = w, &stderr
		err = cmd.Run()
		_ = w.Close()
		if stderr.String() != want {
			t.Errorf("%s: got %q, %v; want %q", mode, stderr.String(), err, want)
		}
		if died := err != nil; died != (mode == "write") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// TestB7Daemon: a service manager may put all streams on /dev/null by closing them first; that is no mistake.
func TestB7Daemon(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/bin/sh", "-c", `exec "$0" <&- >&- 2>&-`, os.Args[0])
	cmd.Env = append(os.Environ(), child+"=write", "GORACE=atexit_sleep_ms=0")
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}
