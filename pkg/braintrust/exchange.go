package braintrust

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

const (
	maxBody      = 64 << 20 // decoded; nothing the API sends comes near it
	maxErrorBody = 1 << 20
)

// errTooLarge says that an answer is larger than any that the API gives.
var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// exchange is the one place where bytes go out and come in. parent tells whether the caller gave up;
// ctx is parent with the deadline of this attempt.
func (c *Client) exchange(parent, ctx context.Context, r request) outcome {
	var seen connection
	req, err := c.build(httptrace.WithClientTrace(ctx, seen.trace()), r)
	if err != nil {
		return outcome{err: err, withheld: true}
	}
	// RoundTrip, not Client.Do: nothing may follow a redirect or add a cookie.
	res, err := c.transport.RoundTrip(req)
	if errors.Is(err, ErrReadOnly) {
		return outcome{err: fmt.Errorf("%s: %w", r.op(), ErrReadOnly), withheld: true}
	}
	c.count(r)
	if err != nil {
		return c.broken(parent, ctx, r, outcome{maybeSent: seen.maybeSent(err)}, err)
	}
	defer res.Body.Close()
	o := outcome{status: res.StatusCode, maybeSent: true}
	o.transient = transient(res.StatusCode)
	wait, _ := retryAfter(res.Header, c.retry.Now())
	if o.transient {
		o.pause = min(wait, maxRetryAfter)
	}
	body, err := readBody(res)
	switch {
	case errors.Is(err, errTooLarge):
		o.err = &AnswerError{Method: r.method, Path: r.path, RequestID: requestID(res.Header), Err: err}
		return o
	case err != nil && res.StatusCode < 300:
		return c.broken(parent, ctx, r, o, err)
	}
	o.answer = &answer{status: res.StatusCode, header: res.Header, body: body, requestID: requestID(res.Header)}
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		o.err = &RedirectError{From: r.op(), Location: c.hideKey(res.Header.Get("Location"))}
	case res.StatusCode < 200 || res.StatusCode >= 400:
		o.err = &APIError{
			Method: r.method, Path: r.path, Status: res.StatusCode, RequestID: o.answer.requestID,
			Message: c.hideKey(message(res.Header.Get("Content-Type"), body)), RetryAfter: wait,
		}
	}
	return o
}

// broken fills in the outcome of an attempt that got no complete answer.
func (c *Client) broken(parent, ctx context.Context, r request, o outcome, err error) outcome {
	if parent.Err() == nil && ctx.Err() != nil {
		err = fmt.Errorf("no complete answer within %s: %w", r.limit, err)
	}
	o.err = &NetworkError{Op: r.op(), MaybeSent: o.maybeSent, Err: err}
	o.transient = parent.Err() == nil && !isCertificate(err)
	o.status = 0 // what began as a 200 says nothing
	return o
}

func (l *link) count(r request) {
	if onlyReads(r.method, r.path) {
		l.reads.Add(1)
	} else {
		l.writes.Add(1)
	}
}

// hideKey cuts the key out of text that the server made: some servers echo headers.
func (l *link) hideKey(text string) string {
	if l.key == "" {
		return text
	}
	return strings.ReplaceAll(text, l.key, "[secret]")
}

// readBody reads the decoded body; the cap stands against endless and exploding ones. The body of an
// error is only read for its message, so what is beyond the cap, or broken off, does not matter.
func readBody(res *http.Response) ([]byte, error) {
	body := io.Reader(res.Body)
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		// A transport of the caller's own may not decode by itself.
		unzip, err := gzip.NewReader(body)
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		body = unzip
	}
	if res.StatusCode >= 300 {
		var buf bytes.Buffer
		_, err := buf.ReadFrom(io.LimitReader(body, maxErrorBody))
		return buf.Bytes(), err
	}
	if res.ContentLength > maxBody {
		return nil, errTooLarge
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(data) > maxBody {
		return nil, errTooLarge
	}
	return data, nil
}

// connection watches how far an attempt got.
type connection struct{ asked, got atomic.Bool }

func (s *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { s.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { s.got.Store(true) },
	}
}

// maybeSent reports whether the request may have reached the server. It errs towards yes: a transport
// that asks for no connection through net/http tells nothing.
func (s *connection) maybeSent(err error) bool {
	if s.got.Load() {
		return true
	}
	return !s.asked.Load() && !neverConnected(err)
}
