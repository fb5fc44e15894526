package journal_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"btadmin/internal/change/journal"
)

// Entries that are written together are chained like those that are not.
func TestAppendAllIsOneChain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "j")
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var batch []journal.Entry
	for i := range 8 {
		batch = append(batch, journal.Entry{Run: "a", Seq: i, Type: journal.Intent, Step: i + 1, Part: i % 2})
	}
	for range 3 {
		if err := errors.Join(j.AppendAll(batch)...); err != nil {
			t.Fatal(err)
		}
		if err := j.Append(journal.Entry{Run: "b"}); err != nil {
			t.Fatal(err)
		}
	}
	head, entries, err := journal.Verify(dir)
	if err != nil || entries != 27 || head != j.Head() {
		t.Errorf("%d entries, head %s, %v", entries, head, err)
	}
}

// D17: a batch that cannot be written is the error of each of its entries.
func TestD17BatchThatIsLost(t *testing.T) {
	t.Parallel()
	j, err := journal.Open(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	errs := j.AppendAll([]journal.Entry{{Run: "a"}, {Run: "b"}})
	for i, want := range []string{"a", "b"} {
		var lost *journal.WriteError
		if !errors.As(errs[i], &lost) || lost.Entry.Run != want {
			t.Errorf("entry %d: %v", i, errs[i])
		}
	}
}

// BenchmarkAppendAll: what waits for the disk together waits once.
func BenchmarkAppendAll(b *testing.B) {
	for _, n := range []int{1, 8} {
		b.Run(fmt.Sprint(n, " entries"), func(b *testing.B) {
			j, err := journal.Open(filepath.Join(b.TempDir(), "j"))
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			batch := make([]journal.Entry, n)
			for b.Loop() {
				if err := errors.Join(j.AppendAll(batch)...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
