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
)

// pace slows all calls of a client together: so many in flight, a pause when the server asks for one,
// and one budget of retries.
type pace struct {
	slots chan struct{}
	retry RetryPolicy

	mu     sync.Mutex
	until  time.Time // nothing is sent before
	budget float64
}

func newPace(parallelism int, retry RetryPolicy) *pace {
	return &pace{
		slots:  make(chan struct{}, orDefault(parallelism, defaultParallelism)),
		retry:  retry,
		budget: budgetSize,
	}
}

// enter waits for a slot and for the end of a pause. leave gives the slot back.
func (p *pace) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
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

func (p *pace) leave() { <-p.slots }

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

// spend takes one retry out of the budget, if there is one.
func (p *pace) spend() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < 1 {
		return false
	}
	p.budget--
	return true
}

// exhausted reports whether there is no retry left.
func (p *pace) exhausted() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.budget < 1
}
