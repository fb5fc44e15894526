package auth_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/auth"
	"btadmin/internal/iostreams"
)

// The process listing is sampled while a login is waiting for each of its answers.
func TestNoSecretInArgv_A7(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	samples, found := 0, []string{}
	f.saw = func() {
		samples++
		processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil || len(processes) == 0 {
			t.Errorf("no processes: %v", err)
		}
		for _, process := range processes {
			line, err := os.ReadFile(process)
			if err == nil && bytes.Contains(line, []byte("CANARY")) {
				found = append(found, process)
			}
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "auth", "login", "--token-stdin", "--insecure-storage")
	cmd.Env = []string{childMark + "=1", "HOME=" + t.TempDir(), "BRAINTRUST_APP_URL=" + f.URL, "BRAINTRUST_API_URL=" + f.URL}
	cmd.Stdin = strings.NewReader(canary + "\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if bytes.Contains(out, []byte("CANARY")) {
		t.Errorf("the key is shown: %s", out)
	}
	if samples != 2 || len(found) != 0 {
		t.Errorf("%d samples; the key is in %v", samples, found)
	}
}

// No flag of the noun, and no argument, takes a secret.
func TestNoFlagTakesASecret_A7(t *testing.T) {
	t.Parallel()
	streams, _, _ := iostreams.Test("")
	for _, verb := range auth.New(app.New(streams, build.Info{}, nil)).Commands() {
		if err := verb.Args(verb, []string{canary}); err == nil {
			t.Errorf("auth %s takes an argument", verb.Name())
		}
		visit(verb, func(f *pflag.Flag) {
			if f.Value.Type() != "bool" {
				t.Errorf("auth %s --%s takes a value", verb.Name(), f.Name)
			}
		})
	}
}

func visit(cmd *cobra.Command, see func(*pflag.Flag)) { cmd.LocalFlags().VisitAll(see) }
