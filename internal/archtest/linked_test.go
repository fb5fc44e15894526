package archtest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write linked.txt anew")

// linkedFile is the committed list.
const linkedFile = "linked.txt"

const linkedHeader = `# The modules that are linked into btadmin, and where only there.
# A new line here is a decision: it costs start-up time, size and trust. After making it:
#   go test ./internal/archtest -run TestLinkedModules -update
`

// TestLinkedModules keeps the list of modules inside the program a matter of review.
func TestLinkedModules(t *testing.T) {
	t.Parallel()
	systems := []string{"darwin", "linux", "windows"}
	on := map[string][]string{}
	for _, system := range systems {
		modules, err := linkedModules(system)
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range modules {
			on[module] = append(on[module], system)
		}
	}
	got := linkedHeader + linkedList(on, len(systems))
	if *update {
		if err := os.WriteFile(linkedFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(linkedFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the linked modules changed (-%s +program); if that is meant, run with -update:\n%s", linkedFile, diff)
	}
}

// linkedModules asks the go command for the modules of every package in the program.
func linkedModules(system string) ([]string, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/btadmin")
	cmd.Dir = moduleRoot
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the packages for %s: %w\n%s", system, err, stderr.String())
	}
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	return slices.Compact(modules), nil
}

// linkedList writes a module a line, with its systems where it is not linked on all.
func linkedList(on map[string][]string, all int) string {
	var b strings.Builder
	names := make([]string, 0, len(on))
	for name := range on {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name)
		if len(on[name]) < all {
			b.WriteString(" " + strings.Join(on[name], ","))
		}
		b.WriteString("\n")
	}
	return b.String()
}
