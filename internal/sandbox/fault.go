package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// faultSource makes the troubles that were asked for. The n-th request to arrive meets the n-th draw, whatever
// happens to the others, so that a run with one client can be repeated exactly.
type faultSource struct {
	faults Faults
	now    func() time.Time
	sleep  func(done <-chan struct{}, d time.Duration)

	mu     sync.Mutex
	draws  *rand.Rand
	tokens float64 // of the rate limit
	filled time.Time
}

func newFaultSource(f Faults, now func() time.Time) *faultSource {
	return &faultSource{
		faults: f, now: now, sleep: sleep,
		draws: rand.New(rand.NewPCG(f.Seed, f.Seed^0x9e3779b97f4a7c15)), tokens: burst(f.RateLimit), filled: now(),
	}
}

func (f Faults) check() error {
	rate := func(name string, v float64) error {
		if math.IsNaN(v) || v < 0 || v > 1 {
			return fmt.Errorf("the %s %v is not between 0 and 1", name, v)
		}
		return nil
	}
	var negative error
	if f.Latency < 0 || math.IsNaN(f.RateLimit) || f.RateLimit < 0 {
		negative = errors.New("latency and rate limit cannot be negative")
	}
	return errors.Join(rate("fail rate", f.FailRate), rate("rate of dropped answers", f.DropAfterCommit),
		rate("rate of failures after a commit", f.FailAfterCommit), rate("rate of closed connections", f.DropBefore), negative)
}

func sleep(done <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
	}
}

// fate is what happens to one request.
type fate struct {
	wait time.Duration // above 0: refused by the rate limit, and when to come back
	fail bool
	drop bool
	late bool // committed, and answered as a failure
	shut bool // the connection is closed first
}

func (s *faultSource) draw() fate {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := fate{fail: s.draws.Float64() < s.faults.FailRate, drop: s.draws.Float64() < s.faults.DropAfterCommit}
	// What is not asked for is not drawn, so that the other faults of a seed stay where they are.
	f.late = s.faults.FailAfterCommit > 0 && s.draws.Float64() < s.faults.FailAfterCommit
	f.shut = s.faults.DropBefore > 0 && s.draws.Float64() < s.faults.DropBefore
	if rate := s.faults.RateLimit; rate > 0 {
		now := s.now()
		s.tokens = min(burst(rate), s.tokens+max(0, now.Sub(s.filled).Seconds())*rate)
		s.filled = now
		if s.tokens < 1 {
			f.wait = time.Duration((1 - s.tokens) / rate * float64(time.Second))
			return f
		}
		s.tokens--
	}
	return f
}

// burst is how many requests may come at once: those of one second, one at least.
func burst(rate float64) float64 { return max(1, rate) }

func (s *faultSource) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if s.faults == (Faults{Seed: s.faults.Seed}) {
		next.ServeHTTP(w, r)
		return
	}
	f := s.draw()
	if s.faults.Latency > 0 {
		s.sleep(r.Context().Done(), s.faults.Latency)
	}
	switch {
	case f.wait > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.wait.Seconds()))))
		plainError(w, http.StatusTooManyRequests, "Too many requests (a fault that the sandbox was asked for)")
	case f.fail:
		plainError(w, http.StatusInternalServerError, "Internal error (a fault that the sandbox was asked for)")
	case f.shut:
		panic(http.ErrAbortHandler)
	case f.late && isWrite(r):
		next.ServeHTTP(&lostAnswer{header: make(http.Header)}, r)
		plainError(w, http.StatusBadGateway, "Bad gateway (a fault that the sandbox was asked for)")
	case f.drop && isWrite(r):
		next.ServeHTTP(&lostAnswer{header: make(http.Header)}, r)
		panic(http.ErrAbortHandler) // the server closes the connection without an answer
	default:
		next.ServeHTTP(w, r)
	}
}

func plainError(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", textType)
	w.Header().Set(headerSandbox, "1")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(message + "\n")) // fails when the client went away
}

// lostAnswer takes an answer that nobody will see.
type lostAnswer struct {
	header http.Header
	bytes.Buffer
}

func (l *lostAnswer) Header() http.Header { return l.header }
func (l *lostAnswer) WriteHeader(int)     {}
