package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"btadmin/internal/change/journal"
)

// Two runs at once, one of which begins the next file: the chain stays whole, in the order of the files.
func TestTwoWritersAcrossFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	var writers []*journal.Journal
	for range 2 {
		j, err := journal.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		j.SetFull(2000)
		writers = append(writers, j)
	}
	const entries = 40
	for i := range entries {
		if err := writers[i%2].Append(journal.Entry{Run: fmt.Sprint(i % 2), Seq: i / 2, Type: journal.Intent}); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 3 {
		t.Errorf("files %q, %v", files, err)
	}
	if _, n, err := journal.Verify(dir); err != nil || n != entries {
		t.Errorf("%d entries, %v", n, err)
	}
	// Whoever archives the oldest file does not confuse the order of the others.
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Append(journal.Entry{Run: "later"}); err != nil {
		t.Fatal(err)
	}
	runs, damage, err := journal.Runs(dir)
	if err != nil || len(damage) > 0 || runs[len(runs)-1].ID != "later" {
		t.Errorf("runs %+v, damage %v, %v", runs, damage, err)
	}
	if _, err := os.Stat(files[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the archived file is back: %v", err)
	}
}

// D17: an entry that could not be written is in the error, without secrets.
func TestD17LostEntryIsInTheError(t *testing.T) {
	t.Parallel()
	j, err := journal.Open(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	j.Redact = func(string) string { return "[redacted]" }
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	var lost *journal.WriteError
	if err := j.Append(journal.Entry{Run: "a", Reason: "CANARY"}); !errors.As(err, &lost) || lost.Entry.Run != "a" || lost.Entry.Reason != "[redacted]" {
		t.Errorf("error %#v", err)
	}
}
