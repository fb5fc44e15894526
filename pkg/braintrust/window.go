package braintrust

import "time"

const (
	// slowFactor times as slow as the fastest answer to the same kind of call, and by slowLeast more than it, is a
	// sign that the server is full.
	slowFactor = 4
	slowLeast  = 500 * time.Millisecond
)

// window is how many requests may be in flight: half as many after a sign that the server has too much to do,
// slowly more again while it answers (additive increase, multiplicative decrease).
type window struct {
	most, now float64
	flying    int
	cut       time.Time                // when it was last made smaller
	fastest   map[string]time.Duration // by kind of call
}

func newWindow(most int) window {
	return window{most: float64(most), now: float64(most), fastest: map[string]time.Duration{}}
}

// take takes a slot, if one is free.
func (w *window) take() bool {
	if w.flying >= int(w.now) {
		return false
	}
	w.flying++
	return true
}

func (w *window) free() { w.flying-- }

// shrink halves the window. What was sent before the last cut tells nothing about the smaller one: requests that
// fail together count once.
func (w *window) shrink(began, now time.Time) {
	if !w.cut.IsZero() && !began.After(w.cut) {
		return
	}
	w.now, w.cut = max(1, w.now/2), now
}

// answered widens the window a little, or narrows it when the answer took far longer than others did.
func (w *window) answered(call string, began time.Time, took time.Duration, now time.Time) {
	fastest, known := w.fastest[call]
	if !known || took < fastest {
		w.fastest[call], fastest = took, took
	}
	if took > slowFactor*fastest && took > fastest+slowLeast {
		w.shrink(began, now)
		return
	}
	w.now = min(w.most, w.now+1/w.now)
}
