//go:build linux

package cli_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// TestInterruptedInTheMiddle: the first SIGINT lets the request that is under way end, and stops before the
// next: code 5 with the run's id, and the journal knows what was done.
func TestInterruptedInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Nothing outside tells when a process has noted a signal, so one that was too late gets more time.
			for _, grace := range []time.Duration{50 * time.Millisecond, time.Second, 20 * time.Second} {
				s := newSite(t, sandbox.Options{})
				reached, release := holdOn(s, http.MethodPost, "/v1/group")
				p := s.owner(t)
				i := p.start("groups", "create", "QA", "--all-projects", "read")
				await(t, reached)
				i.send(signal)
				time.Sleep(grace)
				close(release)
				got := i.end()
				if got.code == 0 && grace < 20*time.Second {
					continue
				}
				got.expect(t, 5, "1 of 2 changes are confirmed", "(run ")
				if writes := s.writes(); len(writes) != 1 || s.named("group", "QA") == nil {
					t.Errorf("sent %q", writes)
				}
				run := p.lastRun()
				if run.Result != "partial" || !strings.Contains(got.stderr, run.ID) {
					t.Errorf("run %s is %q; stderr %q", run.ID, run.Result, got.stderr)
				}
				return
			}
		})
	}
}

// TestInterruptedWhileReadingBack: a change that was accepted but does not show is not waited for any longer.
func TestInterruptedWhileReadingBack(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.must("groups", "create", "QA", "--all-projects", "read")
	seen := make(chan struct{}, 100)
	s.between(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/v1/acl/batch_update": // accepted, but the answer does not tell and the list lags behind
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"added_acls":[],"removed_acls":[]}`))
			return true
		case r.URL.Path == "/v1/acl" && len(s.writes()) > 2:
			select {
			case seen <- struct{}{}:
			default:
			}
		}
		return false
	})
	i := p.start("groups", "grant", "QA", "--project", "Chatbot", "--allow", "read")
	<-seen
	i.send(os.Interrupt)
	i.end().expect(t, 5, "does not show when read back", "(run ")
}

// TestInterruptedBefore: a SIGINT before the first write sends nothing: code 130, in one line.
func TestInterruptedBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	reached, _ := holdOn(s, http.MethodGet, "/v1/organization")
	i := s.owner(t).start("groups", "create", "QA", "--all-projects", "read")
	await(t, reached)
	i.send(os.Interrupt)
	got := i.end()
	got.expect(t, 130, "nothing was sent")
	if writes := s.writes(); len(writes) > 0 || len(lines(got.stderr)) != 1 {
		t.Errorf("sent %q; stderr %q", writes, got.stderr)
	}
}

// TestSecondInterruptKills: whoever presses Ctrl-C twice does not want to wait. The journal shows an interrupted run.
func TestSecondInterruptKills(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	reached, release := holdOn(s, http.MethodPost, "/v1/group")
	defer close(release)
	p := s.owner(t)
	i := p.start("groups", "create", "QA", "--all-projects", "read")
	await(t, reached)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = i.cmd.Wait()
	}()
	for limit := time.After(patience); ; {
		_ = i.cmd.Process.Signal(os.Interrupt) // fails once it has ended
		select {
		case <-ended:
			if state, ok := i.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !state.Signaled() || state.Signal() != syscall.SIGINT {
				t.Errorf("ended by %v", i.cmd.ProcessState)
			}
			if run := p.lastRun(); run.Result != "interrupted" {
				t.Errorf("run %q", run.Result)
			}
			return
		case <-limit:
			t.Fatal("it does not end")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// running is a command that runs beside the test.
type running struct {
	t           testing.TB
	cmd         *exec.Cmd
	out, errOut strings.Builder
}

// start starts btadmin.
func (p *person) start(args ...string) *running {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.t.Cleanup(cancel)
	r := &running{t: p.t, cmd: p.command(ctx, program, args...)}
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.errOut
	if err := r.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (r *running) send(signal os.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(signal); err != nil {
		r.t.Error(err)
	}
}

func (r *running) end() ended {
	r.t.Helper()
	return ended{exitCode(r.t, r.cmd.Wait()), r.out.String(), r.errOut.String()}
}
