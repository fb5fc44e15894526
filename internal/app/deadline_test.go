package app

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// --timeout that ends before the first write is no partial change: nothing can have been sent.
func TestTimeoutBeforeTheFirstWrite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("")
	now := time.Now()
	d.Now = func() time.Time { return now }
	d.Flags.Timeout = time.Hour
	d.organization(t)
	now = now.Add(2 * time.Hour)
	step := &change.RawRequest{Method: http.MethodPost, Path: "/v1/group", Body: []byte(`{"name":"QA"}`)}
	_, err := d.Mutate(t.Context(), Change{Steps: []change.Step{step}})
	_, partial := errors.AsType[*change.PartialError](err)
	_, network := errors.AsType[*braintrust.NetworkError](err)
	if !errors.Is(err, context.DeadlineExceeded) || partial || !network || !strings.Contains(err.Error(), "--timeout") || s.writes() > 0 {
		t.Errorf("%v after %d writes", err, s.writes())
	}
}

// A pause that a server asks for is not made when it would end after --timeout.
func TestTimeoutInAPause(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "100")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	d := s.sit("")
	d.Flags.Timeout = 50 * time.Second
	r, err := d.Resolver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Organization(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// A write that is under way when --timeout is over is left to finish.
func TestTimeoutDuringAWrite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.sit("")
	over := make(chan struct{})
	began := time.Now()
	d.Now = func() time.Time {
		select {
		case <-over:
			return began.Add(2 * time.Hour)
		default:
			return began
		}
	}
	d.Flags.Timeout = time.Hour
	s.spoil = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			close(over)
		}
		return false
	}
	if _, err := d.Mutate(t.Context(), createQA()); err != nil || s.writes() != 1 {
		t.Errorf("%v after %d writes", err, s.writes())
	}
}

// An interrupt ends the pause that a server asks for: nothing more is sent, and what was not sent is not partial.
func TestInterruptInAPause(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	posts := 0
	s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		posts++
		cancel()
		w.Header().Set("Retry-After", "100")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	_, err := s.sit("").Mutate(ctx, createQA())
	_, partial := errors.AsType[*change.PartialError](err)
	if !errors.Is(err, context.Canceled) || partial || posts != 1 {
		t.Errorf("%v after %d attempts", err, posts)
	}
}
