package change_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// faultScale is how many groups the runs under faults make: enough to meet every fault many times. The full size
// of the requirement, 1,000, is for BTADMIN_TEST_CHANGES=1000.
func faultScale(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("BTADMIN_TEST_CHANGES"))
	if err != nil {
		return 150
	}
	return n
}

// D1: under 20 % faults one run does everything exactly once, with at most 1.4 writes for each change that needs a
// request of its own.
func TestD1OneRunConvergesUnderFaults(t *testing.T) {
	t.Parallel()
	n := faultScale(t)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 20)
			want := w.wishFor(n, 3*n)
			c := w.breaking(0.2, seed)
			result, err := w.make(t.Context(), want)
			if err != nil {
				t.Fatal(err)
			}
			if result.Rows != 4*n || len(result.Failed)+len(result.Skipped)+result.Left > 0 {
				t.Errorf("result %+v", result)
			}
			w.wantExactly(want)
			need := n + (3*n+499)/500
			if most := need*14/10 + 1; c.writes > most {
				t.Errorf("%d writes for %d changes, at most %d", c.writes, need, most)
			}
			t.Logf("%d writes for %d changes, %d requests broken", c.writes, need, c.broken)
		})
	}
}

// D1, for changes of every kind: what is renamed, taken away and deleted under faults is so exactly once.
func TestD1ChangesUnderFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 10)
			if _, err := w.make(t.Context(), w.wishFor(60, 300)); err != nil {
				t.Fatal(err)
			}
			want := w.wishFor(60, 700) // other grants, partly
			for name, one := range want.groups {
				one.members, one.grants = one.members[1:], one.grants[2:]
				want.groups[name] = one
			}
			plan, err := w.towards(want)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				plan.Steps = append(plan.Steps, &change.DeleteGroup{Group: w.group(fmt.Sprintf("team-%04d", 40+i))})
			}
			for i := range 20 {
				delete(want.groups, fmt.Sprintf("team-%04d", 40+i))
			}
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			w.breaking(0.2, seed)
			if _, err := w.Run(t.Context(), review); err != nil {
				t.Fatal(err)
			}
			w.wantExactly(want)
			if left, err := w.towards(wish{}); err != nil || len(left.Base.Groups) != 40+3 {
				t.Errorf("%d groups, %v", len(left.Base.Groups), err)
			}
		})
	}
}

// D2: under 30 % faults a run may stop early, with a partial result; at most five make all of it.
func TestD2ReRunsConverge(t *testing.T) {
	t.Parallel()
	n := faultScale(t)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 20)
			want := w.wishFor(n, 3*n)
			w.breaking(0.3, seed)
			for run := 1; ; run++ {
				_, err := w.make(t.Context(), want)
				if err == nil {
					t.Logf("%d runs", run)
					break
				}
				if run == 5 {
					t.Fatalf("after %d runs: %v", run, err)
				}
			}
			w.wantExactly(want)
		})
	}
}

// clockwork is time that moves only when somebody sleeps.
type clockwork struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clockwork) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clockwork) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// slowly makes the client and the runner live by a clock.
func (w *world) slowly(c *clockwork) {
	w.clockwork = c
	w.as(w.server.Seeded().TokenKey)
	w.Sleep, w.Now = c.Sleep, c.Now
}

