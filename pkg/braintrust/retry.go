package braintrust

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultAttempts = 5
	defaultMaxTotal = 5 * time.Minute
	firstBackoff    = 100 * time.Millisecond
	maxBackoff      = 20 * time.Second
	// maxRetryAfter is the longest pause that a server may ask for: longer wishes count as this.
	maxRetryAfter = 2 * time.Minute
)

// RetryPolicy bounds repetitions. Zero fields take the defaults in parentheses; the functions are
// there so that tests need not wait.
type RetryPolicy struct {
	Attempts int                                              // of one call, the first included (5)
	Sleep    func(ctx context.Context, d time.Duration) error // a timer
	Now      func() time.Time                                 // time.Now; its monotonic reading is used
	Rand     func() float64                                   // in [0, 1)
	MaxTotal time.Duration                                    // of one call, waits included (5 min)
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	p.Attempts = orDefault(max(p.Attempts, 0), defaultAttempts)
	p.MaxTotal = orDefault(max(p.MaxTotal, 0), defaultMaxTotal)
	if p.Sleep == nil {
		p.Sleep = sleep
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Rand == nil {
		p.Rand = rand.Float64
	}
	return p
}

// backoff is the wait after the given failed attempt (from 1): full jitter, so that clients which
// failed together do not come back together.
func (p RetryPolicy) backoff(attempt int) time.Duration {
	ceiling := maxBackoff
	if shift := attempt - 1; shift < 8 {
		ceiling = min(maxBackoff, firstBackoff<<shift)
	}
	return time.Duration(p.Rand() * float64(ceiling))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// transient reports whether a status may go away by itself (domain.md §4).
func transient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// mayRepeat applies the table to what happened.
func mayRepeat(mode repeatable, o outcome) bool {
	if !o.transient {
		return false
	}
	if !o.maybeSent {
		return true
	}
	switch mode {
	case repeatAlways:
		return true
	case repeatRefused:
		return o.status == http.StatusTooManyRequests || o.status == http.StatusServiceUnavailable
	case repeatUnsent:
		return o.status == http.StatusTooManyRequests
	}
	return false
}

// retryAfter reads a Retry-After header: whole seconds or an HTTP date, which is compared with the
// answer's own Date where it has one, so that a wrong clock here does not matter. A negative wait or
// a past date is 0; ok is false for an absent or meaningless header. The result may be very long.
func retryAfter(header http.Header, now time.Time) (wait time.Duration, ok bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	digits, negative := strings.CutPrefix(value, "-")
	if digits != "" && strings.Trim(digits, "0123456789") == "" {
		seconds, err := strconv.ParseInt(digits, 10, 64)
		switch {
		case negative:
			return 0, true
		case err != nil || seconds > int64(time.Duration(1<<63-1)/time.Second):
			return 1<<63 - 1, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return max(at.Sub(now), 0), true
}
