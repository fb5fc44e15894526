//go:build linux

package cli_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// TestB7ReadsIntoNowhereFail: what could not be written was not read.
func TestB7ReadsIntoNowhereFail(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t)
	for _, read := range []string{
		"groups list", "groups list --json", "groups list -o csv", "groups list --jq length", "groups view Evaluators",
		"groups permissions Evaluators", "groups members list Evaluators", "acl list", "members list", "roles list",
		"projects permissions Chatbot", "service-tokens list", "access check ada@acme.example.com read project:Chatbot",
		"config list", "version", "commands --json", "completion bash", "api GET /v1/group", "auth token",
	} {
		for _, nowhere := range []string{">/dev/full", ">&-"} {
			if got := p.sh("$btadmin " + read + " " + nowhere); got.code == 0 || got.code == 70 {
				t.Errorf("%s %s: exit code %d, stderr %q", read, nowhere, got.code, got.stderr)
			}
		}
	}
}

// TestB7MutationsGoOn: a change whose result cannot be printed is made all the same, and its journal is whole.
func TestB7MutationsGoOn(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	for name, redirect := range map[string]string{"full": ">/dev/full", "closed": ">&-", "all full": ">/dev/full 2>/dev/full", "stderr closed": "2>&-"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := s.owner(t)
			got := p.sh("$btadmin groups create '" + name + "' --all-projects read --json " + redirect)
			if failed := strings.HasPrefix(redirect, ">"); (got.code != 0) != failed || got.code == 70 {
				t.Errorf("exit code %d, stderr %q", got.code, got.stderr)
			}
			if s.named("group", name) == nil {
				t.Error("the group is not there")
			}
			if run := p.lastRun(); run.Result != "confirmed" || len(run.Changes) != 2 {
				t.Errorf("run %q: %q", run.Result, run.Changes)
			}
		})
	}
}

// TestB8ReadersThatLeave: a closed pipe ends a read quietly, and does not stop a mutation.
func TestB8ReadersThatLeave(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 10, Groups: 3000, Projects: 1, ACLs: 1}})
	p := s.owner(t)
	// $? of a pipe's first command: 3>&1 carries it around the pipe.
	const status = `exec 3>&1; { %s; echo "code $?" >&3; } | %s`
	for _, format := range []string{"", "--json", "-o csv", "-o yaml", "--jq .[].name", "-o jsonl"} {
		for _, reader := range []string{"head -1 >/dev/null", "true"} {
			line := strings.NewReplacer("%s; echo", "$btadmin groups list "+format+"; echo", "| %s", "| "+reader).Replace(status)
			got := p.sh(line)
			if got.stdout != "code 0\n" || got.stderr != "" {
				t.Errorf("%s | %s: stdout %q, stderr %q", format, reader, got.stdout, got.stderr)
			}
		}
	}
	got := p.sh("$btadmin groups create QA --json 2>&1 | true")
	if got.code != 0 || s.named("group", "QA") == nil || p.lastRun().Result != "confirmed" {
		t.Errorf("exit code %d, the group is %v", got.code, s.named("group", "QA"))
	}
}

// TestB8TerminalClosed: a change that is under way when the terminal goes away reaches its end.
func TestB8TerminalClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	reached, release := holdOn(s, http.MethodPost, "/v1/group")
	p := s.owner(t, "TERM=xterm-256color")
	c := p.console(true, "groups", "create", "QA", "--all-projects", "read")
	await(t, reached)
	_ = c.keys.Close() // the kernel hangs up: SIGHUP, and EIO for whoever writes
	<-c.done
	close(release)
	code := exitCode(t, c.cmd.Wait())
	if run := p.lastRun(); code != 0 || run.Result != "confirmed" || len(run.Changes) != 2 {
		t.Errorf("exit code %d, run %q: %q", code, run.Result, run.Changes)
	}
}

// TestInterruptedInTheMiddle: the first SIGINT lets the request that is under way end, and stops before the
// next: code 5 with the run's id, and the journal knows what was done.
func TestInterruptedInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, sandbox.Options{})
			reached, release := holdOn(s, http.MethodPost, "/v1/group")
			p := s.owner(t)
			got := p.interrupted(signal, reached, release, "groups", "create", "QA", "--all-projects", "read")
			got.expect(t, 5, "1 of 2 changes are confirmed", "(run ")
			if writes := s.writes(); len(writes) != 1 || s.named("group", "QA") == nil {
				t.Errorf("sent %q", writes)
			}
			run := p.lastRun()
			if run.Result != "partial" || !strings.Contains(got.stderr, run.ID) {
				t.Errorf("run %s is %q; stderr %q", run.ID, run.Result, got.stderr)
			}
		})
	}
}

// TestInterruptedBefore: a SIGINT before the first write sends nothing: code 130.
func TestInterruptedBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	reached, release := holdOn(s, http.MethodGet, "/v1/organization")
	p := s.owner(t)
	got := p.interrupted(os.Interrupt, reached, release, "groups", "create", "QA", "--all-projects", "read")
	got.expect(t, 130)
	if writes := s.writes(); len(writes) > 0 || strings.Contains(got.stderr, "hint") || len(lines(got.stderr)) > 1 {
		t.Errorf("sent %q; stderr %q", writes, got.stderr)
	}
}

// holdOn stops the first request of this kind: reached is closed when it has come, closing release lets it go on.
func holdOn(s *site, method, path string) (reached, release chan struct{}) {
	reached, release = make(chan struct{}), make(chan struct{})
	first := make(chan struct{}, 1)
	first <- struct{}{}
	s.between(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != method || r.URL.Path != path {
			return false
		}
		select {
		case <-first:
			close(reached)
			<-release
		default:
		}
		return false
	})
	return reached, release
}

func await(t testing.TB, reached <-chan struct{}) {
	t.Helper()
	select {
	case <-reached:
	case <-time.After(patience):
		t.Fatal("the request did not come")
	}
}

// interrupted starts btadmin, signals it when reached is closed, and then lets the held request go on.
func (p *person) interrupted(signal os.Signal, reached <-chan struct{}, release chan<- struct{}, args ...string) ended {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := p.command(ctx, program, args...)
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	await(p.t, reached)
	if err := cmd.Process.Signal(signal); err != nil {
		p.t.Error(err)
	}
	caught(p.t, cmd.Process.Pid, signal.(syscall.Signal))
	close(release)
	return ended{exitCode(p.t, cmd.Wait()), out.String(), errOut.String()}
}

// caught waits until a process has taken a signal: it is no longer pending. The handler's own work after that
// is a channel away; the request that is held gives it the time.
func caught(t testing.TB, pid int, signal syscall.Signal) {
	t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if !pending(t, pid, signal) {
			return
		}
	}
	t.Errorf("%v stays pending", signal)
}

var _ io.Writer = (*strings.Builder)(nil)
