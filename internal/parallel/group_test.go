package parallel_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/internal/parallel"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	group, ctx := parallel.WithContext(t.Context())
	group.SetLimit(2)
	group.Go(func() error { return failed })
	group.Go(func() error { <-ctx.Done(); return ctx.Err() })
	if err := group.Wait(); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	var zero parallel.Group
	var ran atomic.Int32
	for range 10 {
		zero.Go(func() error { ran.Add(1); return nil })
	}
	if err := zero.Wait(); err != nil || ran.Load() != 10 {
		t.Errorf("%d ran, %v", ran.Load(), err)
	}
}

// TestA9Panic: a panic ends the others, and arrives where somebody waits, with the stack of its goroutine.
func TestA9Panic(t *testing.T) {
	t.Parallel()
	group, ctx := parallel.WithContext(t.Context())
	group.Go(func() error { <-ctx.Done(); return context.Cause(ctx) })
	group.Go(breaks)
	defer func() {
		p, ok := recover().(*parallel.Panic)
		if !ok || p.String() != "out of luck" || !strings.Contains(string(p.Stack), "breaks") {
			t.Errorf("got %v", p)
		}
	}()
	err := group.Wait()
	t.Errorf("Wait returned %v", err)
}

func breaks() error { panic("out of luck") }
