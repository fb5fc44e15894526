package change

import (
	"fmt"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"btadmin/internal/change/journal"
)

// mostLines is how many lines of a step are kept in words; the step itself is kept whole.
const mostLines = 50

// book writes one run into the journal. It is safe for concurrent use: what waits while an entry is being written
// is written together afterwards, so that requests in flight at the same time share the waiting for the disk.
type book struct {
	runner  *Runner
	journal *journal.Journal
	run     string
	actor   string

	mu      sync.Mutex
	waiting []*pendingEntry
	writing sync.Mutex // held by who writes for all
	seq     int        // by the holder of writing
}

// pendingEntry is an entry on its way to the disk.
type pendingEntry struct {
	journal.Entry
	done bool
	err  error
}

// open opens the journal for a run. Without one nothing is sent.
func (r *Runner) open(review *Review) (*book, error) {
	j, err := r.Journal(review.Plan.Host, review.Plan.Org.ID)
	if err != nil {
		return nil, unjournaled(err)
	}
	return &book{runner: r, journal: j, run: r.newID()}, nil
}

// begin notes who runs what.
func (b *book) begin(review *Review) error {
	b.actor = review.caller.UserID
	var fired []string
	for _, f := range review.Findings {
		if !slices.Contains(fired, f.Guard) {
			fired = append(fired, f.Guard)
		}
	}
	return unjournaled(b.append(journal.Entry{
		Type: journal.RunBegin, Actor: b.actor, Host: review.Plan.Host, Organization: review.Plan.Org.ID, Argv: b.runner.Args,
		Version: b.runner.Version, PlanHash: review.Hash, Guards: fired, Override: review.passed.Override, Reason: review.passed.Reason,
		UndoOf: review.Plan.UndoOf,
	}))
}

func unjournaled(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("nothing was sent, because the journal cannot be written: %w", err)
}

func (b *book) close() { _ = b.journal.Close() } // what was appended is on disk

func (r *Runner) newID() string {
	if r.NewID != nil {
		return r.NewID()
	}
	return uuid.NewString()[:8]
}

func (b *book) append(e journal.Entry) error {
	mine := &pendingEntry{Entry: e}
	b.mu.Lock()
	b.waiting = append(b.waiting, mine)
	b.mu.Unlock()
	b.writing.Lock()
	defer b.writing.Unlock()
	if mine.done { // by who held writing before
		return mine.err
	}
	b.mu.Lock()
	batch := b.waiting
	b.waiting = nil
	b.mu.Unlock()
	b.write(batch)
	return mine.err
}

// write writes a batch. Its caller holds writing.
func (b *book) write(batch []*pendingEntry) {
	entries := make([]journal.Entry, len(batch))
	for i, p := range batch {
		p.Run, p.Seq, p.Time = b.run, b.seq, b.runner.now().UTC()
		b.seq++
		entries[i] = p.Entry
	}
	for i, err := range b.journal.AppendAll(entries) {
		batch[i].done, batch[i].err = true, err
	}
}

// intent is on disk before the request leaves.
func (b *book) intent(t *task, lines []Line) error {
	raw, err := json.Marshal(t.step)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	words := make([]string, 0, min(len(lines), mostLines+1))
	for i, line := range lines {
		if i == mostLines {
			words = append(words, fmt.Sprintf("and %d more", len(lines)-mostLines))
			break
		}
		words = append(words, line.String())
	}
	return b.append(journal.Entry{
		Type: journal.Intent, Step: t.number + 1, Part: t.part, Action: fmt.Sprintf("%T", t.step)[len("*change."):], Change: raw, Lines: words,
	})
}

// outcome is on disk before the next dependent step. The last outcome of a step, or of its part, is the one that
// counts: one whose answer was lost may turn out to be done.
// maybe says of a failure that it may have been carried out all the same.
func (b *book) outcome(t *task, err error, maybe bool) error {
	e := journal.Entry{Type: journal.Outcome, Step: t.number + 1, Part: t.part, Result: "confirmed", RequestIDs: t.ids}
	if m, ok := t.step.(interface{ made() []journal.Made }); ok {
		e.Made = m.made()
	}
	if err != nil {
		e.Result, e.Error, e.Maybe = "failed", err.Error(), maybe
	}
	return b.append(e)
}

// end closes the run and returns the head of the chain. A journal that fails now changes nothing any more.
func (b *book) end(err error, changed bool) (head string, endErr error) {
	e := journal.Entry{Type: journal.RunEnd, Result: "confirmed"}
	if err != nil {
		e.Result, e.Error = "failed", err.Error()
		if changed {
			e.Result = "partial"
		}
	}
	endErr = b.append(e)
	return b.journal.Head(), endErr
}

// String is a line as people read it.
func (l Line) String() string {
	if l.Detail == "" {
		return l.Action + " " + l.Target
	}
	return l.Action + " " + l.Target + ": " + l.Detail
}
