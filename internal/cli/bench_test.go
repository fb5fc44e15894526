package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildPrograms builds btadmin as it is released, and an empty program beside it.
func buildPrograms(b *testing.B) (btadmin, empty string) {
	b.Helper()
	dir := b.TempDir()
	source := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	btadmin, empty = filepath.Join(dir, "btadmin"), filepath.Join(dir, "empty")
	for out, pkg := range map[string]string{btadmin: "../../cmd/btadmin", empty: source} {
		build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := build.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, text)
		}
	}
	return btadmin, empty
}

// BenchmarkStart is the time from starting a process to its end, beside an empty program in the same run.
func BenchmarkStart(b *testing.B) {
	btadmin, empty := buildPrograms(b)
	for _, c := range []struct {
		name string
		line []string
	}{
		{"empty program", []string{empty}},
		{"btadmin version", []string{btadmin, "version"}},
		{"btadmin --help", []string{btadmin, "--help"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := exec.CommandContext(b.Context(), c.line[0], c.line[1:]...).Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSandboxCommand is a whole process that opens the embedded organization and reads or writes it.
func BenchmarkSandboxCommand(b *testing.B) {
	btadmin, _ := buildPrograms(b)
	home := b.TempDir()
	run := func(b *testing.B, args ...string) {
		b.Helper()
		cmd := exec.CommandContext(b.Context(), btadmin, append(args, "--sandbox")...)
		cmd.Env = []string{"HOME=" + home}
		if text, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, text)
		}
	}
	run(b, "groups", "create", "QA")
	b.Run("groups list", func(b *testing.B) {
		for b.Loop() {
			run(b, "groups", "list")
		}
	})
	b.Run("access check", func(b *testing.B) {
		for b.Loop() {
			run(b, "access", "check", "bo@acme.example.com", "read", "project:Chatbot")
		}
	})
	b.Run("groups edit", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			run(b, "groups", "edit", "QA", "-d", fmt.Sprint(n))
		}
	})
}

// BenchmarkACLBatch is `acl set --file` with 2,000 rows on the embedded organization, the process and the
// resolving of names included.
func BenchmarkACLBatch(b *testing.B) {
	btadmin, _ := buildPrograms(b)
	home := b.TempDir()
	run := func(b *testing.B, stdin string, args ...string) {
		b.Helper()
		cmd := exec.CommandContext(b.Context(), btadmin, append(args, "--sandbox")...)
		cmd.Env = []string{"HOME=" + home}
		cmd.Stdin = strings.NewReader(stdin)
		if text, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, text)
		}
	}
	run(b, "", "sandbox", "seed", "large", "--users", "2000", "--groups", "50", "--projects", "10", "--acls", "1000", "--seed", "1", "--yes")
	out, err := exec.CommandContext(b.Context(), "env", "HOME="+home, btadmin, "members", "list", "--jq", ".[].user_id // .[].id", "--sandbox").Output()
	if err != nil {
		b.Fatal(err)
	}
	var on, off strings.Builder
	on.WriteString("object,principal,allow\n")
	off.WriteString("object,principal,allow\n")
	seen := map[string]bool{}
	for id := range strings.FieldsSeq(string(out)) {
		if seen[id] || len(seen) == 2000 {
			continue
		}
		seen[id] = true
		fmt.Fprintf(&on, "all-projects,user:%s,read\n", id)
		fmt.Fprintf(&off, "all-projects,user:%s,none\n", id)
	}
	b.ReportMetric(float64(len(seen)), "rows")
	for b.Loop() {
		run(b, on.String(), "acl", "set", "--file", "-")
		b.StopTimer()
		run(b, off.String(), "acl", "set", "--file", "-", "--yes")
		b.StartTimer()
	}
}
