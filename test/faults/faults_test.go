package faults

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/pkg/braintrust"
)

const groups = 120

// wantAll fails unless everything is there, once. It asks the server itself.
func wantAll(t *testing.T, address string) {
	t.Helper()
	c := client(t, address)
	plan, err := planFor(t.Context(), c, groups)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Steps) > 0 {
		t.Errorf("%d steps are left", len(plan.Steps))
	}
	names, items := map[string]bool{}, map[braintrust.ACLItem]bool{}
	for _, g := range plan.Base.Groups {
		if names[g.Name] || strings.HasPrefix(g.Name, "team-") && len(g.MemberUsers) != 2 {
			t.Errorf("group %s is there twice, or has members %v", g.Name, g.MemberUsers)
		}
		names[g.Name] = true
	}
	for _, a := range plan.Base.ACLs {
		if items[a.ACLItem] {
			t.Errorf("the grant %+v is there twice", a.ACLItem)
		}
		items[a.ACLItem] = true
	}
}

// D1: through a proxy that breaks connections, with a server that has faults of its own.
func TestD1ThroughToxiproxy(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			address := serve(t, "--fail-rate", "0.05", "--fail-after-commit", "0.05", "--drop-after-commit", "0.02", "--drop-before", "0.02",
				"--fault-seed", fmt.Sprint(seed))
			p := startProxy(t, address)
			p.rage(t, seed, 0.3)
			c := client(t, p.Listen)
			result, err := apply(t.Context(), c, t.TempDir(), groups)
			for run := 2; err != nil && run <= 5; run++ { // D2: the proxy does not count; it may be more than 20 %
				t.Logf("run %d: %v", run-1, err)
				result, err = apply(t.Context(), c, t.TempDir(), groups)
			}
			if err != nil {
				t.Fatal(err)
			}
			reads, writes := c.Requests()
			t.Logf("%d reads, %d writes, result %d rows", reads, writes, result.Rows)
			if most := (groups + 1) * 14 / 10; writes > most {
				t.Errorf("%d writes for %d changes, at most %d", writes, groups+1, most)
			}
			p.calm()
			wantAll(t, address)
		})
	}
}

// D3: the proxy is gone after some changes.
func TestD3ProxyGone(t *testing.T) {
	t.Parallel()
	address := serve(t)
	p := startProxy(t, address)
	var attempts, after atomic.Int64
	down := make(chan struct{})
	c, err := braintrust.New(braintrust.Config{BaseURL: "http://" + p.Listen, Key: braintrust.NewSecret(key), Observe: func(x braintrust.Exchange) {
		select {
		case <-down:
			after.Add(1)
		default:
			if x.Method == http.MethodPost && attempts.Add(1) == 60 {
				p.Stop()
				close(down)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, err = apply(t.Context(), c, dir, groups)
	var partial *change.PartialError
	if !errors.As(err, &partial) || partial.Done < 40 {
		t.Fatalf("error %v", err)
	}
	if n := after.Load(); n > 40 {
		t.Errorf("%d requests to a server that is gone", n)
	}
	if _, err := apply(t.Context(), client(t, address), dir, groups); err != nil {
		t.Fatal(err)
	}
	wantAll(t, address)
}

// D9: a process that is killed or interrupted at a moment drawn from the seed; a run after it makes the rest.
func TestD9KilledAndInterrupted(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		for _, seed := range seeds(t) {
			t.Run(fmt.Sprint(sig, " seed ", seed), func(t *testing.T) {
				t.Parallel()
				address, dir := serve(t, "--latency", "5ms"), t.TempDir()
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), fmt.Sprint("FAULTS_APPLY=", groups), "FAULTS_ADDRESS="+address, "FAULTS_DIR="+dir)
				cmd.Stderr = os.Stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				waitForWrites(t, dir, int(10+seed*37%100))
				_ = cmd.Process.Signal(sig)
				err := cmd.Wait()
				if sig == syscall.SIGINT && cmd.ProcessState.ExitCode() != 5 {
					t.Errorf("interrupted: %v", err)
				}
				if _, err := apply(t.Context(), client(t, address), dir, groups); err != nil {
					t.Fatal(err)
				}
				wantAll(t, address)
				checkJournal(t, dir, sig)
			})
		}
	}
}

// waitForWrites waits until so many entries are in the journal.
func waitForWrites(t *testing.T, dir string, entries int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(dir, "journal", "*", "*", "journal-*"))
		for _, file := range files {
			if raw, err := os.ReadFile(file); err == nil && strings.Count(string(raw), "\n") >= entries {
				return
			}
		}
	}
	t.Fatal("the run did not get so far")
}

func checkJournal(t *testing.T, dir string, sig syscall.Signal) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(dir, "journal", "*", "*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("folders %q, %v", folders, err)
	}
	runs, damage, err := journal.Runs(folders[0])
	want := map[syscall.Signal]string{syscall.SIGKILL: "interrupted", syscall.SIGINT: "partial"}[sig]
	if err != nil || len(damage) > 1 || len(runs) == 0 || runs[0].Result != want || runs[len(runs)-1].Result != "confirmed" {
		t.Errorf("%d runs, damage %v, %v; the first was %s", len(runs), damage, err, runs[0].Result)
	}
}

// The program itself, through the proxy: thousands of grants from a file, again until it says that all is done.
func TestGrantsFromAFileThroughToxiproxy(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			address, home := serve(t), t.TempDir()
			c := client(t, address)
			projects, err := braintrust.Collect(c.Projects(t.Context(), braintrust.ProjectFilter{}))
			if err != nil {
				t.Fatal(err)
			}
			users, err := braintrust.Collect(c.Users(t.Context(), braintrust.UserFilter{}))
			if err != nil {
				t.Fatal(err)
			}
			var file strings.Builder
			rows := 0
			for _, p := range projects {
				for _, u := range users[:40] {
					fmt.Fprintf(&file, "{\"object\":\"project:%s\",\"principal\":\"user:%s\",\"allow\":\"read,create,update\"}\n", p.ID, u.ID)
					rows += 3
				}
			}
			list := filepath.Join(home, "grants.jsonl")
			if err := os.WriteFile(list, []byte(file.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			p := startProxy(t, address)
			p.rage(t, seed, 0.2)
			for run := 1; ; run++ {
				cmd := exec.Command(btadmin, "acl", "grant", "--file", list, "--yes", "--quiet")
				cmd.Env = []string{"HOME=" + home, "BRAINTRUST_API_URL=http://" + p.Listen, "BRAINTRUST_API_KEY=" + key}
				out, err := cmd.CombinedOutput()
				if err == nil {
					t.Logf("%d runs", run)
					break
				}
				if code := cmd.ProcessState.ExitCode(); code != 3 && code != 5 || run == 5 {
					t.Fatalf("run %d: exit %d\n%s", run, code, out)
				}
			}
			p.calm()
			acls, err := braintrust.Collect(c.OrgACLs(t.Context(), braintrust.ACLFilter{}))
			if err != nil {
				t.Fatal(err)
			}
			got := map[braintrust.ACLItem]int{}
			for _, a := range acls {
				if a.UserID != "" && a.ObjectType == braintrust.ObjectProject {
					got[a.ACLItem]++
				}
			}
			if len(got) != rows {
				t.Errorf("%d grants, want %d", len(got), rows)
			}
			for item, n := range got {
				if n > 1 {
					t.Errorf("the grant %+v is there %d times", item, n)
				}
			}
		})
	}
}
