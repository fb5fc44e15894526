package cli_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// TestEveryExampleRuns runs every example of every command, each in a home of its own whose organization has
// what the examples name (see world in examples_world_test.go).
func TestEveryExampleRuns(t *testing.T) {
	t.Parallel()
	home := newShellHome(t)
	if out, err := home.run(t, "bash", world, "BTADMIN_SANDBOX=1"); err != nil {
		t.Fatalf("the organization of the examples: %v\n%s", err, out)
	}
	stand, err := home.run(t, "bash", standIns, "BTADMIN_SANDBOX=1")
	if err != nil {
		t.Fatalf("%v\n%s", err, stand)
	}
	replace := strings.NewReplacer(strings.Split(strings.TrimSpace(stand), "\n")...)
	rules := exampleRules()
	used := map[string]bool{}
	for _, line := range examples(t) {
		rule, listed := rules[line]
		used[line] = used[line] || listed
		if rule.skip != "" {
			continue
		}
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			if rule.before != "" {
				line = rule.before + "\n" + line
			}
			env := []string{"BTADMIN_SANDBOX=1"}
			if rule.noSandbox {
				env = nil
			}
			out, err := home.copyTo(t).run(t, "bash", "set -o pipefail\n"+replace.Replace(line), env...)
			code := 0
			var exited *exec.ExitError
			if errors.As(err, &exited) {
				code = exited.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			if code != rule.code {
				t.Errorf("exit code %d, want %d\n%s", code, rule.code, out)
			}
		})
	}
	for line := range rules {
		if !used[line] {
			t.Errorf("no command has the example %q any more", line)
		}
	}
}

// examples lists the lines of all examples, once each.
func examples(t *testing.T) []string {
	t.Helper()
	streams, _, _ := iostreams.Test("")
	var lines []string
	seen := map[string]bool{}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		text := strings.ReplaceAll(cmd.Example, "\\\n", "")
		for _, line := range strings.Split(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !seen[line] {
				seen[line] = true
				lines = append(lines, line)
			}
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(cli.NewRoot(app.New(streams, build.Info{}, nil)))
	if len(lines) < 200 {
		t.Fatalf("%d examples: the commands were not found", len(lines))
	}
	return lines
}
