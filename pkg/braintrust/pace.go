package braintrust

import (
	"context"
	"sync"
	"time"
)

const (
	// budgetSize retries may be spent before anything succeeds again: a server that is down sees few
	// requests, however many calls run.
	budgetSize = 20
	// budgetEarned is what each answered request gives back. At one failure in five, retries go on
	// for ever; near one in three they run dry.
	budgetEarned = 0.5
	// silence is for how long nothing but silence makes a server count as down: attempts that end without an answer
	// take their full time, and a few of them would take many minutes.
	silence = 45 * time.Second
)

// pace slows all calls of a client together: so many in flight, a pause when the server asks for one,
// and one budget of retries.
type pace struct {
	retry RetryPolicy

	mu     sync.Mutex
	window window
	queue  []chan struct{} // who waits for a slot, the longest first
	until  time.Time       // nothing is sent before
	budget float64
	heard  time.Time // when the last answer came
	silent time.Time // when the first attempt since then began that got none; zero: none did
}

func newPace(parallelism int, retry RetryPolicy) *pace {
	return &pace{retry: retry, window: newWindow(orDefault(parallelism, defaultParallelism)), budget: budgetSize}
}

// enter waits for a slot and for the end of a pause. leave gives the slot back.
func (p *pace) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := p.slot(ctx); err != nil {
		return err
	}
	// The slot is kept while waiting: nobody else may send either. Each deadline is slept for once,
	// so that a clock which does not move cannot hold a call for ever.
	for waited := (time.Time{}); ; {
		until := p.pausedUntil()
		wait := until.Sub(p.retry.Now())
		if wait <= 0 || until.Equal(waited) {
			return nil
		}
		if err := p.retry.Sleep(ctx, wait); err != nil {
			p.leave()
			return err
		}
		waited = until
	}
}

// slot takes a slot, in the order of asking.
func (p *pace) slot(ctx context.Context) error {
	turn := make(chan struct{})
	p.mu.Lock()
	p.queue = append(p.queue, turn)
	p.admit()
	p.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, other := range p.queue {
		if other == turn {
			p.queue = append(p.queue[:i], p.queue[i+1:]...)
			return ctx.Err()
		}
	}
	p.window.free() // it was given at the same moment
	p.admit()
	return ctx.Err()
}

// admit gives free slots to those who wait. The caller holds mu.
func (p *pace) admit() {
	for len(p.queue) > 0 && p.window.take() {
		close(p.queue[0])
		p.queue = p.queue[1:]
	}
}

func (p *pace) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.window.free()
	p.admit()
}

// learn adapts how many may be in flight to how an attempt went, which began at a time and took so long.
func (p *pace) learn(call string, began time.Time, took time.Duration, o outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.retry.Now()
	switch {
	case o.transient:
		p.window.shrink(began, now)
	case o.status != 0:
		p.window.answered(call, began, took, now)
	}
	switch {
	case o.status != 0:
		p.heard, p.silent = now, time.Time{}
	case o.transient && p.silent.IsZero():
		p.silent = began
		if p.heard.After(began) {
			p.silent = p.heard
		}
	}
	p.admit()
}

// pause stops the whole client for d from now; a longer pause that is already on stays.
func (p *pace) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	until := p.retry.Now().Add(d)
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.until) {
		p.until = until
	}
}

func (p *pace) pausedUntil() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until
}

// earn records that the server works.
func (p *pace) earn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.budget = min(budgetSize, p.budget+budgetEarned)
}

// spend takes one retry out of the budget, if there is one and the server is not silent.
func (p *pace) spend() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down() {
		return false
	}
	p.budget--
	return true
}

// exhausted reports whether nothing is repeated any more.
func (p *pace) exhausted() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down()
}

// fellSilent reports whether nothing has been heard for too long.
func (p *pace) fellSilent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mute()
}

// down reports whether there is no retry left, or the server is silent. The caller holds mu.
func (p *pace) down() bool { return p.budget < 1 || p.mute() }

// mute is fellSilent for who holds mu.
func (p *pace) mute() bool { return !p.silent.IsZero() && p.retry.Now().Sub(p.silent) >= silence }
