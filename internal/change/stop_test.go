package change_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
)

// D9: an interrupt at each point lets what is in flight finish, starts nothing, and a run after it makes the rest.
func TestD9InterruptAtEachPoint(t *testing.T) {
	t.Parallel()
	const changes = 12
	for at := range changes + 1 {
		t.Run(fmt.Sprint("at ", at), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 5)
			w.Parallelism = 3
			want := w.wishFor(changes-1, 60) // and one request for the grants
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if at == 0 {
				cancel()
			}
			var mu sync.Mutex
			writes, begunAfter := 0, 0
			w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodGet {
					return nil, nil
				}
				if ctx.Err() != nil {
					begunAfter++
				}
				if writes++; writes == at {
					cancel()
				}
				return nil, nil
			}}
			result, err := w.make(ctx, want)
			var partial *change.PartialError
			switch {
			case at == 0:
				if !errors.Is(err, context.Canceled) || errors.As(err, &partial) {
					t.Errorf("before anything was sent: %v", err)
				}
			case at < changes && (!errors.Is(err, context.Canceled) || !errors.As(err, &partial)):
				t.Errorf("error %v", err)
			case at == changes && err != nil:
				t.Errorf("all was done when it came: %v", err)
			}
			if begunAfter > 2 { // those that were on their way
				t.Errorf("%d writes after the interrupt", begunAfter)
			}
			if at > 0 && at < changes && (result.Rows != writes || partial.Left+writes != changes-1+60) {
				t.Errorf("%d writes, result %+v", writes, result)
			}
			if at > 0 {
				runs, damage, err := journal.Runs(w.journalDir())
				if err != nil || len(damage) > 0 || runs[0].Result == "interrupted" {
					t.Errorf("journal: %+v, %v, %v", runs, damage, err)
				}
			}
			if _, err := w.make(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			w.wantExactly(want)
		})
	}
}

// D9: a process that is killed at each point leaves a journal that names all that may have been sent, no lock, and
// an organization that the next run brings to its end. Here the process dies for everything around it: no request
// of it arrives and nothing is written to its journal any more.
func TestD9KilledAtEachPoint(t *testing.T) {
	t.Parallel()
	const changes = 12
	for at := 1; at <= changes; at++ {
		for _, answered := range []bool{false, true} {
			t.Run(fmt.Sprint("at ", at, answered), func(t *testing.T) {
				t.Parallel()
				w := manyWorld(t, 5)
				want := w.wishFor(changes-1, 60)
				var mu sync.Mutex
				writes := 0
				dead := make(chan struct{})
				var before sync.WaitGroup // requests that were on their way: they arrive, as they would
				next := w.script.next
				w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					writes += btoi(r.Method != http.MethodGet)
					n := writes
					if n == at && answered {
						if res, err := next.RoundTrip(r); err == nil {
							_ = res.Body.Close()
						}
					}
					if n < at {
						before.Add(1)
					}
					mu.Unlock()
					if n < at {
						defer before.Done()
						return next.RoundTrip(r)
					}
					if n == at {
						close(dead)
					}
					select {} // for ever: the goroutines stay, as the process would not
				}}
				go func() { _, _ = w.make(context.WithoutCancel(t.Context()), want) }()
				<-dead
				before.Wait()
				copyJournal(t, w)
				w.script = &script{next: next} // the dead one keeps his
				w.as(w.server.Seeded().TokenKey)
				if _, err := w.make(t.Context(), want); err != nil {
					t.Fatal(err)
				}
				w.wantExactly(want)
				if _, _, err := journal.Verify(w.journalDir()); err != nil {
					t.Error(err)
				}
				runs, _, err := journal.Runs(w.journalDir())
				left := btoi(at < changes || !answered) // the last request may have done all
				if err != nil || len(runs) != 1+left || runs[0].Result != "interrupted" || left == 1 && runs[1].Result != "confirmed" {
					t.Fatalf("runs %+v, %v", runs, err)
				}
				intents := 0
				for _, e := range runs[0].Entries {
					intents += btoi(e.Type == journal.Intent)
				}
				if intents < at {
					t.Errorf("%d intents, but %d requests were sent", intents, at)
				}
			})
		}
	}
}

