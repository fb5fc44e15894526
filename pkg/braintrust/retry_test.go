package braintrust_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

const ms = time.Millisecond

// TestD4_RetryAfter: the wait of a call whose first answer is 429 with a header.
func TestD4_RetryAfter(t *testing.T) {
	t.Parallel()
	const backOff = 50 * ms // the clock's "random" half of 100 ms
	for _, test := range []struct {
		name, header, date string
		status             int
		want               time.Duration
	}{
		{"none", "", "", 429, backOff},
		{"seconds", "7", "", 429, 7 * time.Second},
		{"seconds with blanks", " 7 ", "", 429, 7 * time.Second},
		{"zero", "0", "", 429, backOff},
		{"negative", "-30", "", 429, backOff},
		{"two minutes", "120", "", 429, 120 * time.Second},
		{"huge", "86400", "", 429, 120 * time.Second},
		{"beyond all numbers", "99999999999999999999999", "", 429, 120 * time.Second},
		{"overflow of a duration", "9223372037", "", 429, 120 * time.Second},
		{"date", "Wed, 01 Jul 2026 12:00:09 GMT", "-", 429, 9 * time.Second},
		{"date by the server's clock", "Wed, 01 Jul 2020 00:00:09 GMT", "Wed, 01 Jul 2020 00:00:00 GMT", 429, 9 * time.Second},
		{"date far away", "Wed, 01 Jul 2099 12:00:00 GMT", "-", 429, 120 * time.Second},
		{"date past", "Wed, 01 Jul 2020 12:00:00 GMT", "-", 429, backOff},
		{"old date format", "Wednesday, 01-Jul-26 12:00:09 GMT", "-", 429, 9 * time.Second},
		{"garbage", "soon", "", 429, backOff},
		{"fraction", "1.5", "", 429, backOff},
		{"sign", "+5", "", 429, backOff},
		{"exponent", "1e3", "", 429, backOff},
		{"minus alone", "-", "", 429, backOff},
		{"with 503", "7", "", 503, 7 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
				if n > 1 {
					reply(w, 200, `{"id":"a"}`)
					return
				}
				switch test.date {
				case "":
				case "-":
					w.Header()["Date"] = nil
				default:
					w.Header().Set("Date", test.date)
				}
				if test.header != "" {
					w.Header().Set("Retry-After", test.header)
				}
				reply(w, test.status, `{"error":"slow down"}`)
			})
			clock := newClock()
			if _, err := client(t, s.URL, withClock(clock)).Group(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			if got := clock.total(); got != test.want {
				t.Errorf("waited %s, want %s", got, test.want)
			}
		})
	}
}

// TestD4_WholeClientSlowsDown: a pause that one call was told holds back another call.
func TestD4_WholeClientSlowsDown(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			w.Header().Set("Retry-After", "30")
			reply(w, 429, `{}`)
			return
		}
		reply(w, 200, `{"id":"a"}`)
	})
	clock := newClock()
	c := client(t, s.URL, withClock(clock), func(config *braintrust.Config) { config.Retry.Attempts = 1 })
	var api *braintrust.APIError
	if _, err := c.Group(t.Context(), "a"); !errors.As(err, &api) || api.RetryAfter != 30*time.Second {
		t.Fatalf("got %v, want a 429 that asks for 30 s", err)
	}
	if got := clock.total(); got != 0 {
		t.Fatalf("a call without further attempts waited %s", got)
	}
	if _, err := c.WithOrgName("Other").Role(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if got := clock.total(); got != 30*time.Second {
		t.Errorf("the next call waited %s, want 30 s", got)
	}
}

func TestD4_TotalTimeIsBounded(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Retry-After", "86400")
		reply(w, 429, `{}`)
	})
	clock := newClock()
	c := client(t, s.URL, withClock(clock))
	_, err := c.Group(t.Context(), "a")
	var api *braintrust.APIError
	if !errors.As(err, &api) || api.RetryAfter != 24*time.Hour || api.Hint() == "" {
		t.Errorf("got %v", err)
	}
	if got := clock.total(); got > 5*time.Minute {
		t.Errorf("waited %s, want at most 5 min", got)
	}
}

