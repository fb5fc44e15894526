//go:build unix

package prompt_test

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
	"btadmin/internal/prompt"
)

// child is the environment variable that turns this test binary into a program that asks one question.
const child = "BTADMIN_TEST_CHILD"

func TestMain(m *testing.M) {
	if question := os.Getenv(child); question != "" {
		err := everyQuestion()[question](prompt.New(iostreams.System()))
		fmt.Println(errors.Is(err, prompt.ErrInterrupted), err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program starts the child with the screen as its controlling terminal, so that Ctrl-C becomes a signal as it does
// for a person.
func (s *screen) program(question string, env ...string) (cmd *exec.Cmd, out *bytes.Buffer) {
	s.t.Helper()
	out = &bytes.Buffer{}
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, child+"="+question, "GORACE=atexit_sleep_ms=0")...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.tty, out, s.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	return cmd, out
}

func TestInterruptedByKeyAndBySignal(t *testing.T) {
	t.Parallel()
	interrupts := map[string]func(*screen, *exec.Cmd) error{
		"Ctrl-C":  func(s *screen, _ *exec.Cmd) error { s.typed("\x03"); return nil },
		"SIGTERM": func(_ *screen, cmd *exec.Cmd) error { return cmd.Process.Signal(syscall.SIGTERM) },
	}
	for how, interrupt := range interrupts {
		for question := range everyQuestion() {
			for _, env := range []string{"TERM=xterm", "TERM=dumb"} {
				t.Run(strings.Join([]string{how, question, env}, " "), func(t *testing.T) {
					t.Parallel()
					s := newScreen(t, true)
					before := mode(t, s)
					cmd, out := s.program(question, env)
					s.waitFor("?")
					if question == "MultiSelect" || question == "Select" {
						s.waitFor("a")
					}
					if err := interrupt(s, cmd); err != nil {
						t.Fatal(err)
					}
					if err := cmd.Wait(); err != nil || out.String() != "true interrupted\n" {
						t.Errorf("got %q, %v; the screen shows\n%s", out, err, s.text())
					}
					if after := mode(t, s); after != before {
						t.Errorf("the terminal was\n%s and is\n%s", before, after)
					}
				})
			}
		}
	}
}

// TestAnswersOnAControllingTerminal is the ordinary case in a process of its own.
func TestAnswersOnAControllingTerminal(t *testing.T) {
	t.Parallel()
	for question := range everyQuestion() {
		t.Run(question, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, true)
			cmd, out := s.program(question, "TERM=xterm")
			s.waitFor("?")
			s.typed("\r")
			if err := cmd.Wait(); err != nil || out.String() != "false <nil>\n" {
				t.Errorf("got %q, %v; the screen shows\n%s", out, err, s.text())
			}
		})
	}
}
