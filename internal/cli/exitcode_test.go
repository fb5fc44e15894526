package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
	"btadmin/pkg/braintrust"
)

// The codes that scripts were promised, for every kind of error there is; when several apply 5, then 7, 2, 3, 4, 1.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	api := func(status int, message string) error {
		return fmt.Errorf("list: %w", &braintrust.APIError{Method: "GET", Path: "/v1/group", Status: status, Message: message})
	}
	network := &braintrust.NetworkError{Op: "GET /v1/group", Err: errors.New("reset")}
	guard := &change.GuardError{Findings: []change.Finding{{Guard: "G1", Message: "no"}}}
	partial := func(err error) error { return &change.PartialError{RunID: "r", Err: err} }
	for _, tt := range []struct {
		name string
		err  error
		want exit.Code
	}{
		{"none", nil, exit.OK},
		{"any", errors.New("odd"), exit.Failure},
		{"401", api(401, ""), exit.Auth},
		{"403", api(403, ""), exit.Auth},
		{"400 that forbids", api(400, "missing read access on group"), exit.Auth},
		{"400", api(400, "Extraneous key"), exit.Failure},
		{"400 that does not say which", api(400, "Group does not exist or you do not have access"), exit.Failure},
		{"404", api(404, ""), exit.Failure},
		{"408", api(408, ""), exit.Network},
		{"429", api(429, ""), exit.Network},
		{"500", api(500, ""), exit.Network},
		{"503", api(503, ""), exit.Network},
		{"no answer", network, exit.Network},
		{"too late", fmt.Errorf("wait: %w", context.DeadlineExceeded), exit.Network},
		{"interrupted", context.Canceled, exit.Interrupted},
		{"interrupted in a request", &braintrust.NetworkError{Err: context.Canceled}, exit.Interrupted},
		{"left a question", prompt.ErrInterrupted, exit.Interrupted},
		{"nobody to ask", prompt.ErrCannotPrompt, exit.BadInput},
		{"an unknown field", &output.UsageError{Message: "unknown"}, exit.BadInput},
		{"a malformed key", braintrust.ErrMalformedKey, exit.BadInput},
		{"a URL", &braintrust.URLError{}, exit.BadInput},
		{"a typed id that is not ours, as 403", exit.New(exit.BadInput, api(403, "")), exit.BadInput},
		{"a typed id that is not ours, as 400", exit.New(exit.BadInput, api(400, "missing read access")), exit.BadInput},
		{"a guard", guard, exit.Refused},
		{"a guard and bad input", errors.Join(exit.BadInputf("bad"), guard), exit.Refused},
		{"a journal that cannot be written", &journal.WriteError{Err: errors.New("full")}, exit.Failure},
		{"there already", &change.AlreadyExistsError{Kind: "group"}, exit.Failure},
		{"a lost secret", &braintrust.LostAnswerError{Err: network}, exit.Partial},
		{"403 in the middle", partial(api(403, "")), exit.Partial},
		{"no answer in the middle", partial(network), exit.Partial},
		{"interrupted in the middle", partial(context.Canceled), exit.Partial},
		{"a guard after a change", partial(guard), exit.Partial},
		{"bad input after a change", partial(exit.BadInputf("bad")), exit.Partial},
	} {
		if got := codeOf(tt.err); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
