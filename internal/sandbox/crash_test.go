package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	crashDir = "BTADMIN_TEST_SANDBOX_DIR"
	crashKey = ServiceTokenPrefix + "crash-test-0123456789"
)

// TestE1Child is the server that is killed; it does nothing when it is not run by TestE1Crash.
func TestE1Child(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		return
	}
	s, err := Open(dir, Options{Seed: SeedSpec{Kind: SeedEmpty, TokenKey: crashKey}})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Serve(context.Background(), ServeOptions{Ready: func(info ServingInfo) { fmt.Println("ready " + info.URL) }})
	t.Fatal(err) // only a kill ends it
}

// crash is what was acknowledged over all rounds.
type crash struct {
	dir    string
	mu     sync.Mutex
	there  map[string]bool // id: true when it was made, false when it was deleted afterwards
	failed error
}

// round starts a server, writes from several clients and kills it after some acknowledged writes.
func (k *crash) round(t testing.TB, n, writers, after int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestE1Child$")
	cmd.Env = append(os.Environ(), crashDir+"="+k.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	base := ""
	for lines := bufio.NewScanner(out); base == "" && lines.Scan(); {
		base, _ = strings.CutPrefix(lines.Text(), "ready ")
		if base == lines.Text() {
			t.Errorf("the child says %s", base)
			base = ""
		}
	}
	var acknowledged atomic.Int64
	enough := make(chan struct{})
	var once sync.Once
	wire := &http.Transport{MaxIdleConnsPerHost: writers}
	defer wire.CloseIdleConnections()
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			c := &client{t: t, transport: wire, base: base, key: crashKey}
			for i := 0; base != ""; i++ {
				r, err := c.try("POST", "/v1/role", obj{"name": fmt.Sprintf("%d-%d-%d", n, w, i)})
				if err != nil {
					return // killed
				}
				if r.status != 200 {
					k.fail(fmt.Errorf("status %d: %s", r.status, r.body))
					return
				}
				k.note(r.id(), true)
				if i%3 == 2 {
					if gone, err := c.try("DELETE", "/v1/role/"+r.id(), nil); err != nil {
						k.forget(r.id()) // nobody knows
						return
					} else if gone.status == 200 {
						k.note(r.id(), false)
					}
				}
				if acknowledged.Add(1) >= int64(after) {
					once.Do(func() { close(enough) })
				}
			}
		})
	}
	if base != "" {
		select {
		case <-enough:
		case <-time.After(30 * time.Second):
			t.Error("no writes within 30 seconds")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it says that it was killed
	group.Wait()
	if k.failed != nil {
		t.Fatal(k.failed)
	}
}

func (k *crash) note(id string, there bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.there[id] = there
}

func (k *crash) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.there, id)
}

func (k *crash) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failed = err
}

// check opens the store here and looks for everything that was acknowledged.
func (k *crash) check(t testing.TB) {
	t.Helper()
	s, err := Open(k.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id, there := range k.there {
		if got := s.world.table(kindRole).live(id) != nil; got != there {
			t.Errorf("role %s: there is %v, acknowledged was %v", id, got, there)
		}
	}
}

// TestE1Crash: a few rounds of kill -9; BenchmarkE1Crash does as many as it is told.
func TestE1Crash(t *testing.T) {
	t.Parallel()
	k := &crash{dir: t.TempDir(), there: make(map[string]bool)}
	draw := rand.New(rand.NewPCG(1, 2))
	for n, writers := range []int{4, 16, 64, 8} {
		k.round(t, n, writers, 5+draw.IntN(300))
		k.check(t)
	}
	if len(k.there) < 20 {
		t.Errorf("only %d acknowledged writes", len(k.there))
	}
}

// BenchmarkE1Crash is one round of kill -9 an iteration: -benchtime 400x.
func BenchmarkE1Crash(b *testing.B) {
	k := &crash{dir: b.TempDir(), there: make(map[string]bool)}
	draw := rand.New(rand.NewPCG(3, 4))
	for n := 0; b.Loop(); n++ {
		k.round(b, n, 4+draw.IntN(61), 1+draw.IntN(500))
		k.check(b)
	}
	b.ReportMetric(float64(len(k.there)), "writes")
}
