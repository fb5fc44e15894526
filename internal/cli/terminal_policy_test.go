//go:build linux

package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"btadmin/internal/sandbox"
)

// teams is a policy with so many new groups: each needs a request of its own.
func teams(n int) string {
	var b strings.Builder
	b.WriteString("version: 1\norg: Acme\ngroups:\n")
	for i := range n {
		fmt.Fprintf(&b, "  team-%02d: {members: [bo@acme.example.com], permissions: {projects: {Chatbot: [read]}}}\n", i)
	}
	return b.String()
}

// applying is an apply on a terminal, in which the question has been answered with yes and the n-th group is being made.
func applying(t *testing.T, columns uint16, groups, n int) (s *site, p *person, c *console, release chan struct{}) {
	t.Helper()
	s = newBareSite(t, sandbox.Options{})
	p = s.owner(t, "TERM=xterm-256color")
	p.file("access.yaml", teams(groups))
	reached, release := make(chan struct{}), make(chan struct{})
	seen := make(chan struct{}, groups)
	s.between(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/group" {
			return false
		}
		seen <- struct{}{}
		if len(seen) == n {
			close(reached)
		}
		if len(seen) >= n {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		return false
	})
	c = p.consoleOf(columns, true, "policy", "apply")
	c.line("Apply this to Acme? [y/N]", "y"+enter)
	await(t, reached)
	return s, p, c, release
}

// modes are the settings of the terminal: whether what is typed is shown, line by line, and signals are made of keys.
func (c *console) modes() string {
	c.t.Helper()
	conn, err := c.keys.SyscallConn()
	if err != nil {
		c.t.Fatal(err)
	}
	var state *unix.Termios
	if controlErr := conn.Control(func(fd uintptr) { state, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) }); controlErr != nil || err != nil {
		c.t.Fatal(controlErr, err)
	}
	return fmt.Sprint(state.Lflag&unix.ICANON != 0, state.Lflag&unix.ECHO != 0, state.Lflag&unix.ISIG != 0)
}

// restored checks that the terminal is as it was: keys are shown and come line by line, and the cursor is to be seen.
func (c *console) restored() {
	c.t.Helper()
	if got := c.modes(); got != "true true true" {
		c.t.Errorf("the terminal is left in the modes %s", got)
	}
	if out := c.sent(); strings.LastIndex(out, "\x1b[?25l") > strings.LastIndex(out, "\x1b[?25h") {
		c.t.Error("the cursor is left hidden")
	}
}

// Whoever leaves at the question has sent nothing: exit code 130, no journal, the terminal as it was.
func TestTerminalPolicyApplyDeclined(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.file("access.yaml", small)
	for name, leave := range map[string]string{"Ctrl-C": ctrlC, "no": "n" + enter, "nothing": enter, "Ctrl-D": "\x04", "closed": ""} {
		t.Run(name, func(t *testing.T) {
			c := p.on(t).console(true, "policy", "apply")
			c.line("Apply this to Acme? [y/N]", leave)
			if leave == "" {
				_ = c.keys.Close()
			}
			c.ends(130)
			if leave != "" {
				c.restored()
			}
			if writes := s.writes(); len(writes) > 0 || len(p.journals()) > 0 {
				t.Errorf("sent %q, journals %q", writes, p.journals())
			}
		})
	}
}

// D9: Ctrl-C in the middle of an apply: what is under way is finished, nothing new is begun, the message says what is
// done and what is left, and the same command makes the rest.
func TestD9_TerminalPolicyApplyInterrupted(t *testing.T) {
	t.Parallel()
	// Nothing outside tells when the program has noted the key, so one that was too late gets more time.
	for _, grace := range []time.Duration{100 * time.Millisecond, 2 * time.Second, 20 * time.Second} {
		if interruptedInTerminal(t, grace) {
			return
		}
	}
	t.Error("Ctrl-C does not stop it")
}

// interruptedInTerminal reports whether the key came in time.
func interruptedInTerminal(t *testing.T, grace time.Duration) bool {
	t.Helper()
	const groups = 40
	s, p, c, release := applying(t, 100, groups, 6)
	c.types(ctrlC)
	time.Sleep(grace)
	close(release)
	<-c.done
	if code := exitCode(t, c.cmd.Wait()); code != 5 {
		if code != 0 {
			t.Errorf("exit code %d", code)
		}
		return code != 0
	}
	c.restored()
	run := p.lastRun()
	for _, words := range []string{"changes are confirmed (run " + run.ID + ")", "not begun: ", "repeat the command"} {
		if !strings.Contains(c.screen(), words) {
			t.Errorf("%q is missing on the screen:\n%s", words, c.screen())
		}
	}
	if run.Result != "partial" || strings.Contains(c.screen(), "Applying") {
		t.Errorf("run %s; the screen shows\n%s", run.Result, c.screen())
	}
	if made := len(s.writes()); made < 6 || made >= groups {
		t.Errorf("%d requests were sent", made)
	}
	s.between(nil)
	p.btadmin("policy", "apply", "--yes").expect(t, 0, "confirmed")
	p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
	return true
}

