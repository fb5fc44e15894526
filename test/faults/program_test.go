package faults

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"btadmin/internal/change/journal"
)

// patience bounds one run of the program; no test waits for it to pass.
const patience = 3 * time.Minute

// person is somebody with a home, a policy and a shell without a terminal.
type person struct {
	t    *testing.T
	home string
	env  []string
}

// newPerson is a person whose btadmin speaks to an address.
func newPerson(t *testing.T, address string, env ...string) *person {
	t.Helper()
	home := t.TempDir()
	base := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "BRAINTRUST_API_URL=" + address, "BRAINTRUST_API_KEY=" + key}
	return &person{t: t, home: home, env: append(base, env...)}
}

// writes puts the policy in place.
func (p *person) writes(policy string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.home, "access.yaml"), []byte(policy), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// ended is what a run left behind.
type ended struct {
	code           int // 128 + the signal that killed it
	stdout, stderr string
	took           time.Duration
}

// process is a run that goes on beside the test.
type process struct {
	p        *person
	cmd      *exec.Cmd
	out, err bytes.Buffer
	began    time.Time
}

func (p *person) start(args ...string) *process {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.t.Cleanup(cancel)
	r := &process{p: p, cmd: exec.CommandContext(ctx, btadmin, args...), began: time.Now()}
	r.cmd.Dir, r.cmd.Env, r.cmd.WaitDelay = p.home, p.env, 2*time.Second
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.err
	if err := r.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (r *process) end() ended {
	r.p.t.Helper()
	err := r.cmd.Wait()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		r.p.t.Fatal(err)
	}
	return ended{codeOf(r.cmd.ProcessState), r.out.String(), r.err.String(), time.Since(r.began)}
}

func (p *person) btadmin(args ...string) ended {
	p.t.Helper()
	return p.start(args...).end()
}

// must runs what has to succeed.
func (p *person) must(args ...string) ended {
	p.t.Helper()
	got := p.btadmin(args...)
	if got.code != 0 {
		p.t.Fatalf("btadmin %q: exit code %d\n%s", args, got.code, got.stderr)
	}
	return got
}

// converge repeats an apply until it says that all is done, so many times at most. Until then each run has to end with one
// of these exit codes. It returns how many runs it took.
func (p *person) converge(runs int, codes map[int]bool, args ...string) int {
	p.t.Helper()
	for run := 1; ; run++ {
		got := p.btadmin(args...)
		if got.code == 0 {
			return run
		}
		p.t.Logf("run %d: exit code %d after %s: %s", run, got.code, got.took.Round(time.Millisecond), last(got.stderr))
		if !codes[got.code] || run == runs {
			p.t.Fatalf("run %d: exit code %d\n%s", run, got.code, got.stderr)
		}
	}
}

// last is the end of a text, for messages.
func last(text string) string { return text[max(0, len(text)-600):] }

// runs are those of the person's journal, the oldest first. It has to be whole.
func (p *person) runs() []journal.Run {
	p.t.Helper()
	folders, err := filepath.Glob(filepath.Join(p.home, ".local", "state", "btadmin", "journal", "*", "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	if len(folders) == 0 {
		return nil
	}
	if _, _, err := journal.Verify(folders[0]); err != nil {
		p.t.Errorf("the journal: %v", err)
	}
	runs, damage, err := journal.Runs(folders[0])
	if err != nil || len(damage) > 0 || len(folders) > 1 {
		p.t.Errorf("journals %q, damage %v, %v", folders, damage, err)
	}
	return runs
}
