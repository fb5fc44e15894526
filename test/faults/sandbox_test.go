package faults

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"btadmin/pkg/braintrust"
)

// btadmin is the program under test.
var btadmin string

const key = "bt-st-sandbox-faults-0123456789"

func TestMain(m *testing.M) {
	if os.Getenv("FAULTS_APPLY") != "" { // this process is the one to be killed
		os.Exit(applyAlone())
	}
	os.Exit(build(m))
}

func build(m *testing.M) int {
	if btadmin = os.Getenv("BTADMIN"); btadmin != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "btadmin-faults")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	btadmin = filepath.Join(dir, "btadmin")
	cmd := exec.Command("go", "build", "-o", btadmin, "./cmd/btadmin")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build btadmin: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// seeds are those of FAULT_SEEDS, or three.
func seeds(t *testing.T) []uint64 {
	t.Helper()
	list := os.Getenv("FAULT_SEEDS")
	if list == "" {
		return []uint64{1, 2, 3}
	}
	var out []uint64
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

// serve starts a sandbox of its own and returns its address.
func serve(t *testing.T, flags ...string) (address string) {
	t.Helper()
	dir, home := filepath.Join(t.TempDir(), "sandbox"), t.TempDir()
	env := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	seed := exec.Command(btadmin, "sandbox", "seed", "large", "--dir", dir, "--users", "40", "--projects", "12", "--token-key", key, "--yes", "--quiet")
	seed.Env = env
	if out, err := seed.CombinedOutput(); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	cmd := exec.Command(btadmin, append([]string{"sandbox", "serve", "--json", "--dir", dir, "--no-creator-grants"}, flags...)...)
	cmd.Env = env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var said struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		t.Fatalf("the sandbox did not start: %v", err)
	}
	return strings.TrimPrefix(said.URL, "http://")
}

// client speaks to an address.
func client(t *testing.T, address string) *braintrust.Client {
	t.Helper()
	c, err := braintrust.New(braintrust.Config{BaseURL: "http://" + address, Key: braintrust.NewSecret(key), Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
