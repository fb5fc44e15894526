package change

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"btadmin/internal/change/journal"
)

// mostLines is how many lines of a step are kept in words; the step itself is kept whole.
const mostLines = 50

// book writes one run into the journal.
type book struct {
	runner  *Runner
	journal *journal.Journal
	run     string
	actor   string
	seq     int
}

// open begins a run in the journal. Without a journal nothing is sent.
func (r *Runner) open(review *Review) (*book, error) {
	j, err := r.Journal(review.Plan.Host, review.Plan.Org.ID)
	if err != nil {
		return nil, fmt.Errorf("nothing was sent, because the journal cannot be written: %w", err)
	}
	b := &book{runner: r, journal: j, run: r.newID(), actor: review.caller.UserID}
	var fired []string
	for _, f := range review.Findings {
		if !slices.Contains(fired, f.Guard) {
			fired = append(fired, f.Guard)
		}
	}
	err = b.append(journal.Entry{
		Type: journal.RunBegin, Actor: b.actor, Host: review.Plan.Host, Organization: review.Plan.Org.ID, Argv: r.Args,
		Version: r.Version, PlanHash: review.Hash, Guards: fired, Override: review.passed.Override, Reason: review.passed.Reason,
		UndoOf: review.Plan.UndoOf,
	})
	if err != nil {
		_ = j.Close()
		return nil, fmt.Errorf("nothing was sent, because the journal cannot be written: %w", err)
	}
	return b, nil
}

func (r *Runner) newID() string {
	if r.NewID != nil {
		return r.NewID()
	}
	return uuid.NewString()[:8]
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func (b *book) append(e journal.Entry) error {
	e.Run, e.Seq, e.Time = b.run, b.seq, b.runner.now().UTC()
	b.seq++
	return b.journal.Append(e)
}

// intent is on disk before the request leaves.
func (b *book) intent(number int, step Step, change any, lines []Line) error {
	raw, err := json.Marshal(change)
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
	if b.runner.RequestIDs != nil {
		b.runner.RequestIDs() // those of reads are not of interest
	}
	return b.append(journal.Entry{Type: journal.Intent, Step: number + 1, Action: fmt.Sprintf("%T", step)[len("*change."):], Change: raw, Lines: words})
}

// outcome is on disk before the next dependent step.
func (b *book) outcome(number int, step Step, err error) error {
	e := journal.Entry{Type: journal.Outcome, Step: number + 1, Result: "confirmed"}
	if b.runner.RequestIDs != nil {
		e.RequestIDs = b.runner.RequestIDs()
	}
	if maker, is := step.(interface{ made() []journal.Made }); is {
		e.Made = maker.made()
	}
	if err != nil {
		e.Result, e.Error = "failed", err.Error()
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
	head = b.journal.Head()
	_ = b.journal.Close() // what was appended is on disk
	return head, endErr
}

// String is a line as people read it.
func (l Line) String() string {
	if l.Detail == "" {
		return l.Action + " " + l.Target
	}
	return l.Action + " " + l.Target + ": " + l.Detail
}
