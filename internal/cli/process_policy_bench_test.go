package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// split writes a policy into several files of a folder: one may have 5 MiB.
func split(t testing.TB, p *person, document string) (size int) {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal([]byte(document), &whole); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "access"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(doc map[string]any) {
		raw, err := json.Marshal(doc) // JSON is YAML
		if err != nil {
			t.Fatal(err)
		}
		size += len(raw)
		p.file(fmt.Sprintf("access/%08d.yaml", size), string(raw))
	}
	part := map[string]any{}
	for name, group := range whole["groups"].(map[string]any) {
		if part[name] = group; len(part) == 500 {
			write(map[string]any{"version": 1, "groups": part})
			part = map[string]any{}
		}
	}
	whole["groups"] = part
	write(whole)
	return size
}

// noopPlan exports an organization, plans the export, and says what that took.
func noopPlan(t testing.TB, p *person, s *site) (took time.Duration, rss int64, requests int) {
	t.Helper()
	size := split(t, p, p.must("policy", "export", "--json"))
	t.Logf("%d KiB of policy", size>>10)
	before := s.count()
	cmd := p.command(t.Context(), program, "policy", "plan", "access", "--exit-code", "-q")
	var said strings.Builder
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	took = time.Since(start)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = usage.Maxrss >> 10 // Linux counts in KiB
	}
	return took, rss, s.count() - before
}

// D18, scaled down: a plan of an organization with a cycle, deep nesting and a large group is empty, and takes at most
// pages + 20 requests.
func TestD18_NoopPlanOfAHardOrganization(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 2500, Groups: 200, Projects: 50, ACLs: 5000}})
	p := s.owner(t)
	_, _, requests := noopPlan(t, p, s)
	if pages := 2 + 1 + 5 + 3; requests > pages+20 {
		t.Errorf("%d requests", requests)
	}
}

// BenchmarkD18 is D18 at its size: 10 s, 512 MiB, pages + 20 requests.
func BenchmarkD18(b *testing.B) {
	s := newBareSite(b, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 25_000, Groups: 5_000, Projects: 1_000, ACLs: 100_000}})
	p := s.owner(b)
	for b.Loop() {
		took, rss, requests := noopPlan(b, p, s)
		b.ReportMetric(took.Seconds(), "s/plan")
		b.ReportMetric(float64(rss), "MiB")
		b.ReportMetric(float64(requests), "requests")
	}
}
