//go:build unix

package prompt_test

import (
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"btadmin/internal/iostreams"
	"btadmin/internal/prompt"
)

// patience bounds a test that would hang; no test waits for it to pass.
const patience = 20 * time.Second

// screen is a terminal: what is written to it is drawn by an emulator, and keys are typed into it.
type screen struct {
	t      *testing.T
	keys   *os.File // the master side
	tty    *os.File
	mu     sync.Mutex
	emu    *vt.Emulator
	raw    strings.Builder
	change chan struct{}
	done   chan struct{}
}

// newScreen opens a terminal. One that is mute does not answer queries for the cursor position.
func newScreen(t *testing.T, mute bool) *screen {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, keys: pollable(t, master), tty: tty, emu: vt.NewEmulator(80, 24), change: make(chan struct{}, 1), done: make(chan struct{})}
	go s.draw()
	go s.answer(mute)
	t.Cleanup(func() {
		_ = s.keys.Close()
		<-s.done
		_ = tty.Close()
		if w, ok := s.emu.InputPipe().(io.Closer); ok { // its own Close races with Read
			_ = w.Close()
		}
	})
	return s
}

// pollable makes a file whose Close ends a Read that is under way.
func pollable(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	return os.NewFile(uintptr(fd), f.Name())
}

func (s *screen) draw() {
	defer close(s.done)
	buf := make([]byte, 4096)
	for {
		n, err := s.keys.Read(buf)
		s.mu.Lock()
		_, _ = s.emu.Write(buf[:n])
		s.raw.Write(buf[:n])
		s.mu.Unlock()
		select {
		case s.change <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// answer takes what the terminal says by itself, which would block it otherwise.
func (s *screen) answer(mute bool) {
	var w io.Writer = s.keys
	if mute {
		w = io.Discard
	}
	_, _ = io.Copy(w, s.emu) // ends when the emulator is closed
}

// typed sends keys.
func (s *screen) typed(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keys, keys); err != nil {
		s.t.Fatal(err)
	}
}

// text is what can be read on the screen, without the empty rest.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(s.emu.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// sent is every byte that was written to the terminal.
func (s *screen) sent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// waitFor waits until the screen shows the text, which may run over the end of a line: where it stands depends on
// whether the echo of what was typed is quicker than the next question.
func (s *screen) waitFor(what string) {
	s.t.Helper()
	s.until(what, func() bool {
		text := s.text()
		return strings.Contains(text, what) || strings.Contains(strings.ReplaceAll(text, "\n", ""), what)
	})
}

// waitRaw waits until the terminal is no longer as it was, so that it hands over single keys. The library draws
// before it asks for that, and nothing tells when it has; a Control key that comes earlier goes to the terminal.
func (s *screen) waitRaw(before string) {
	s.t.Helper()
	for limit := time.Now().Add(patience); mode(s.t, s) == before; runtime.Gosched() {
		if time.Now().After(limit) {
			s.t.Fatalf("the terminal stays in line mode; the screen shows\n%s", s.text())
		}
	}
}

func (s *screen) until(what string, reached func() bool) {
	s.t.Helper()
	limit := time.After(patience)
	for !reached() {
		select {
		case <-s.change:
		case <-limit:
			s.t.Fatalf("%q did not come; the screen shows\n%s", what, s.text())
		}
	}
}

// streams are those of a program on this terminal.
func (s *screen) streams(pairs ...string) *iostreams.Streams {
	return iostreams.New(s.tty, s.tty, s.tty, func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	})
}

// answered is the end of a question.
type answered[T any] struct {
	value T
	err   error
}

// asked runs a question beside the test.
func asked[T any](p *prompt.Prompter, ask func(*prompt.Prompter) (T, error)) <-chan answered[T] {
	end := make(chan answered[T], 1)
	go func() {
		v, err := ask(p)
		end <- answered[T]{v, err}
	}()
	return end
}

// get waits for the end of a question.
func get[T any](s *screen, end <-chan answered[T]) (T, error) {
	s.t.Helper()
	select {
	case a := <-end:
		return a.value, a.err
	case <-time.After(patience):
		s.t.Fatalf("the question does not end; the screen shows\n%s", s.text())
		panic("unreachable")
	}
}
