package braintrust_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/conformance"
	"btadmin/pkg/braintrust"
)

// canary is a key that must not turn up anywhere.
const canary = "sk-CANARY-0123456789abcdef"

// id makes a UUID that says what it stands for.
func id(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }

// clock is time for tests: it moves only when somebody sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *clock) total() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// policy never waits for real and has no luck: every back-off is half its ceiling.
func (c *clock) policy() braintrust.RetryPolicy {
	return braintrust.RetryPolicy{Now: c.Now, Sleep: c.Sleep, Rand: func() float64 { return 0.5 }}
}

// seen is a request as the server got it.
type seen struct {
	method, path, query, body string
	header                    http.Header
}

func (s seen) line() string {
	line := s.method + " " + s.path
	if s.query != "" {
		line += "?" + s.query
	}
	return strings.TrimSpace(line + " " + s.body)
}

// server records what it is asked and answers by a function.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []seen
}

// serve starts a server whose n-th request (from 1) is answered by answer.
func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, n int)) *server {
	t.Helper()
	s := new(server)
	s.Server = httptest.NewServer(s.handler(answer))
	t.Cleanup(s.Close)
	return s
}

func (s *server) handler(answer func(w http.ResponseWriter, r *http.Request, n int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone()})
		n := len(s.requests)
		s.mu.Unlock()
		answer(w, r, n)
	})
}

func (s *server) got() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.requests...)
}

func (s *server) lines() []string {
	var lines []string
	for _, request := range s.got() {
		lines = append(lines, request.line())
	}
	return lines
}

// fixed answers every request alike.
func fixed(status int, body string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) { reply(w, status, body) }
}

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// hangUp breaks the connection without an answer.
func hangUp() { panic(http.ErrAbortHandler) }

// client makes a client for url with a clock of its own; options change its configuration.
func client(t *testing.T, url string, options ...func(*braintrust.Config)) *braintrust.Client {
	t.Helper()
	config := braintrust.Config{BaseURL: url, Key: braintrust.NewSecret(canary), Retry: newClock().policy()}
	for _, option := range options {
		option(&config)
	}
	c, err := braintrust.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func withClock(c *clock) func(*braintrust.Config) {
	return func(config *braintrust.Config) { config.Retry = c.policy() }
}

func withOrg(name string) func(*braintrust.Config) {
	return func(config *braintrust.Config) { config.OrgName = name }
}

func withPages(size int) func(*braintrust.Config) {
	return func(config *braintrust.Config) { config.PageSize = size }
}

var loadSpec = sync.OnceValues(func() (*conformance.Spec, error) {
	path, ok := conformance.Find()
	if !ok {
		return nil, nil
	}
	return conformance.Load(path)
})

// conforming lets the vendor's description watch the exchanges, where it is at hand.
func conforming(t *testing.T) func(*braintrust.Config) {
	t.Helper()
	spec, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	return func(config *braintrust.Config) {
		if spec == nil {
			t.Log("openapi.json is absent: the exchanges are not checked against it")
			return
		}
		transport, err := braintrust.NewTransport(braintrust.TransportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(transport.CloseIdleConnections)
		config.Transport = spec.Transport(transport, func(err error) { t.Error(err) })
	}
}

// answerTo makes an answer without a server.
func answerTo(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}
