package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/change/journal"
)

func write(t *testing.T, dir string, runs ...string) string {
	t.Helper()
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for i, run := range runs {
		e := journal.Entry{Run: run, Seq: i, Time: time.Unix(int64(i), 0).UTC(), Type: journal.RunBegin, Argv: []string{"groups", "create", "QA"}}
		if err := j.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	return j.Head()
}

func TestChain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	write(t, dir, "a", "b")
	want := write(t, dir, "c")
	head, entries, err := journal.Verify(dir)
	if err != nil || head != want || entries != 3 {
		t.Fatalf("Verify = %q, %d, %v; want %q, 3", head, entries, err, want)
	}
	info, err := os.Stat(filepath.Join(dir, "journal-0001.ndjson"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(string) string{
		"a word":        func(s string) string { return strings.Replace(s, `"QA"`, `"QB"`, 1) },
		"a line":        func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest },
		"half a line":   func(s string) string { return s[:len(s)-20] + "\n" },
		"another order": func(s string) string { l := strings.SplitAfter(s, "\n"); return l[1] + l[0] + l[2] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "j")
			write(t, dir, "a", "b", "c")
			path := filepath.Join(dir, "journal-0001.ndjson")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(edit(string(raw))), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, _, err := journal.Verify(dir); err == nil {
				t.Error("not found")
			}
		})
	}
}

// A crash in the middle of a line leaves a journal that is whole and can be used, before and after the next run. Half of an
// entry that others followed is damage.
func TestTornLineIsKeptApart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	write(t, dir, "a")
	path := filepath.Join(dir, "journal-0001.ndjson")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"run":"b","ty`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for n, id := range []string{"", "c", "d"} {
		if id != "" {
			write(t, dir, id)
		}
		runs, damage, err := journal.Runs(dir)
		if err != nil || len(runs) != n+1 || len(damage) > 0 {
			t.Errorf("runs %+v, damage %v, %v", runs, damage, err)
		}
		if _, entries, err := journal.Verify(dir); err != nil || entries != n+1 {
			t.Errorf("%d entries, %v", entries, err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(raw), "\n") // a, half of b, c, d
	for name, left := range map[string]string{
		"half of c":     lines[0] + lines[1] + lines[2][:20] + "\n" + lines[3],
		"only half":     lines[0] + lines[1],
		"no JSON":       lines[0] + "}\n" + lines[2] + lines[3],
		"half, without": lines[0] + lines[1] + lines[3],
	} {
		if err := os.WriteFile(path, []byte(left), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := journal.Verify(dir); err == nil {
			t.Errorf("%s: not found", name)
		}
	}
}

// Processes take turns: the chain of entries that several wrote at once is whole.
func TestSeveralWriters(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	var wait sync.WaitGroup
	errs := make(chan error, 8)
	for i := range 8 {
		wait.Go(func() {
			j, err := journal.Open(dir)
			if err != nil {
				errs <- err
				return
			}
			defer j.Close()
			for n := range 10 {
				if err := j.Append(journal.Entry{Run: fmt.Sprint(i), Seq: n, Type: journal.Intent}); err != nil {
					errs <- err
				}
			}
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		t.Fatal(err)
	}
	if _, entries, err := journal.Verify(dir); err != nil || entries != 80 {
		t.Errorf("%d entries, %v", entries, err)
	}
}

func TestRunsTellInterruptedOnes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []journal.Entry{
		{Run: "a", Type: journal.RunBegin, Actor: "ana"},
		{Run: "a", Type: journal.Intent, Lines: []string{"create group QA"}},
		{Run: "b", Type: journal.RunBegin},
		{Run: "b", Type: journal.RunEnd, Result: "confirmed"},
	} {
		if err := j.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.Close()); err != nil {
		t.Fatal(err)
	}
	runs, _, err := journal.Runs(dir)
	if err != nil || len(runs) != 2 || runs[0].Result != "interrupted" || runs[1].Result != "confirmed" || runs[0].Changes[0] != "create group QA" {
		t.Errorf("runs: %+v, %v", runs, err)
	}
}

func FuzzC7Journal(f *testing.F) {
	f.Add([]byte(`{"run":"a","seq":0,"type":"run_begin","hash":"00"}` + "\n"))
	f.Add([]byte("{}\n[]\n\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "journal-0001.ndjson"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _ = journal.Runs(dir)
		_, _, _ = journal.Verify(dir)
		j, err := journal.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if err := j.Append(journal.Entry{Run: "x"}); err != nil {
			t.Fatal(err)
		}
	})
}

// A8: what looks like a secret is removed from every text of an entry, wherever it stands, and the chain is
// that of what was written.
func TestA8Redacted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	j.Redact = func(s string) string { return strings.ReplaceAll(s, "CANARY", "[redacted]") }
	const secret = "a CANARY"
	err = j.Append(journal.Entry{
		Run: "r", Type: journal.Intent, Argv: []string{secret}, Lines: []string{secret}, RequestIDs: []string{secret}, Reason: secret, Error: secret,
		Change: []byte(`{"name":"x CANARY","list":["CANARY",{"deep":"\u0043ANARY","n":1.50,"b":true,"z":null}],"token_name":"ci"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "journal-0001.ndjson"))
	if err != nil || strings.Contains(string(raw), "CANARY") {
		t.Errorf("%v in %s", err, raw)
	}
	want := `"change":{"name":"x [redacted]","list":["[redacted]",{"deep":"[redacted]","n":1.50,"b":true,"z":null}],"token_name":"ci"}`
	if !strings.Contains(string(raw), want) {
		t.Errorf("%s is missing in %s", want, raw)
	}
	if _, _, err := journal.Verify(dir); err != nil {
		t.Error(err)
	}
	j.Redact = nil
	if err := j.Append(journal.Entry{Run: "r", Change: []byte(`{"a":"CANARY"}`)}); err != nil {
		t.Error(err)
	}
}
