package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// deadline ends a run's patience (--timeout): a read is broken off and no request is started any more. A write
// that is under way is left to finish, because its outcome must be known.
type deadline struct {
	next  http.RoundTripper
	until time.Time
	now   func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (d deadline) RoundTrip(r *http.Request) (*http.Response, error) {
	if !d.now().Before(d.until) {
		return nil, errTooLate
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

// pause waits between two attempts, unless the next one would come too late. An interrupt ends it: the context of
// a write does not, so that the write itself reaches its end.
func (d deadline) pause(ctx context.Context, wait time.Duration) error {
	if !d.until.IsZero() && d.now().Add(wait).After(d.until) {
		return errTooLate
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-interrupted(ctx):
		return context.Canceled
	case <-timer.C:
		return nil
	}
}

// interruptKey finds the channel that an interrupt closes, in contexts that do not end with it.
type interruptKey struct{}

func withInterrupt(ctx context.Context) context.Context {
	return context.WithValue(ctx, interruptKey{}, ctx.Done())
}

func interrupted(ctx context.Context) <-chan struct{} {
	done, _ := ctx.Value(interruptKey{}).(<-chan struct{})
	return done
}

// errTooLate says that --timeout is over and that this request was not sent.
var errTooLate error = tooLate{}

type tooLate struct{}

// Error names the flag.
func (tooLate) Error() string { return "--timeout is over" }

// Unwrap makes it an exceeded deadline.
func (tooLate) Unwrap() error { return context.DeadlineExceeded }

// As makes it what the client knows for certain as never sent: a connection that did not come to be.
func (tooLate) As(target any) bool {
	op, ok := target.(**net.OpError)
	if ok {
		*op = &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	}
	return ok
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
