package change_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// D6: the journal tells which tokens nobody has: those that could not be handed over, not those that were, and not those
// that somebody made by hand after a refusal.
func TestD6_DeliveriesOfTheJournal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		sink   change.Sink
		before func(r *http.Request) error // the answer to the minting
		after  error
		fails  bool
		lost   int
	}{
		"handed over": {sink: &memorySink{}},
		"full":        {sink: &memorySink{deliverErr: errors.New("full")}, fails: true, lost: 1},
		"lost answer": {sink: &memorySink{}, after: resetConnection, fails: true, lost: 1},
		"refused": {sink: &memorySink{}, before: func(*http.Request) error {
			return refusedConnection
		}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			account := w.server.Seeded().ServiceAccountID
			w.script.fail = func(_ int, r *http.Request) (before, after error) {
				if r.URL.Path != "/v1/service_token" {
					return nil, nil
				}
				if tt.before != nil {
					return tt.before(r), nil
				}
				return nil, tt.after
			}
			_, err := w.Run(t.Context(), w.review(&change.MintToken{AccountID: account, Account: "owner", Name: "t", Sink: tt.sink}))
			if (err != nil) != tt.fails {
				t.Fatal(err)
			}
			w.script.fail = nil
			if tt.before != nil { // by hand, a moment later
				if _, err := w.client.CreateServiceToken(t.Context(), braintrust.ServiceTokenCreate{Name: "t", ServiceAccountID: account}); err != nil {
					t.Fatal(err)
				}
			}
			deliveries, err := change.ReadDeliveries(w.journalDir())
			if err != nil {
				t.Fatal(err)
			}
			tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{Name: "t"}))
			if err != nil || len(tokens) != 1 {
				t.Fatalf("tokens %+v, %v", tokens, err)
			}
			old := tokens[0] // of the same name and much older: nobody's business
			old.ID, old.Created = "an old one", old.Created.Add(-24*time.Hour)
			lost := deliveries.Lost(append(tokens, old))
			if len(lost) != tt.lost || tt.lost > 0 && (lost[tokens[0].ID].Run == "" || lost[tokens[0].ID].Doubtful) {
				t.Errorf("lost %+v of %+v", lost, tokens)
			}
		})
	}
}

// D6: when two new tokens of the name are there after a lost answer, at most one of them is the run's: the other is
// somebody's, and neither is known to be without an owner.
func TestD6_TwoTokensAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := braintrust.ServiceTokenCreate{Name: "t", ServiceAccountID: w.server.Seeded().ServiceAccountID}
	var asked atomic.Bool
	w.script.fail = func(_ int, r *http.Request) (before, after error) {
		if r.URL.Path != "/v1/service_token" || asked.Swap(true) {
			return nil, nil
		}
		if _, err := w.client.CreateServiceToken(t.Context(), create); err != nil { // by somebody else, meanwhile
			t.Error(err)
		}
		return nil, resetConnection
	}
	_, err := w.Run(t.Context(), w.review(&change.MintToken{AccountID: create.ServiceAccountID, Account: "owner", Name: "t", Sink: &memorySink{}}))
	var orphans *change.OrphanError
	if !errors.As(err, &orphans) || len(orphans.Tokens) != 2 {
		t.Fatal(err)
	}
	if hint := orphans.Hint(); strings.Contains(hint, "by itself") || !strings.Contains(hint, "one of them") {
		t.Errorf("hint %q", hint)
	}
	deliveries, err := change.ReadDeliveries(w.journalDir())
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{Name: "t"}))
	if err != nil || len(tokens) != 2 {
		t.Fatalf("tokens %+v, %v", tokens, err)
	}
	lost := deliveries.Lost(tokens)
	for _, token := range tokens {
		if !lost[token.ID].Doubtful {
			t.Errorf("%s: %+v", token.ID, lost[token.ID])
		}
	}
}
