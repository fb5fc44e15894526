package braintrust_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"btadmin/pkg/braintrust"
)

// D3: a server that takes requests and answers none is given up within a minute; later on nothing is repeated after one.
func TestD3_SilentServer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answers int64 // before it falls silent
		most    time.Duration
		asked   int64
	}{
		"from the start": {0, 50 * time.Second, 3},
		"in the middle":  {5, 121 * time.Second, 9}, // the ninth waits for the eight before it
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int64
				transport := roundTrip(func(r *http.Request) (*http.Response, error) {
					if n.Add(1) <= tt.answers {
						return answerTo(r, 200, `{"objects":[]}`), nil
					}
					<-r.Context().Done()
					return nil, r.Context().Err()
				})
				c := client(t, "https://api.example.com", func(config *braintrust.Config) {
					config.Transport, config.Retry = transport, braintrust.RetryPolicy{}
				})
				for range tt.answers {
					if _, err := braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{})); err != nil {
						t.Fatal(err)
					}
				}
				began := time.Now()
				var err error
				if tt.answers == 0 {
					_, err = braintrust.Collect(c.Organizations(t.Context(), braintrust.OrganizationFilter{}))
				} else {
					for range 8 {
						go func() { _, _ = braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{})) }()
					}
					time.Sleep(time.Nanosecond)
					_, err = braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{}))
				}
				var network *braintrust.NetworkError
				if !errors.As(err, &network) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error %v", err)
				}
				t.Logf("gave up after %s and %d requests: %v", time.Since(began), n.Load()-tt.answers, err)
				if took := time.Since(began); took > tt.most || n.Load()-tt.answers > tt.asked || !c.Exhausted() {
					t.Errorf("gave up after %s and %d requests", took, n.Load()-tt.answers)
				}
			})
		})
	}
}
