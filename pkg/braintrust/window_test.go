package braintrust

import (
	"testing"
	"time"
)

func TestD5_WindowAdapts(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	w := newWindow(8)
	for range 8 {
		if !w.take() {
			t.Fatal("the window is smaller than asked for")
		}
	}
	if w.take() {
		t.Fatal("nine in flight")
	}
	w.shrink(at(1), at(2))
	w.shrink(at(1), at(2)) // sent before the cut: one trouble, not two
	if w.now != 4 {
		t.Errorf("after one trouble %v may be in flight, want 4", w.now)
	}
	w.free()
	if w.take() {
		t.Error("a slot is given although more are in flight than may be")
	}
	for range 3 {
		w.shrink(at(100), at(3))
	}
	if w.now != 1 {
		t.Errorf("%v may be in flight, want 1: it never stops altogether", w.now)
	}
	for range 100 {
		w.answered("GET/v1/group", at(200), time.Second/20, at(200))
	}
	if w.now != 8 {
		t.Errorf("after 100 answers %v may be in flight, want 8 again", w.now)
	}
	w.answered("POST/v1/acl", at(201), time.Second, at(202)) // slow, but not slower than others of its kind
	if w.now != 8 {
		t.Errorf("%v may be in flight after a slow kind of call", w.now)
	}
	w.answered("GET/v1/group", at(203), time.Second, at(204))
	if w.now != 4 {
		t.Errorf("%v may be in flight after an answer that took 20 times as long, want 4", w.now)
	}
}
