package change

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"btadmin/pkg/braintrust"
)

// orphans names the tokens that a lost answer may have left behind: their secret cannot be read again.
func (e *execution) orphans(m *MintToken, cause error) error {
	e.changed = true
	var candidates []string
	_, err := e.poll(settleFor, func() (bool, error) {
		tokens, err := braintrust.Collect(e.client.ServiceTokens(e.ctx, braintrust.ServiceTokenFilter{Name: m.Name}))
		for _, token := range tokens {
			if token.ServiceAccountID == m.AccountID && token.Name == m.Name && !slices.Contains(m.Known, token.ID) {
				m.Orphans = append(m.Orphans, token.ID)
				candidates = append(candidates, fmt.Sprintf("%s (created %s)", token.ID, token.Created.UTC().Format(time.RFC3339)))
			}
		}
		return len(candidates) > 0, err
	})
	switch {
	case err != nil:
		return fmt.Errorf("%w; the service tokens could not be listed to look for it: %w", cause, err)
	case len(candidates) == 0:
		return fmt.Errorf("%w; no new token %q of %s is listed, so none seems to have been made", cause, m.Name, m.Account)
	}
	return &OrphanError{Name: m.Name, Account: m.Account, Tokens: candidates, Err: cause}
}

// OrphanError says that a token may have been minted whose secret nobody has.
type OrphanError struct {
	Name, Account string
	Tokens        []string // ids with their times
	Err           error
}

// Error names the tokens.
func (e *OrphanError) Error() string {
	whose := "whose secret nobody has"
	if len(e.Tokens) > 1 {
		whose = "of one of which at most nobody has the secret"
	}
	return fmt.Sprintf("%v; new tokens named %q of %s, %s: %s", e.Err, e.Name, e.Account, whose, strings.Join(e.Tokens, ", "))
}

// Unwrap returns the cause.
func (e *OrphanError) Unwrap() error { return e.Err }

// Hint names the command that deletes an orphan.
func (e *OrphanError) Hint() string {
	id, _, _ := strings.Cut(e.Tokens[0], " ")
	if len(e.Tokens) > 1 {
		return "at most one of them is of this run: find out which one nobody uses, then delete it with btadmin service-tokens delete"
	}
	return "delete the orphan with btadmin service-tokens delete " + id + ", then create the token again; policy apply does both by itself"
}
