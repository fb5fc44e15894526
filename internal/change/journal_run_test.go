package change_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/pkg/braintrust"
)

// clock tells the time, and that it was asked for it: once for each entry of the journal.
func clock(asked func()) func() time.Time {
	return func() time.Time {
		asked()
		return time.Now()
	}
}

// D17: the journal fails at each of its entries in turn. Before a request nothing more is sent; after one the run
// stops with what the journal lacks; at the end there is only a warning.
func TestD17JournalFailsAtEachEntry(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 6; n++ {
		w := newWorld(t)
		create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
		review := w.review(create, &change.AddACLs{Items: w.reads("read")})
		var j *journal.Journal
		w.Journal = func(host, orgID string) (opened *journal.Journal, err error) {
			j, err = journal.Open(journal.Folder(w.dir, host, orgID))
			return j, err
		}
		entries := 0
		w.Now = clock(func() {
			if entries++; entries == n {
				_ = j.Close() // every write fails from now on
			}
		})
		result, err := w.Run(t.Context(), review)
		var partial *change.PartialError
		var lost *journal.WriteError
		errors.As(err, &lost)
		wantWrites := []int{0, 0, 0, 1, 1, 2, 2}[n] // by the entry that fails
		if w.script.writes != wantWrites {
			t.Errorf("entry %d: %d writes, want %d", n, w.script.writes, wantWrites)
		}
		switch n {
		case 1, 2:
			if err == nil || errors.As(err, &partial) {
				t.Errorf("entry %d: %v", n, err)
			}
		case 3, 5:
			if !errors.As(err, &partial) || lost == nil || lost.Entry.Type != journal.Outcome || lost.Entry.Result != "confirmed" {
				t.Errorf("entry %d: %v, lost %+v", n, err, lost)
			}
		case 4:
			if !errors.As(err, &partial) || lost == nil || lost.Entry.Type != journal.Intent || partial.Done != 1 {
				t.Errorf("entry %d: %v", n, err)
			}
		case 6:
			if err != nil || len(result.Warnings) != 1 || !strings.Contains(result.Warnings[0], result.RunID) {
				t.Errorf("entry %d: %+v, %v", n, result, err)
			}
		}
	}
}