// D3: a server that fails from the beginning, and one that fails after 400 changes, sees few requests more.
func TestD3TotalOutage(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"503", "refused", "reset"} {
		for _, after := range []int{-1, 0, 400} { // -1: already when the plan reads
			t.Run(fmt.Sprint(how, " after ", after), func(t *testing.T) {
				t.Parallel()
				w := manyWorld(t, 10)
				time := &clockwork{now: time.Unix(1e9, 0)}
				w.slowly(time)
				want := w.wishFor(1000, 0)
				began := time.Now()
				writes, lost := 0, 0
				var mu sync.Mutex
				next := w.script.next
				w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					defer mu.Unlock()
					if r.Method != http.MethodGet && writes < after {
						writes++
						return nil, nil
					}
					if after < 0 || writes >= after && (r.Method != http.MethodGet || lost > 0) {
						lost++
						switch how {
						case "503":
							return answered(r, http.StatusServiceUnavailable, "down"), nil
						case "refused":
							return nil, refusedConnection
						}
						return nil, resetConnection
					}
					return nil, nil
				}}
				result, err := w.make(t.Context(), want)
				var partial *change.PartialError
				most := 200
				if after > 0 {
					most = 40
				}
				if err == nil || errors.As(err, &partial) != (after > 0) && how == "refused" || after < 0 && errors.As(err, &partial) {
					t.Fatalf("error %v", err)
				}
				if lost > most {
					t.Errorf("%d requests to a server that is down, at most %d", lost, most)
				}
				if took := time.Now().Sub(began); took > 60e9 {
					t.Errorf("gave up after %s", took)
				}
				if after > 0 && (!errors.As(err, &partial) || partial.Done != 400 || partial.Left+rows(partial.Failed) != 600 || result.Rows != 400) {
					t.Errorf("%+v", partial)
				}
				t.Logf("%d requests, %v", lost, err)
			})
		}
	}
}

func rows(list []change.Unfinished) int {
	n := 0
	for _, u := range list {
		n += u.Rows
	}
	return n
}

// D14: a key that is refused at the k-th change stops everything at once.
func TestD14RefusedInBetween(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		for _, at := range []int{1, 2, 50} {
			t.Run(fmt.Sprint(status, " at ", at), func(t *testing.T) {
				t.Parallel()
				w := manyWorld(t, 5)
				want := w.wishFor(100, 200)
				var mu sync.Mutex
				writes := 0
				w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					defer mu.Unlock()
					if r.Method == http.MethodGet {
						return nil, nil
					}
					if writes++; writes >= at {
						return answered(r, status, "no"), nil
					}
					return nil, nil
				}}
				_, err := w.make(t.Context(), want)
				var partial *change.PartialError
				if !(braintrust.IsForbidden(err) || braintrust.IsUnauthorized(err)) || errors.As(err, &partial) != (at > 1) {
					t.Fatalf("error %v", err)
				}
				if writes >= at+8 {
					t.Errorf("%d writes, the first %d was refused", writes, at)
				}
				if at > 1 && (!strings.Contains(partial.Hint(), "your own access") || partial.Done != at-1) {
					t.Errorf("hint %q of %+v", partial.Hint(), partial)
				}
			})
		}
	}
}

// Every write refused is a failure, whatever the refusal.
func TestEveryWriteRefusedIsAFailure(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 409, 422, 429, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 5)
			want := w.wishFor(30, 600)
			w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodGet {
					return nil, nil
				}
				return answered(r, status, "no"), nil
			}}
			result, err := w.make(t.Context(), want)
			var partial *change.PartialError
			if err == nil || errors.As(err, &partial) || result.Rows > 0 {
				t.Errorf("result %+v, error %v", result, err)
			}
			if len(result.Failed) == 0 || rows(result.Failed)+result.Left != 630 {
				t.Errorf("%d rows failed, %d left", rows(result.Failed), result.Left)
			}
		})
	}
}

// A row that the server refuses is found in its part; the others are granted.
func TestRefusedRowIsFound(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	want := w.wishFor(3, 90)
	bad := want.groups["team-0001"]
	bad.grants[17].ObjectID = "99999999-9999-4999-8999-999999999999" // a project that is not there
	result, err := w.make(t.Context(), want)
	var partial *change.PartialError
	if !errors.As(err, &partial) || len(partial.Failed) != 1 || rows(partial.Failed) != 1 {
		t.Fatalf("%v: %+v", err, partial)
	}
	if got := lineStrings(partial.Failed[0].Lines); !strings.Contains(got, "99999999") || result.Rows != 3+90-1 {
		t.Errorf("failed: %s; %d rows done", got, result.Rows)
	}
}
