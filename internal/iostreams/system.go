package iostreams

import (
	"bytes"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/term"
)

// System returns the streams of this process. It is the only place that names os.Stdin, os.Stdout and os.Stderr.
func System() *Streams {
	s := New(os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	if wasClosed(os.Stdout) {
		s.Out = closedWriter{}
	}
	return s
}

// New judges three files with an environment; System and tests with a pseudo-terminal use it.
func New(in, out, errOut *os.File, env func(string) string) *Streams {
	s := &Streams{
		In: in, Out: out, Err: errOut,
		InFile: in, OutFile: out, ErrFile: errOut,
		InTTY: isTerminal(in), OutTTY: isTerminal(out), ErrTTY: isTerminal(errOut),
		Env: env,
	}
	s.readEnvironment()
	s.ColorOut = colour(env, s.OutTTY, s.Dumb)
	s.ColorErr = colour(env, s.ErrTTY, s.Dumb)
	s.Width = func() int { return widthOf(env, out, errOut) }
	return s
}

// Test returns streams over buffers: no terminal, no colour, an empty environment, 80 columns. Tests set the
// fields that they need.
func Test(stdin string) (s *Streams, out, errOut *bytes.Buffer) {
	out, errOut = &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{
		In: strings.NewReader(stdin), Out: out, Err: errOut,
		Width: func() int { return defaultWidth },
		Env:   func(string) string { return "" },
	}, out, errOut
}

// SurviveHangup makes a closed pipe an error of the write instead of the death of the process, and a closed
// terminal harmless (B8): a change that is under way must reach a safe point. Children get the default behaviour back.
func SurviveHangup() {
	dropped := make(chan os.Signal, 1) // never read: a signal that finds it full is dropped, which is the point
	signal.Notify(dropped, syscall.SIGPIPE, syscall.SIGHUP)
}

func (s *Streams) readEnvironment() {
	s.Dumb = s.Env("TERM") == "dumb"
	s.Accessible = truthy(s.Env("BTADMIN_ACCESSIBLE"))
	s.GitHubActions = truthy(s.Env("GITHUB_ACTIONS"))
	s.CI = s.GitHubActions || truthy(s.Env("CI")) || truthy(s.Env("TF_BUILD"))
}

// colour follows no-color.org and bixense.com/clicolors: NO_COLOR wins over everything, then CLICOLOR_FORCE.
func colour(env func(string) string, tty, dumb bool) bool {
	switch {
	case env("NO_COLOR") != "" || env("BRAINTRUST_NO_COLOR") != "":
		return false
	case truthy(env("CLICOLOR_FORCE")):
		return true
	case dumb || env("CLICOLOR") == "0":
		return false
	default:
		return tty
	}
}

func truthy(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// widthOf asks the terminals and then COLUMNS; a shell rarely exports that, so it only serves tests and odd set-ups.
func widthOf(env func(string) string, files ...*os.File) int {
	for _, f := range files {
		if !isTerminal(f) {
			continue
		}
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return max(width, 20)
		}
	}
	if width, err := strconv.Atoi(env("COLUMNS")); err == nil && width > 0 {
		return min(max(width, 20), 1000)
	}
	return defaultWidth
}

// closedWriter stands for a standard output that was closed before the program started.
type closedWriter struct{}

func (closedWriter) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "standard output (it is closed)", Err: syscall.EBADF}
}

var _ io.Writer = closedWriter{}

// DiscardWhenClosed is for commands whose answer is their exit code: a standard output that seems to have been
// closed is no reason to fail them. A program that gives its child a /dev/null which is open for reading as well
// (Python does) cannot be told from a closed output, because the Go runtime puts the same in its place.
func (s *Streams) DiscardWhenClosed() {
	if _, closed := s.Out.(closedWriter); closed {
		s.Out = io.Discard
	}
}
