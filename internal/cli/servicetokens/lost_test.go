package servicetokens

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/change"
)

// D6: the answer is lost after the token was minted. It is never minted again; the orphan is named by the id
// that is new, never one that was there before; its deletion is offered; exit code 5.
func TestD6AnswerOfMintingIsLost(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"token of an account that has one": {"create", "ci-evals"},
		"token of a new account":           {"create", "fresh"},
		"rotation":                         {"rotate", "ci-evals"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrganization(t)
			before := o.tokens()
			minted := 0
			o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.Method != http.MethodPost || r.URL.Path != "/v1/service_token" {
					next.ServeHTTP(w, r)
					return
				}
				minted++
				next.ServeHTTP(discard{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			}
			got := o.as(canary, nil, args...)
			var partial *change.PartialError
			if !errors.As(got.err, &partial) {
				t.Fatalf("error %v, want a partial one", got.err)
			}
			orphan := ""
			for id := range o.tokens() {
				if before[id] == "" {
					orphan = id
				}
			}
			if minted != 1 || len(o.tokens()) != len(before)+1 {
				t.Errorf("minted %d times", minted)
			}
			if !strings.Contains(got.err.Error(), orphan) || !strings.Contains(partial.Hint(), "service-tokens delete "+orphan) {
				t.Errorf("the orphan %s is not named: %v; hint %q", orphan, got.err, partial.Hint())
			}
			for id := range before {
				if strings.Contains(got.err.Error()+partial.Hint(), id) {
					t.Errorf("the old token %s is called an orphan: %v; %q", id, got.err, partial.Hint())
				}
			}
			if got.out.Len() > 0 {
				t.Errorf("printed %q", got.out)
			}
		})
	}
}
