package braintrust_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"btadmin/pkg/braintrust"
)

// D1: whoever reads many lists asks again for a page that fails over and over while others come, and gives up soon when
// nothing comes.
func TestD1_PatientLists(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fails   int64 // requests that fail at first
		patient bool
		down    bool // another call fails as well
		asked   int64
		ends    bool // with an error
	}{
		"as usual":       {fails: 5, asked: 5, ends: true},
		"patient":        {fails: 5, patient: true, asked: 7},
		"for ever":       {fails: 1000, patient: true, asked: 15, ends: true},
		"a server down":  {fails: 1000, patient: true, down: true, asked: 10, ends: true},
		"nothing failed": {patient: true, asked: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int64
			transport := roundTrip(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.URL.Path == "/v1/role/a" || n.Add(1) <= tt.fails:
					return answerTo(r, 503, `{}`), nil
				case r.URL.Query().Get("starting_after") == "":
					return answerTo(r, 200, `{"objects":[{"id":"a"}]}`), nil
				}
				return answerTo(r, 200, `{"objects":[]}`), nil
			})
			c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
			ctx := t.Context()
			if tt.patient {
				ctx = braintrust.Patient(ctx)
			}
			if tt.down {
				for range 3 {
					_, _ = c.Role(ctx, "a")
				}
			}
			all, err := braintrust.Collect(c.Groups(ctx, braintrust.GroupFilter{}))
			if (err != nil) != tt.ends || err == nil && len(all) != 1 {
				t.Errorf("%v, %v", all, err)
			}
			if n.Load() > tt.asked || !tt.down && n.Load() != tt.asked {
				t.Errorf("asked %d times, want %d", n.Load(), tt.asked)
			}
		})
	}
}
