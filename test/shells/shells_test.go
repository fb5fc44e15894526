//go:build shells

// Package shells drives real shells on a pseudo-terminal and presses TAB. It needs bash with bash-completion, zsh
// and fish, which test/shells/run.sh installs where it can.
package shells

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// patience is how long a shell has to draw what is expected; it is a bound, not a measurement.
const patience = 5 * time.Second

// shell is one shell on a terminal.
type shell struct {
	t    *testing.T
	tty  *os.File
	emu  *vt.SafeEmulator
	done chan struct{}
}

// start runs a shell with btadmin and its completion script set up, in the sandbox.
func start(t *testing.T, args []string, setup string) *shell {
	t.Helper()
	bin, home := os.Getenv("BTADMIN_BIN"), t.TempDir()
	if bin == "" {
		t.Fatal("BTADMIN_BIN is not set: run test/shells/run.sh")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = home
	cmd.Env = []string{
		"HOME=" + home, "PATH=" + filepath.Dir(bin) + string(os.PathListSeparator) + os.Getenv("PATH"), "TERM=xterm", "LANG=C.UTF-8",
		"BTADMIN_SANDBOX=1", "COMPLETIONS=" + filepath.Join(root, "completions"), "INPUTRC=/dev/null",
	}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 110})
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{t: t, tty: tty, emu: vt.NewSafeEmulator(110, 40), done: make(chan struct{})}
	go s.draw()
	go s.answer()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = tty.Close()
		<-s.done
	})
	s.write(setup + "\n")
	s.write("btadmin groups list >/dev/null 2>&1; echo re''ady\n")
	s.expect("ready\n")
	s.write("clear; echo cl''eared\n")
	s.expect("cleared\n")
	return s
}

func (s *shell) draw() {
	defer close(s.done)
	buffer := make([]byte, 4096)
	for {
		n, err := s.tty.Read(buffer)
		if n > 0 {
			_, _ = s.emu.Write(buffer[:n])
		}
		if err != nil {
			return
		}
	}
}

// answer hands the emulator's answers to queries back to the shell.
func (s *shell) answer() {
	buffer := make([]byte, 256)
	for {
		n, err := s.emu.Read(buffer)
		if err != nil {
			return
		}
		if _, err := s.tty.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (s *shell) write(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// expect waits until the screen shows something. Lines end where their last visible character is.
func (s *shell) expect(want string) {
	s.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		screen := s.screen()
		if strings.Contains(screen, want) {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("no %q on the screen:\n%s", want, screen)
		}
	}
}

func (s *shell) screen() string {
	lines := strings.Split(s.emu.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \r")
	}
	return strings.Join(lines, "\n")
}

// presses is what happens at TAB in every shell: what is typed, what the line becomes or what is offered.
func presses() []struct{ name, keys, want string } {
	return []struct{ name, keys, want string }{
		{"verb", "btadmin groups perm\t", "btadmin groups permissions"},
		{"group", "btadmin groups view Eval\t", "btadmin groups view Evaluators"},
		{"member", "btadmin members view dan\t", "btadmin members view dana@acme.example.com"},
		{"member behind @", "btadmin members view dana@ac\t", "btadmin members view dana@acme.example.com"},
		{"principal", "btadmin access check user:dana@ac\t", "user:dana@acme.example.com"},
		{"reference", "btadmin acl list project:Chat\t", "project:Chatbot"},
		{"object", "btadmin acl list experiment:Chatbot/base\t", "experiment:Chatbot/baseline"},
		{"words", "btadmin groups create X --all-projects read,upd\t", "read,update"},
		{"row", "btadmin groups create X --project Chat\t", "--project Chatbot="},
		{"row words", "btadmin groups create X --project Chatbot=read,upd\t", "--project Chatbot=read,update"},
		{"kinds", "btadmin groups grant Viewers --objects datas\t", "--objects datasets"},
		{"profile", "btadmin --profile sand\t", "--profile sandbox"},
		{"role", "btadmin roles view Prom\t", "Prompt"},
	}
}

func press(t *testing.T, s *shell) {
	t.Helper()
	for _, p := range presses() {
		t.Run(p.name, func(t *testing.T) {
			s.t = t
			s.write(p.keys)
			s.expect(p.want)
			s.write("\x15") // the line is given up; Ctrl-C would drop what is typed next
			s.write("clear; echo cl''eared\n")
			s.expect("cleared\n")
		})
	}
}

func TestBash(t *testing.T) {
	press(t, start(t, []string{"bash", "--noprofile", "--norc", "-i"}, `PS1='$ '; . /usr/share/bash-completion/bash_completion; . "$COMPLETIONS/btadmin.bash"`))
}

func TestZsh(t *testing.T) {
	press(t, start(t, []string{"zsh", "-f", "-i"}, `PS1='$ '; fpath=("$COMPLETIONS" $fpath); autoload -U compinit; compinit -u -D`))
}

func TestFish(t *testing.T) {
	press(t, start(t, []string{"fish", "--no-config", "-i"}, `source $COMPLETIONS/btadmin.fish`))
}

// An offer of several: the second TAB lists them.
func TestBashLists(t *testing.T) {
	s := start(t, []string{"bash", "--noprofile", "--norc", "-i"}, `PS1='$ '; . /usr/share/bash-completion/bash_completion; . "$COMPLETIONS/btadmin.bash"`)
	s.write("btadmin groups view E\t\t")
	s.expect("Engineers")
	s.expect("Evaluators")
}

// TestPackagedBash: nothing is sourced but bash-completion itself, which finds the script that a package installed.
func TestPackagedBash(t *testing.T) {
	if os.Getenv("BTADMIN_PACKAGED") == "" {
		return // test/packages/run.sh asks for it
	}
	press(t, start(t, []string{"bash", "--noprofile", "--norc", "-i"}, `PS1='$ '; . /usr/share/bash-completion/bash_completion`))
}
