package journal

import (
	"errors"
	"time"
)

// Run is one run of the tool, put together from its entries.
type Run struct {
	ID           string    `json:"id"`
	Time         time.Time `json:"time"`
	Actor        string    `json:"actor"`
	Host         string    `json:"host"`
	Organization string    `json:"organization"`
	Argv         []string  `json:"argv"`
	PlanHash     string    `json:"plan_hash"`
	Override     string    `json:"override,omitzero"`
	Reason       string    `json:"reason,omitzero"`
	Guards       []string  `json:"guards,omitzero"` // that fired
	UndoOf       string    `json:"undo_of,omitzero"`
	Result       string    `json:"result"` // confirmed, failed, partial, interrupted
	Error        string    `json:"error,omitzero"`
	Changes      []string  `json:"changes"` // as the plan printed them
	Entries      []Entry   `json:"-"`
}

// Runs lists the runs of a folder, oldest first, and what is damaged. Half a line is not: its run was interrupted.
func Runs(dir string) (runs []Run, damage []error, err error) {
	index := map[string]int{}
	err = Read(dir, func(e Entry, bad error) bool {
		if bad != nil {
			if torn := (*TornError)(nil); !errors.As(bad, &torn) {
				damage = append(damage, bad)
			}
			return true
		}
		i, known := index[e.Run]
		if !known {
			i = len(runs)
			index[e.Run] = i
			runs = append(runs, Run{ID: e.Run, Time: e.Time, Result: "interrupted", Changes: []string{}})
		}
		runs[i].take(e)
		return true
	})
	return runs, damage, err
}

func (r *Run) take(e Entry) {
	r.Entries = append(r.Entries, e)
	switch e.Type {
	case RunBegin:
		r.Actor, r.Host, r.Organization, r.Argv = e.Actor, e.Host, e.Organization, e.Argv
		r.PlanHash, r.Override, r.Reason = e.PlanHash, e.Override, e.Reason
		r.Guards, r.UndoOf = e.Guards, e.UndoOf
	case Intent:
		r.Changes = append(r.Changes, e.Lines...)
	case RunEnd:
		r.Result, r.Error = e.Result, e.Error
	case Outcome:
	}
}

// Verify checks the chain of a folder and returns its head and how many entries it has. The first broken
// link is the error. Half a line is none where the chain goes on behind it, or where nothing comes after it: an entry that a
// run has gone on from is missed by the next one.
func Verify(dir string) (head string, entries int, err error) {
	previous := ""
	readErr := Read(dir, func(e Entry, bad error) bool {
		if torn := (*TornError)(nil); errors.As(bad, &torn) {
			if err = bad; torn.Open {
				err = nil
			}
			return true // until it is seen what comes after it
		}
		if err = bad; err != nil {
			return false
		}
		_, hash, sealErr := sealed(e, previous)
		if sealErr != nil || e.Previous != previous || e.Hash != hash {
			err = &BrokenChainError{Run: e.Run, Seq: e.Seq, Entry: entries + 1}
			return false
		}
		previous = hash
		entries++
		return true
	})
	if err == nil {
		err = readErr
	}
	return previous, entries, err
}
