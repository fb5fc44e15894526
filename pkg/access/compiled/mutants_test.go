package compiled_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var plant = flag.String("mutants", "", "plant the bugs of testdata/mutants.txt that match, one at a time: a test has to fail for each")

// mutant is a planted bug.
type mutant struct {
	file, name, from, to string
}

func mutants(t *testing.T) []mutant {
	t.Helper()
	raw, err := os.ReadFile("testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []mutant
	for paragraph := range strings.SplitSeq(string(raw), "\n\n") {
		lines := strings.Split(strings.TrimSpace(paragraph), "\n")
		if strings.HasPrefix(lines[0], "#") {
			continue
		}
		m := mutant{}
		m.file, m.name, _ = strings.Cut(lines[0], ": ")
		if len(lines) != 3 || !strings.HasPrefix(lines[1], "- ") || !strings.HasPrefix(lines[2], "+ ") {
			t.Fatalf("mutants.txt: not a bug:\n%s", paragraph)
		}
		m.from, m.to = lines[1][2:], lines[2][2:]
		all = append(all, m)
	}
	return all
}

func (m mutant) source() (string, error) {
	raw, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(raw), m.from+"\n"); n != 1 {
		return "", fmt.Errorf("%s: %s: the line %q is there %d times", m.file, m.name, m.from, n)
	}
	return strings.Replace(string(raw), m.from+"\n", m.to+"\n", 1), nil
}

// Every planted bug has a place in the code, exactly one; with -mutants, which takes minutes, each also has to
// make some test fail: scripts/check.sh mutants.
func TestMutantsAreCaught(t *testing.T) {
	dir, all := t.TempDir(), mutants(t)
	work := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := range work {
				if err := all[i].survives(filepath.Join(dir, fmt.Sprint(i))); err != nil {
					t.Errorf("%s: %s: %v", all[i].file, all[i].name, err)
				}
			}
		})
	}
	wanted := regexp.MustCompile(*plant)
	for i, m := range all {
		if _, err := m.source(); err != nil {
			t.Error(err)
		} else if *plant != "" && wanted.MatchString(m.file+": "+m.name) {
			work <- i
		}
	}
	close(work)
	wg.Wait()
}

// survives builds the tests with the bug in place and runs them; it is an error when they pass, or when the
// bug does not even compile.
func (m mutant) survives(at string) error {
	source, err := m.source()
	if err != nil {
		return err
	}
	place, err := filepath.Abs(m.file)
	if err != nil {
		return err
	}
	overlay := fmt.Sprintf(`{"Replace": {%q: %q}}`, place, at+".go")
	for name, content := range map[string]string{at + ".go": source, at + ".json": overlay} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			return err
		}
	}
	if out, err := exec.Command("go", "test", "-c", "-overlay", at+".json", "-o", at+".test", ".").CombinedOutput(); err != nil {
		return fmt.Errorf("it does not compile: %s", out)
	}
	defer func() { _ = os.Remove(at + ".test") }()
	run := exec.Command(at+".test", "-test.failfast", "-test.timeout=60s", "-test.skip=Mutants|AllocatesNothing",
		"-rapid.shrinktime=0s", "-rapid.nofailfile")
	if err := run.Run(); err == nil {
		return fmt.Errorf("every test passes")
	}
	return nil
}