// copyJournal moves the world to a copy of its journal, as it is when its process dies: the lock stays behind.
func copyJournal(t *testing.T, w *world) {
	t.Helper()
	to := t.TempDir()
	files, err := filepath.Glob(filepath.Join(w.journalDir(), "*"))
	if err != nil {
		t.Fatal(err)
	}
	w.dir = to
	if err := os.MkdirAll(w.journalDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var raw []byte
		for settled := false; !settled; time.Sleep(10 * time.Millisecond) { // until nothing is written any more
			before := len(raw)
			if raw, err = os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
			settled = len(raw) == before
		}
		if err := os.WriteFile(filepath.Join(w.journalDir(), filepath.Base(file)), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// D11: of two long runs at once the second is refused at once and told who holds the lock; a lock that a dead
// process has left behind is none.
func TestD11TwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	want := w.wishFor(3, 30)
	holding, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	next := w.script.next
	w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			once.Do(func() { close(holding) })
			<-release
		}
		return nil, nil
	}}
	first := make(chan error, 1)
	ids := make(chan string, 10)
	w.NewID = func() string { ids <- fmt.Sprint("run-", len(ids)); return fmt.Sprint("run-", len(ids)-1) }
	go func() {
		_, err := w.make(t.Context(), want)
		first <- err
	}()
	<-holding
	before := w.server.Counts().Writes
	_, err := w.make(t.Context(), want)
	var busy *change.BusyError
	host, _ := os.Hostname()
	if !errors.As(err, &busy) || busy.PID != os.Getpid() || busy.Host != host || busy.Run != "run-0" || time.Since(busy.Since) > time.Hour {
		t.Errorf("the second: %v", err)
	}
	if w.server.Counts().Writes > before {
		t.Error("the second sent something")
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the first: %v", err)
	}
	// What a dead holder leaves behind: the file, without the lock.
	lock := filepath.Join(w.journalDir(), "run.lock")
	if err := os.WriteFile(lock, []byte(`{"pid":1,"host":"gone","run":"dead"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.make(t.Context(), w.wishFor(4, 40)); err != nil {
		t.Errorf("after a dead holder: %v", err)
	}
}

// D15: reads that lag behind by five seconds are waited for, reads that never show a change make it unconfirmed.
func TestD15LaggingReads(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{5 * time.Second, time.Hour} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 5)
			want := w.wishFor(3, 30)
			plan, err := w.towards(want)
			if err != nil {
				t.Fatal(err)
			}
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			var waited time.Duration
			w.Sleep = sleeper(func(d time.Duration) { waited += d })
			old := map[string]string{}
			var mu sync.Mutex
			wrote := false
			next := w.script.next
			w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				wrote = wrote || r.Method != http.MethodGet
				url := r.URL.String()
				if r.Method != http.MethodGet || !strings.Contains(url, "acl") && !strings.Contains(url, "group") {
					return nil, nil
				}
				if wrote && waited < lag { // as it was
					if body, known := old[url]; known {
						return answeredJSON(r, body), nil
					}
					return nil, nil
				}
				res, err := next.RoundTrip(r)
				if err != nil {
					return nil, err
				}
				old[url] = bodyOf(t, res)
				return answeredJSON(r, old[url]), nil
			}}
			result, err := w.Run(t.Context(), review)
			var partial *change.PartialError
			var unconfirmed *change.UnconfirmedError
			if lag < verifyFor {
				if err != nil || result.Rows != 33 || waited < lag {
					t.Errorf("after %s: %+v, %v", waited, result, err)
				}
				return
			}
			if !errors.As(err, &partial) || !errors.As(err, &unconfirmed) || waited < verifyFor || waited > verifyFor+5*time.Second {
				t.Errorf("after %s: %v", waited, err)
			}
		})
	}
}

const verifyFor = 30 * time.Second

// D17: a journal that cannot be written before anything is sent, or at any entry of the run.
func TestD17JournalOfALongRunFails(t *testing.T) {
	t.Parallel()
	for at := range 20 {
		t.Run(fmt.Sprint("entry ", at), func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 5)
			plan, err := w.towards(w.wishFor(8, 30))
			if err != nil {
				t.Fatal(err)
			}
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			writes := 0
			var j *journal.Journal
			w.Journal = func(host, orgID string) (opened *journal.Journal, err error) {
				j, err = journal.Open(journal.Folder(w.dir, host, orgID))
				return j, err
			}
			w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				writes += btoi(r.Method != http.MethodGet)
				return nil, nil
			}}
			entries := 0
			w.Now = clock(func() {
				if entries++; entries == at+2 { // the first one is that of the lock
					_ = j.Close()
				}
			})
			_, err = w.Run(t.Context(), review)
			var lost *journal.WriteError
			var partial *change.PartialError
			last := 1 + 2*9 // run_begin, an intent and an outcome for each request
			switch {
			case at == 0:
				if err == nil || errors.As(err, &partial) || writes > 0 {
					t.Errorf("before: %v after %d writes", err, writes)
				}
			case at >= last:
				if err != nil { // the end alone is missing
					t.Errorf("at the end: %v", err)
				}
			default:
				if !errors.As(err, &lost) || errors.As(err, &partial) != (writes > 0) {
					t.Errorf("%v after %d writes", err, writes)
				}
			}
		})
	}
}
