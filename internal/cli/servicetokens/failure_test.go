package servicetokens

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// Each write of a creation fails in turn: never a success, and a partial one as soon as something was done.
func TestEachWriteOfCreateFails(t *testing.T) {
	t.Parallel()
	args := []string{"create", "fresh", "--group", "Viewers", "--project", "Chatbot=read", "--project-objects", "Chatbot/logs=read"}
	for failing := 1; ; failing++ {
		o := newOrganization(t)
		writes := 0
		o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method != http.MethodGet {
				if writes++; writes == failing {
					http.Error(w, "Forbidden: missing create access", http.StatusForbidden)
					return
				}
			}
			next.ServeHTTP(w, r)
		}
		got := o.as(canary, nil, args...)
		if writes < failing {
			if got.err != nil || failing < 4 {
				t.Errorf("without a failure: %v, after %d writes", got.err, writes)
			}
			return
		}
		var partial *change.PartialError
		isPartial := errors.As(got.err, &partial)
		if got.err == nil || isPartial != (failing > 1) || (!isPartial && !braintrust.IsForbidden(got.err)) {
			t.Errorf("write %d fails: error %v", failing, got.err)
		}
		if got.out.Len() > 0 || strings.Contains(got.errOut.String(), "Created service token") {
			t.Errorf("write %d fails: printed %q, %q", failing, got.out, got.errOut)
		}
		if o.count("fresh") != 0 {
			t.Errorf("write %d fails: a token was made", failing)
		}
	}
}
