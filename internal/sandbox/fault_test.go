package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// outcomes is what happened to n writes, one letter each.
func outcomes(t *testing.T, s *Server, n int) string {
	t.Helper()
	c := tokenClient(t, s)
	var out strings.Builder
	for i := range n {
		r, err := c.try("POST", "/v1/role", obj{"name": fmt.Sprint("r", i)})
		switch {
		case errors.Is(err, ErrConnectionLost):
			out.WriteByte('L')
		case err != nil:
			t.Fatal(err)
		case r.status == 500:
			out.WriteByte('F')
		case r.status == 429:
			out.WriteByte('W')
		default:
			out.WriteByte('.')
		}
	}
	return out.String()
}

func TestFaultsAreReproducible(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		return outcomes(t, newServer(t, Options{Faults: Faults{FailRate: 0.2, DropAfterCommit: 0.2, Seed: seed}}), 200)
	}
	one := run(7)
	if diff := cmp.Diff(one, run(7)); diff != "" {
		t.Errorf("the same seed gave something else:\n%s", diff)
	}
	if one == run(8) {
		t.Error("another seed gave the same")
	}
	for letter, name := range map[string]string{"F": "failures", "L": "lost answers"} {
		if n := strings.Count(one, letter); n < 15 || n > 65 {
			t.Errorf("%d %s in 200", n, name)
		}
	}
}

// TestFaultBeforeAndAfterCommit: a failure happened before anything was done, a lost answer after.
func TestFaultBeforeAndAfterCommit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		faults Faults
		there  bool
	}{
		{Faults{FailRate: 1}, false},
		{Faults{DropBefore: 1}, false},
		{Faults{DropAfterCommit: 1}, true},
		{Faults{FailAfterCommit: 1}, true},
	} {
		s := newServer(t, Options{Faults: test.faults})
		_ = outcomes(t, s, 1)
		s.faults = newFaultSource(Faults{}, s.opts.Clock)
		if got := len(tokenClient(t, s).ids("/v1/role?role_name=r0")) == 1; got != test.there {
			t.Errorf("%+v: there is %v", test.faults, got)
		}
	}
	reads := tokenClient(t, newServer(t, Options{Faults: Faults{DropAfterCommit: 1, FailAfterCommit: 1}}))
	reads.want(200, "GET", "/v1/user", nil) // nothing was committed: nothing is lost
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	s := newServer(t, Options{Clock: func() time.Time { return now }, Faults: Faults{RateLimit: 2}})
	c := tokenClient(t, s)
	status := func() int { return c.do("GET", "/ping", nil).status }
	for i, want := range []int{200, 200, 429, 429} {
		if got := status(); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if r := c.do("GET", "/ping", nil); r.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	now = now.Add(time.Second)
	for i, want := range []int{200, 200, 429} {
		if got := status(); got != want {
			t.Errorf("a second later, request %d: %d, want %d", i, got, want)
		}
	}
}

func TestLatencyIsAddedAndCanBeInterrupted(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{Faults: Faults{Latency: time.Hour}})
	var asked time.Duration
	s.faults.sleep = func(_ <-chan struct{}, d time.Duration) { asked = d }
	tokenClient(t, s).want(200, "GET", "/ping", nil)
	if asked != time.Hour {
		t.Errorf("slept %v", asked)
	}
	ended := make(chan struct{})
	close(ended)
	sleep(ended, time.Hour) // returns at once
}

func TestFaultsAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []Faults{{FailRate: 1.1}, {FailRate: -0.1}, {DropAfterCommit: 2}, {FailAfterCommit: 2}, {DropBefore: -1}, {Latency: -1}, {RateLimit: -1}} {
		if _, err := NewMemory(Options{Faults: bad}); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if _, err := NewMemory(Options{Plan: "gold"}); err == nil {
		t.Error("an unknown plan is taken")
	}
}

// TestTransportTakesItsOwnAddressOnly: a request for another server must not end here.
func TestTransportTakesItsOwnAddressOnly(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	for url, good := range map[string]bool{
		"http://127.0.0.1/ping": true, "http://localhost:1234/ping": true, "http://[::1]/ping": true,
		"https://127.0.0.1/ping": false, "http://api.example.com/ping": false, "http://10.0.0.5/ping": false,
	} {
		req, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := s.Transport().RoundTrip(req)
		if (err == nil) != good {
			t.Errorf("%s: %v", url, err)
		}
		if err == nil && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", url, res.StatusCode)
		}
	}
	if got := s.Counts(); got.Reads != 3 || got.Writes != 0 {
		t.Errorf("%+v", got)
	}
}
