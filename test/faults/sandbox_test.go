package faults

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"btadmin/pkg/braintrust"
)

const (
	key      = "bt-st-sandbox-faults-0123456789"
	orgName  = "Faults"
	users    = 20 // User00001 and so on
	projects = 12 // Project 00001 and so on
)

// serve starts a sandbox of its own and returns its address, http://127.0.0.1:PORT.
func serve(t *testing.T, flags ...string) (address string) {
	t.Helper()
	dir, home := filepath.Join(t.TempDir(), "sandbox"), t.TempDir()
	env := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	seed := exec.Command(btadmin, "sandbox", "seed", "large", "--dir", dir, "--users", strconv.Itoa(users), "--projects", strconv.Itoa(projects),
		"--groups", "1", "--acls", "1", "--org-name", orgName, "--token-key", key, "--yes", "--quiet")
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
	return said.URL
}

// client speaks to an address, past btadmin.
func client(t *testing.T, address string) *braintrust.Client {
	t.Helper()
	c, err := braintrust.New(braintrust.Config{BaseURL: address, Key: braintrust.NewSecret(key), Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
