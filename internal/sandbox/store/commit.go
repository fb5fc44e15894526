package store

import (
	"database/sql"
	"errors"
	"fmt"
)

// batch is the changes of one transaction. done is closed when they are durable or lost.
type batch struct {
	changes []Change
	bySeq   map[uint64]int // a row that changes twice is written once
	replace bool           // everything that was there goes first
	done    chan struct{}
	err     error
}

func newBatch() *batch {
	return &batch{bySeq: make(map[uint64]int), done: make(chan struct{})}
}

func (b *batch) add(c Change) {
	if i, ok := b.bySeq[c.Seq]; ok {
		b.changes[i] = c
		return
	}
	b.bySeq[c.Seq] = len(b.changes)
	b.changes = append(b.changes, c)
}

// Ticket stands for a version of the data. The zero Ticket is durable already.
type Ticket struct{ b *batch }

// Wait returns when the version is durable, or with the reason why it never will be.
func (t Ticket) Wait() error {
	if t.b == nil {
		return nil
	}
	<-t.b.done
	return t.b.err
}

// Append queues changes. The caller holds the lock that orders its own memory, so that the order of
// transactions is the order of that memory's versions.
func (s *Store) Append(changes ...Change) Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refusal(); err != nil {
		return failedTicket(err)
	}
	if s.pending == nil {
		s.pending = newBatch()
		s.wake.Signal()
	}
	for _, c := range changes {
		s.pending.add(c)
	}
	return Ticket{s.pending}
}

// Replace queues a new content for the whole store, in one transaction.
func (s *Store) Replace(records []Record) Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refusal(); err != nil {
		return failedTicket(err)
	}
	if s.pending == nil {
		s.pending = newBatch()
		s.wake.Signal()
	}
	// What was queued before is superseded; those who wait for it are answered when this is durable.
	s.pending.changes, s.pending.bySeq, s.pending.replace = nil, make(map[uint64]int, len(records)), true
	for _, r := range records {
		s.pending.add(Change{Record: r})
	}
	return Ticket{s.pending}
}

// Current is the ticket of the newest version: what a read waits for, so that nobody is shown what a
// crash could take back.
func (s *Store) Current() Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.broken != nil && !s.settled:
		return failedTicket(s.broken)
	case s.pending != nil:
		return Ticket{s.pending}
	case s.flight != nil:
		return Ticket{s.flight}
	}
	return Ticket{}
}

// Writable is nil, or says why nothing can be written any more.
func (s *Store) Writable() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusal()
}

func (s *Store) refusal() error {
	if s.broken != nil {
		return fmt.Errorf("%w (%v)", ErrReadOnly, s.broken)
	}
	if s.closing {
		return ErrClosed
	}
	return nil
}

func failedTicket(err error) Ticket {
	b := &batch{done: make(chan struct{}), err: err}
	close(b.done)
	return Ticket{b}
}

func (s *Store) commitLoop() {
	defer close(s.done)
	for {
		s.mu.Lock()
		for s.pending == nil && !s.closing {
			s.wake.Wait()
		}
		b := s.pending
		if b == nil {
			s.mu.Unlock()
			return
		}
		s.pending, s.flight = nil, b
		s.mu.Unlock()

		err := s.commit(b)
		if err != nil {
			s.fail(b, err)
			return
		}
		s.mu.Lock()
		s.flight = nil
		s.mu.Unlock()
		close(b.done)
	}
}

func (s *Store) commit(b *batch) error {
	run := func() error { return s.write(b) }
	if s.opts.Sync != nil {
		return s.opts.Sync(run)
	}
	return run()
}

func (s *Store) write(b *batch) (err error) {
	tx, err := s.db.Begin()
	if err != nil {
		return fmt.Errorf("writing the sandbox store: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing the sandbox store: %w", err), ignoreDone(tx.Rollback()))
		}
	}()
	if b.replace {
		if _, err := tx.Exec("DELETE FROM rows"); err != nil {
			return err
		}
	}
	put, err := tx.Prepare("INSERT INTO rows (seq, rec) VALUES (?, ?) ON CONFLICT (seq) DO UPDATE SET rec = excluded.rec")
	if err != nil {
		return err
	}
	defer put.Close()
	for _, c := range b.changes {
		if c.Delete {
			_, err = tx.Exec("DELETE FROM rows WHERE seq = ?", int64(c.Seq))
		} else {
			_, err = put.Exec(int64(c.Seq), c.encode())
		}
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// fail ends writing: those who wait are told, then the owner brings his memory back to what is on disk,
// and only then reads are answered again.
func (s *Store) fail(b *batch, err error) {
	s.mu.Lock()
	s.broken = err
	lost := []*batch{b}
	if s.pending != nil {
		lost = append(lost, s.pending)
	}
	s.pending, s.flight = nil, nil
	s.mu.Unlock()
	for _, l := range lost {
		l.err = fmt.Errorf("%w (%v)", ErrReadOnly, err)
		close(l.done)
	}
	if s.opts.Failed != nil {
		s.opts.Failed(err)
	}
}

// Settle says that memory is what Load gives again, after a failed write. The caller holds the lock
// that keeps its readers out.
func (s *Store) Settle() {
	s.mu.Lock()
	s.settled = true
	s.mu.Unlock()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
