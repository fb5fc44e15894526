//go:build linux

package cli_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Keys.
const (
	enter = "\r"
	down  = "\x1b[B"
	ctrlC = "\x03"
)

// console is the program on a terminal: what it writes is drawn by an emulator, and keys are typed into it.
type console struct {
	t      testing.TB
	cmd    *exec.Cmd
	keys   *os.File // the master side
	mu     sync.Mutex
	emu    *vt.Emulator
	raw    strings.Builder
	read   int // of raw, by expect
	change chan struct{}
	done   chan struct{}
}

// console starts btadmin on a terminal of 30 lines and 100 columns. One that is mute does not answer queries
// for the position of the cursor.
func (p *person) console(mute bool, args ...string) *console {
	p.t.Helper()
	return p.consoleOf(100, mute, args...)
}

// consoleOf is a console with so many columns.
func (p *person) consoleOf(columns uint16, mute bool, args ...string) *console {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.t.Cleanup(cancel)
	cmd := p.command(ctx, program, args...)
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: columns})
	if err != nil {
		p.t.Fatal(err)
	}
	c := &console{
		t: p.t, cmd: cmd, keys: pollable(p.t, master), emu: vt.NewEmulator(int(columns), 30),
		change: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go c.draw()
	go c.answer(mute)
	p.t.Cleanup(func() {
		_ = c.keys.Close()
		<-c.done
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		if w, ok := c.emu.InputPipe().(io.Closer); ok { // the emulator's own Close races with Read
			_ = w.Close()
		}
	})
	return c
}

// pollable makes a file whose Close ends a Read that is under way.
func pollable(t testing.TB, f *os.File) *os.File {
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

func (c *console) draw() {
	defer close(c.done)
	buf := make([]byte, 4096)
	for {
		n, err := c.keys.Read(buf)
		c.mu.Lock()
		_, _ = c.emu.Write(buf[:n])
		c.raw.Write(buf[:n])
		c.mu.Unlock()
		select {
		case c.change <- struct{}{}:
		default:
		}
		if err != nil {
			return // the program has ended, or the terminal was closed
		}
	}
}

// answer takes what the terminal says by itself, which would block it otherwise.
func (c *console) answer(mute bool) {
	var w io.Writer = c.keys
	if mute {
		w = io.Discard
	}
	_, _ = io.Copy(w, c.emu)
}

// types sends keys.
func (c *console) types(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, keys); err != nil {
		c.t.Fatalf("typing %q: %v; the screen shows\n%s", keys, err, c.screen())
	}
}

// screen is what can be read on the screen, without the empty rest.
func (c *console) screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := strings.Split(c.emu.String(), "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " \r")
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// sent is every byte that was written to the terminal.
func (c *console) sent() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw.String()
}

// line waits until the program has written this after what earlier calls waited for, and types an answer.
func (c *console) line(question, answer string) {
	c.t.Helper()
	c.until(question, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := strings.Index(c.raw.String()[c.read:], question)
		if i >= 0 {
			c.read += i + len(question)
		}
		return i >= 0
	})
	if answer != "" {
		c.types(answer)
	}
}

// choose waits until the screen shows this and single keys are handed over, and types keys.
func (c *console) choose(question, keys string) {
	c.t.Helper()
	c.until(question, func() bool { return strings.Contains(c.screen(), question) })
	// The library draws before it asks for single keys, and nothing tells when it has.
	for limit := time.Now().Add(patience); !c.singleKeys(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			c.t.Fatalf("the terminal stays in line mode; the screen shows\n%s", c.screen())
		}
	}
	c.types(keys)
}

func (c *console) singleKeys() bool {
	conn, err := c.keys.SyscallConn() // Fd would make the file one whose Close waits for Read
	if err != nil {
		return false
	}
	single := false
	err = conn.Control(func(fd uintptr) {
		state, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		single = err == nil && state.Lflag&unix.ICANON == 0
	})
	return err == nil && single
}

func (c *console) until(what string, reached func() bool) {
	c.t.Helper()
	limit := time.After(patience)
	for !reached() {
		select {
		case <-c.change:
		case <-c.done:
			if reached() {
				return
			}
			c.t.Fatalf("the program ended before %q came; the screen shows\n%s", what, c.screen())
		case <-limit:
			c.t.Fatalf("%q did not come; the screen shows\n%s", what, c.screen())
		}
	}
}

// ends waits for the end of the program and checks its exit code.
func (c *console) ends(code int) {
	c.t.Helper()
	select {
	case <-c.done:
	case <-time.After(patience):
		c.t.Fatalf("the program does not end; the screen shows\n%s", c.screen())
	}
	if got := exitCode(c.t, c.cmd.Wait()); got != code {
		c.t.Errorf("exit code %d, want %d; the screen shows\n%s", got, code, c.screen())
	}
}
