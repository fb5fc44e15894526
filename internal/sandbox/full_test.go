//go:build linux

package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const fullDir = "BTADMIN_TEST_SANDBOX_FULL"

// TestE3Child is the server whose files cannot grow any more; it does nothing when it is not run by TestE3FullDisk.
func TestE3Child(t *testing.T) {
	dir := os.Getenv(fullDir)
	if dir == "" {
		return
	}
	s, err := Open(dir, Options{Seed: SeedSpec{Kind: SeedEmpty, TokenKey: crashKey}})
	if err != nil {
		t.Fatal(err)
	}
	limit := syscall.Rlimit{Cur: 256 << 10, Max: 256 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	err = s.Serve(context.Background(), ServeOptions{Ready: func(info ServingInfo) { fmt.Println("ready " + info.URL) }})
	t.Fatal(err)
}

// TestE3FullDisk: with a real refusal of the operating system, which comes as a short write and then an error, every
// acknowledged write is there when the store is opened again, and none is acknowledged after the first refusal.
func TestE3FullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestE3Child$")
	cmd.Env = append(os.Environ(), fullDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill() }()
	lines := bufio.NewScanner(out)
	lines.Scan()
	base, ready := strings.CutPrefix(lines.Text(), "ready ")
	if !ready {
		t.Fatalf("the child says %s", lines.Text())
	}
	c := &client{t: t, transport: &http.Transport{}, base: base, key: crashKey}
	var kept []string
	for i := 0; ; i++ {
		r := c.do("POST", "/v1/role", obj{"name": fmt.Sprint("r", i), "description": strings.Repeat("x", 4000)})
		if r.status == http.StatusServiceUnavailable {
			break
		}
		if r.status != 200 || i > 1000 {
			t.Fatalf("write %d: %d %s", i, r.status, r.body)
		}
		kept = append(kept, r.id())
	}
	c.want(http.StatusServiceUnavailable, "POST", "/v1/role", obj{"name": "small"})
	waitFor(t, func() bool { return c.do("GET", "/ping", nil).status == 200 })
	if got := len(c.ids("/v1/role")); got != len(kept)+3 {
		t.Errorf("%d roles are read, %d were acknowledged", got-3, len(kept))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	s := openServer(t, dir, Options{})
	for _, id := range kept {
		if s.world.table(kindRole).live(id) == nil {
			t.Errorf("%s is gone", id)
		}
	}
}