func TestD5_BackOff(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(500, `{}`))
	clock := newClock()
	c := client(t, s.URL, withClock(clock))
	if _, err := c.Group(t.Context(), "a"); err == nil {
		t.Fatal("no error")
	}
	if n := len(s.got()); n != 5 {
		t.Errorf("%d attempts, want 5", n)
	}
	if diff := cmp.Diff([]time.Duration{50 * ms, 100 * ms, 200 * ms, 400 * ms}, clock.slept); diff != "" {
		t.Error(diff)
	}

	ceiling := newClock()
	c = client(t, s.URL, func(config *braintrust.Config) {
		config.Retry = ceiling.policy()
		config.Retry.Rand = func() float64 { return 1 }
		config.Retry.Attempts = 12
	})
	if _, err := c.Group(t.Context(), "a"); err == nil {
		t.Fatal("no error")
	}
	if got := ceiling.slept[len(ceiling.slept)-1]; got != 20*time.Second {
		t.Errorf("the last of many waits is %s, want 20 s", got)
	}
}

// TestD5_SharedBudget: when a server is down, the calls of a client together stop repeating.
func TestD5_SharedBudget(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		before, most int // calls that succeed first; requests after that, in 40 calls
	}{
		{"down from the start", 0, 40 + 20},
		{"down after 400 calls", 400, 40 + 20},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int64
			transport := roundTrip(func(r *http.Request) (*http.Response, error) {
				if n.Add(1) <= int64(test.before) {
					return answerTo(r, 200, `{"id":"a"}`), nil
				}
				return answerTo(r, 503, `{}`), nil
			})
			c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
			var wg sync.WaitGroup
			for i := range test.before + 40 {
				call := func() {
					_, err := c.Group(t.Context(), "a")
					if failed := err != nil; failed != (i >= test.before) {
						t.Errorf("call %d: %v", i, err)
					}
				}
				if i < test.before {
					call()
				} else {
					wg.Go(call)
				}
			}
			wg.Wait()
			if got := int(n.Load()) - test.before; got > test.most {
				t.Errorf("%d requests to a server that is down, want at most %d", got, test.most)
			}
		})
	}
}

// TestD5_BudgetLastsUnderSomeFaults: one failure in five must not use the budget up.
func TestD5_BudgetLastsUnderSomeFaults(t *testing.T) {
	t.Parallel()
	var n int
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		if n++; n%5 == 0 {
			return answerTo(r, 502, `{}`), nil
		}
		return answerTo(r, 200, `{"id":"a"}`), nil
	})
	c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
	for i := range 1000 {
		if _, err := c.UpdateGroup(t.Context(), "a", braintrust.GroupPatch{}); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	if reads, writes := c.Requests(); reads != 0 || writes > 1250 {
		t.Errorf("%d reads, %d writes", reads, writes)
	}
}

// TestD5_RateLimitIsNoOutage: waits that the server asked for do not use the budget up.
func TestD5_RateLimitIsNoOutage(t *testing.T) {
	t.Parallel()
	var n int
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		if n++; n%4 != 0 {
			res := answerTo(r, 429, `{}`)
			res.Header.Set("Retry-After", "1")
			return res, nil
		}
		return answerTo(r, 200, `{"id":"a"}`), nil
	})
	c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
	for i := range 100 {
		if _, err := c.Group(t.Context(), "a"); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
}