// D9: a second Ctrl-C ends the program at once; the terminal is as it was, the journal shows an interrupted run, and the
// same command makes the rest.
func TestD9_TerminalPolicyApplyInterruptedTwice(t *testing.T) {
	t.Parallel()
	s, p, c, release := applying(t, 100, 20, 3)
	defer close(release)
	for limit := time.After(patience); ; {
		select {
		case <-c.done:
		case <-limit:
			t.Fatal("it does not end")
		case <-time.After(50 * time.Millisecond):
			_, _ = c.keys.WriteString(ctrlC) // fails once it has ended
			continue
		}
		break
	}
	_ = c.cmd.Wait()
	if state, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !state.Signaled() || state.Signal() != syscall.SIGINT {
		t.Errorf("ended by %v", c.cmd.ProcessState)
	}
	c.restored()
	if run := p.lastRun(); run.Result != "interrupted" {
		t.Errorf("run %q", run.Result)
	}
	s.between(nil)
	p.btadmin("policy", "apply", "--yes").expect(t, 0)
	p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
}

// B8: the terminal goes away in the middle of an apply, which reaches its end all the same.
func TestB8_TerminalPolicyApplyClosed(t *testing.T) {
	t.Parallel()
	_, p, c, release := applying(t, 100, 20, 3)
	_ = c.keys.Close() // the kernel hangs up: SIGHUP, and EIO for whoever writes
	<-c.done
	close(release)
	if code := exitCode(t, c.cmd.Wait()); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if run := p.lastRun(); run.Result != "confirmed" {
		t.Errorf("run %q: %s", run.Result, run.Error)
	}
	p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
}

// B8: whoever reads only the first line of an apply does not stop it.
func TestB8_PolicyApplyIntoHead(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"head":           "$btadmin policy apply --yes --quiet | head -1",
		"JSON":           "$btadmin policy apply --yes --json | head -c 1",
		"nobody":         "$btadmin policy apply --yes | true",
		"messages":       "$btadmin policy apply --yes 2>&1 | head -1",
		"messages, none": "$btadmin policy apply --yes 2>&1 | true",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBareSite(t, sandbox.Options{Faults: sandbox.Faults{Latency: 2 * time.Millisecond}})
			p := s.owner(t)
			p.file("access.yaml", teams(12))
			p.sh("exec 3>code; { " + strings.Replace(line, " | ", "; echo $? >&3; } | ", 1))
			if run := p.lastRun(); run.Result != "confirmed" {
				t.Errorf("run %q: %s", run.Result, run.Error)
			}
			if code := p.sh("cat code").stdout; code != "0\n" {
				t.Errorf("exit code %q", code)
			}
			p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
		})
	}
}

// G7: a new super-user has to be typed by name; anything else sends nothing.
func TestG7_TerminalPolicyApplyTypesTheName(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.file("access.yaml", "version: 1\norg: Acme\ngroups: {Evaluators: {permissions: {organization: [manage_access]}, approved_by: SEC-1, grants: additive}}\n")
	for _, answer := range []string{"y", "Evaluators", ""} {
		c := p.on(t).console(true, "policy", "apply")
		c.line("(type group:Evaluators): ", answer+enter)
		c.ends(130)
		c.restored()
		if writes := s.writes(); len(writes) > 0 || len(p.journals()) > 0 {
			t.Fatalf("%q: sent %q", answer, writes)
		}
	}
	c := p.console(true, "policy", "apply")
	for _, name := range []string{"group:Evaluators", "user:fatima@acme.example.com", "user:iris@acme.example.com"} {
		c.line("(type "+name+"): ", name+enter)
	}
	c.ends(0)
	if writes := s.writes(); len(writes) != 1 {
		t.Errorf("sent %q", writes)
	}
	p.btadmin("policy", "plan", "--exit-code").expect(t, 0)
}

// The bar tells what is done, what has failed and what is left, in one row that no narrow terminal breaks.
func TestTerminalPolicyApplyBar(t *testing.T) {
	t.Parallel()
	for _, columns := range []uint16{40, 100} {
		t.Run(fmt.Sprint(columns, " columns"), func(t *testing.T) {
			t.Parallel()
			_, _, c, release := applying(t, columns, 30, 12)
			c.until("the bar", func() bool { return strings.Contains(c.screen(), "Applying") })
			time.Sleep(400 * time.Millisecond) // it is drawn some more times
			rows := 0
			for line := range strings.Lines(c.screen()) {
				if strings.Contains(line, "/60") || strings.HasPrefix(line, "Applying") {
					rows++
					if !strings.Contains(line, "left") {
						t.Errorf("the bar is %q", line)
					}
				}
			}
			if rows != 1 {
				t.Errorf("the bar takes %d rows:\n%s", rows, c.screen())
			}
			close(release)
			c.ends(0)
			if strings.Contains(c.screen(), "Applying") || !strings.Contains(c.screen(), "Applied to Acme") {
				t.Errorf("the screen shows\n%s", c.screen())
			}
		})
	}
}
