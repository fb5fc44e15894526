//go:build linux

package cli_test

import (
	"net/http"
	"strings"
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
			got := p.sh("$btadmin " + read + " " + nowhere)
			answered := nowhere == ">&-" && (read == "version" || strings.HasPrefix(read, "access check")) // docs/adr/0010
			if (got.code == 0) != answered || got.code == 70 {
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
	s := newSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 10, Groups: 1200, Projects: 1, ACLs: 1}})
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
			select {
			case <-release:
			case <-r.Context().Done(): // the program has broken it off
			}
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