func TestD5_Parallelism(t *testing.T) {
	t.Parallel()
	for _, want := range []int{1, 3, 8} {
		t.Run(strconv.Itoa(want), func(t *testing.T) {
			t.Parallel()
			var inFlight, most, arrived atomic.Int64
			full := make(chan struct{}, 100)
			release := make(chan struct{})
			transport := roundTrip(func(r *http.Request) (*http.Response, error) {
				now := inFlight.Add(1)
				defer inFlight.Add(-1)
				for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
				}
				if arrived.Add(1) == int64(want) {
					full <- struct{}{}
				}
				<-release
				return answerTo(r, 200, `{"id":"a"}`), nil
			})
			c := client(t, "https://api.example.com", func(config *braintrust.Config) {
				config.Transport = transport
				if want != 8 { // 8 is the default
					config.Parallelism = want
				}
			})
			var wg sync.WaitGroup
			for range 40 {
				wg.Go(func() {
					if _, err := c.Group(t.Context(), "a"); err != nil {
						t.Error(err)
					}
				})
			}
			<-full // as many as allowed are in flight at once
			close(release)
			wg.Wait()
			if got := int(most.Load()); got != want {
				t.Errorf("%d requests in flight at most, want %d", got, want)
			}
		})
	}
}

// TestD5_Cancelled: who gives up gets his error at once, with what may have been sent.
func TestD5_Cancelled(t *testing.T) {
	t.Parallel()
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		s := serve(t, fixed(200, `{}`))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := client(t, s.URL).CreateGroup(ctx, braintrust.GroupCreate{Name: "QA"})
		wantNetwork(t, err, context.Canceled, false)
		if len(s.got()) != 0 {
			t.Error("something was sent")
		}
	})
	t.Run("in flight", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
			cancel()
			<-r.Context().Done()
		})
		_, err := client(t, s.URL).CreateGroup(ctx, braintrust.GroupCreate{Name: "QA"})
		wantNetwork(t, err, context.Canceled, true)
		if n := len(s.got()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
	t.Run("while waiting", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, fixed(500, `{}`))
		c := client(t, s.URL, func(config *braintrust.Config) {
			config.Retry.Sleep = func(ctx context.Context, _ time.Duration) error {
				cancel()
				return ctx.Err()
			}
		})
		_, err := c.CreateGroup(ctx, braintrust.GroupCreate{Name: "QA"})
		wantNetwork(t, err, context.Canceled, true)
	})
	t.Run("real timer", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", "100")
			reply(w, 503, `{}`)
			time.AfterFunc(ms, cancel)
		})
		c := client(t, s.URL, func(config *braintrust.Config) { config.Retry = braintrust.RetryPolicy{} })
		_, err := c.Group(ctx, "a")
		wantNetwork(t, err, context.Canceled, true)
	})
}

func wantNetwork(t *testing.T, err, cause error, maybeSent bool) {
	t.Helper()
	var network *braintrust.NetworkError
	if !errors.As(err, &network) || !errors.Is(err, cause) || network.MaybeSent != maybeSent {
		t.Errorf("got %#v, want a *NetworkError by %v, maybe sent: %t", err, cause, maybeSent)
	}
	if got := braintrust.MaybeCarriedOut(err); got != maybeSent {
		t.Errorf("maybe carried out: %t, want %t", got, maybeSent)
	}
}

func TestObserve(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		w.Header().Set("X-Request-Id", fmt.Sprint("req-", n))
		if n == 1 {
			reply(w, 500, `{"error":"`+canary+`"}`)
			return
		}
		reply(w, 200, `{"objects":[]}`)
	})
	var got []braintrust.Exchange
	c := client(t, s.URL, withOrg("Acme"), func(config *braintrust.Config) {
		config.Observe = func(e braintrust.Exchange) { got = append(got, e) }
	})
	if _, err := braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{})); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Err == nil {
		t.Fatalf("got %v", got)
	}
	got[0].Err = nil
	want := []braintrust.Exchange{
		{Method: "GET", URL: "/v1/group?limit=1000&org_name=Acme", Status: 500, RequestID: "req-1", Attempt: 1},
		{Method: "GET", URL: "/v1/group?limit=1000&org_name=Acme", Status: 200, RequestID: "req-2", Attempt: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
