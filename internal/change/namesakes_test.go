package change_test

import (
	"errors"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// D12: names of accounts and tokens need not be unique: one that has been made since the plan was made is not made once
// more, and one that was there before is no hindrance.
func TestD12_MadeByTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := w.server.Seeded().ServiceAccountID
	account := func() change.Step { return &change.CreateServiceAccount{Name: "robot"} }
	token := func() change.Step {
		return &change.MintToken{AccountID: me, Account: "owner", Name: "t", Sink: &memorySink{}}
	}
	for name, tt := range map[string]struct {
		step  func() change.Step
		count func() int
	}{
		"account": {account, func() int { return len(w.accountsNamed("robot")) }},
		"token": {token, func() int {
			tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{Name: "t"}))
			if err != nil {
				t.Fatal(err)
			}
			return len(tokens)
		}},
	} {
		run := func(plan change.Plan) error {
			t.Helper()
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Run(t.Context(), review)
			return err
		}
		late := w.longPlan(tt.step())
		if err := run(w.longPlan(tt.step())); err != nil {
			t.Fatal(name, err)
		}
		err := run(late)
		var refused *exit.Error
		if !errors.As(err, &refused) || refused.Code != exit.Refused || tt.count() != 1 {
			t.Errorf("%s: %v, %d are there", name, err, tt.count())
		}
		if err := run(w.longPlan(tt.step())); err != nil || tt.count() != 2 { // planned beside the first
			t.Errorf("%s: %v, %d are there", name, err, tt.count())
		}
	}
}
