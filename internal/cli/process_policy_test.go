//go:build linux

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// C1: documents that are meant to exhaust the program end with code 4, and the whole process is
// not seen with 100 MiB of memory or more. The time is measured by BenchmarkC1Parse.
func TestC1HostilePolicies(t *testing.T) {
	t.Parallel()
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	for name, tt := range map[string]struct{ data, want string }{
		"aliases":  {bomb.String(), "aliases of this file stand for more than"},
		"brackets": {strings.Repeat("[", 200_000), "nested deeper than"},
		"size":     {strings.Repeat("# a comment of no use\n", 50<<20/22), "more than 5242880 bytes"},
		"values":   {"[" + strings.Repeat("a,", 2<<20) + "]", "too many values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			file := filepath.Join(t.TempDir(), "access.yaml")
			if err := os.WriteFile(file, []byte(tt.data), 0o600); err != nil {
				t.Fatal(err)
			}
			// The limit ends what would fill the machine; it is wide, because it counts the stacks of cgo's threads.
			cmd := p.command(t.Context(), "sh", "-c", `ulimit -d 1048576 && exec "$0" policy validate "$1" --json`, program, file)
			var out strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended, peak := make(chan struct{}), make(chan int)
			go func() { peak <- watchPeak(cmd.Process.Pid, ended) }()
			_ = cmd.Wait() // its exit code is looked at
			close(ended)
			if most := <-peak; most >= 100 { // 0: it was over before anybody looked
				t.Errorf("it took %d MiB of memory", most)
			}
			if code := cmd.ProcessState.ExitCode(); code != 4 || !strings.Contains(out.String(), tt.want) {
				t.Errorf("code %d: %.300s", code, out.String())
			}
		})
	}
}
