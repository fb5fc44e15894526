package change_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// longPlan is a long plan of the organization as it is.
func (w *world) longPlan(steps ...change.Step) change.Plan {
	w.t.Helper()
	plan := w.plan(steps...)
	plan.Base = w.base()
	return plan
}

func (w *world) accountsNamed(name string) []braintrust.User {
	w.t.Helper()
	users, err := braintrust.Collect(w.client.Users(w.t.Context(), braintrust.UserFilter{GivenNames: []string{name}}))
	if err != nil {
		w.t.Fatal(err)
	}
	return users
}

// What fails to be minted does not hold up anything else: other tokens, and what needs no token.
func TestFailedTokenHoldsNothingUp(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	me, good := w.server.Seeded().ServiceAccountID, &memorySink{}
	plan := w.longPlan(
		&change.MintToken{AccountID: me, Account: "owner", Name: "first", Sink: &memorySink{deliverErr: errors.New("full")}},
		&change.MintToken{AccountID: me, Account: "owner", Name: "second", Sink: good},
	)
	want := w.wishFor(3, 30)
	rest, err := w.towards(want)
	if err != nil {
		t.Fatal(err)
	}
	plan.Steps = append(plan.Steps, rest.Steps...)
	review, err := w.Review(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Run(t.Context(), review)
	var partial *change.PartialError
	if !errors.As(err, &partial) || len(partial.Failed) != 1 || partial.Left > 0 {
		t.Fatalf("%v: %+v", err, partial)
	}
	if good.secret.IsZero() {
		t.Error("the second token was not made")
	}
	w.wantExactly(want)
}

// D1: a service account whose answer is lost is found, one that was not made is made; there is never a second one.
func TestD1_LostServiceAccount(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, after error
		status        int // of an answer that comes instead
		failures      int
		made          int
		fails         bool
	}{
		"answer lost":        {after: resetConnection, failures: 1, made: 1},
		"not carried out":    {before: resetConnection, failures: 2, made: 1},
		"503":                {status: http.StatusServiceUnavailable, failures: 1, made: 1},
		"may be under way":   {status: http.StatusGatewayTimeout, failures: 1, fails: true},
		"again and again":    {before: resetConnection, failures: 100, fails: true},
		"refused by content": {status: http.StatusBadRequest, failures: 1, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 5)
			asked := 0
			count := func(r *http.Request) bool {
				if r.Method != http.MethodPatch || !strings.HasSuffix(r.URL.Path, "/members") {
					return false
				}
				asked++
				return asked <= tt.failures
			}
			if tt.status != 0 {
				w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
					if !count(r) {
						return nil, nil
					}
					return answered(r, tt.status, "no"), nil
				}}
			} else {
				w.script.fail = func(_ int, r *http.Request) (before, after error) {
					if !count(r) {
						return nil, nil
					}
					return tt.before, tt.after
				}
			}
			step := &change.CreateServiceAccount{Name: "robot"}
			review, err := w.Review(t.Context(), w.longPlan(step))
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Run(t.Context(), review)
			if (err != nil) != tt.fails {
				t.Fatal(err)
			}
			users := w.accountsNamed("robot")
			if len(users) != tt.made || tt.made == 1 && step.Out.ID != users[0].ID || asked > 5 {
				t.Errorf("accounts %+v, %+v, asked %d times", users, step.Out, asked)
			}
		})
	}
}
