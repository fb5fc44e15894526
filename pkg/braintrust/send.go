package braintrust

import (
	"context"
	"net/http"
	"time"
)

// answer is what came back, whatever its status.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	requestID string
	attempts  int // as in Created
}

// outcome is one attempt seen by the retry loop.
type outcome struct {
	answer    *answer // nil when no complete answer came
	err       error   // nil for a status below 300
	status    int     // 0 when no answer began
	withheld  bool    // refused here, before the transport
	maybeSent bool
	transient bool
	pause     time.Duration // what the server asked for; 0 for nothing
}

// send sends r, again if the table says that it may. The answer is set whenever a complete one came,
// also next to an *APIError.
func (c *Client) send(ctx context.Context, r request) (*answer, error) {
	started := c.retry.Now()
	mode := repeatability(r.method, r.path, r.body)
	// earlier counts the attempts before this one that may have been carried out.
	for attempt, earlier := 1, 0; ; attempt++ {
		o := c.attempt(ctx, r, attempt, earlier)
		if !o.transient && o.status != 0 {
			c.pace.earn()
		}
		if o.err == nil {
			return o.answer, nil
		}
		wait, again := c.mayGoOn(mode, o, attempt, started)
		if !again {
			return o.answer, lost(r, mode, o.err)
		}
		if o.maybeSent && o.status != http.StatusTooManyRequests {
			earlier++
		}
		if err := c.retry.Sleep(ctx, wait); err != nil {
			return nil, &NetworkError{Op: r.op(), MaybeSent: earlier > 0, Err: err}
		}
	}
}

// mayGoOn decides on another attempt and on the wait before it.
func (c *Client) mayGoOn(mode repeatable, o outcome, attempt int, started time.Time) (time.Duration, bool) {
	wait := c.retry.backoff(attempt)
	if o.status == http.StatusTooManyRequests && o.pause == 0 {
		c.pace.pause(wait)
	}
	wait = max(wait, o.pause)
	switch {
	case attempt >= c.retry.Attempts || !mayRepeat(mode, o):
		return 0, false
	case c.retry.Now().Add(wait).Sub(started) > c.retry.MaxTotal:
		return 0, false
	}
	// A server that limits the rate and says how long works: waiting is all it asks for.
	return wait, o.status == http.StatusTooManyRequests && o.pause > 0 || c.pace.spend()
}

// lost turns the failure of a call that mints a secret into a *LostAnswerError, unless it is certain
// that the call did nothing.
func lost(r request, mode repeatable, err error) error {
	if mode == repeatNever && MaybeCarriedOut(err) {
		return &LostAnswerError{Method: r.method, Path: r.path, Tokens: r.tokens, Err: err}
	}
	return err
}

// attempt sends r once and reads the whole answer. Of the attempts before it, earlier may have been
// carried out.
func (c *Client) attempt(ctx context.Context, r request, number, earlier int) outcome {
	if err := c.pace.enter(ctx); err != nil {
		return outcome{err: &NetworkError{Op: r.op(), MaybeSent: earlier > 0, Err: err}}
	}
	defer c.pace.leave()
	began := c.retry.Now()
	r.limit = c.limit(r)
	deadline, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	o := c.exchange(ctx, deadline, r)
	o.mark(earlier)
	c.pace.pause(o.pause)
	c.pace.learn(r.kind(), began, c.retry.Now().Sub(began), o)
	watch, _ := ctx.Value(watchKey{}).(func(Exchange))
	if (c.observe != nil || watch != nil) && !o.withheld {
		e := Exchange{
			Method: r.method, URL: r.path, Status: o.status, Attempt: number, Err: o.err,
			Duration: c.retry.Now().Sub(began),
		}
		if query := r.query.Encode(); query != "" {
			e.URL += "?" + query
		}
		if o.answer != nil {
			e.RequestID = o.answer.requestID
		}
		if c.observe != nil {
			c.observe(e)
		}
		if watch != nil {
			watch(e)
		}
	}
	return o
}

// limit is how long one attempt may take. The first question of every run is a small one: a server that does not answer
// it soon is down, and that need not take a minute to find out. Nor need it again and again, once it is known.
func (c *Client) limit(r request) time.Duration {
	first := r.path == organizations.path && r.method == http.MethodGet || r.path == loginPath
	if first || onlyReads(r.method, r.path) && c.pace.fellSilent() {
		return min(c.timeout, firstContact)
	}
	return c.timeout
}

// mark tells the answer or the error what the earlier attempts may have done. Only this attempt's own error is
// touched: below it may be the reason for which the context ended, which is the error of another request.
func (o outcome) mark(earlier int) {
	if o.answer != nil {
		o.answer.attempts = earlier + 1
	}
	switch own := o.err.(type) { //nolint:errorlint // what exchange made, not what is inside
	case *APIError:
		own.Attempts = earlier + 1
	case *NetworkError:
		own.MaybeSent = o.maybeSent || earlier > 0
	}
}
