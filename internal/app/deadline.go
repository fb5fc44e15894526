package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// deadline ends a run's patience (--timeout): a read is broken off, and no request is started any more. A
// write that is under way is left to finish, because its outcome must be known.
type deadline struct {
	next  http.RoundTripper
	until time.Time
	now   func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (d deadline) RoundTrip(r *http.Request) (*http.Response, error) {
	if !d.now().Before(d.until) {
		return nil, fmt.Errorf("--timeout is over: %w", context.DeadlineExceeded)
	}
	if r.Method != http.MethodGet {
		return d.next.RoundTrip(r)
	}
	ctx, cancel := context.WithDeadline(r.Context(), d.until)
	res, err := d.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &cancelOnClose{ReadCloser: res.Body, cancel: cancel}
	return res, nil
}

// cancelOnClose keeps the deadline until the body has been read.
type cancelOnClose struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close implements io.Closer.
func (c *cancelOnClose) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}
