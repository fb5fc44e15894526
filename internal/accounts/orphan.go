package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// Minting is what a run wanted to make, for finding out what a lost answer left behind.
type Minting struct {
	TokenName string
	Account   string // its name
	AccountID string // "" when the account was to be made by the same request
	Known     []braintrust.ServiceToken
}

// Explain adds to an error what became of a token whose answer was lost: tokens of that name which were not
// there before are orphans, because nobody has their secret. Other errors come back as they are.
func (m Minting) Explain(ctx context.Context, client *braintrust.Client, err error) error {
	var lost *braintrust.LostAnswerError
	var partial *change.PartialError
	if !errors.As(err, &lost) || !errors.As(err, &partial) {
		return err
	}
	orphans, lookErr := m.orphans(ctx, client)
	out := *partial
	switch {
	case lookErr != nil:
		out.Err = fmt.Errorf("%w; the service tokens could not be listed to look for it: %w", lost, lookErr)
		out.Advice = "look for a new token " + m.TokenName + ": btadmin service-tokens list"
	case len(orphans) == 0:
		out.Err = fmt.Errorf("%w; no new token %q of %s is listed", lost, m.TokenName, m.Account)
		out.Advice = "look again in a minute: btadmin service-tokens list; then repeat the command"
	case len(orphans) > 1: // somebody else has made the others
		out.Err = fmt.Errorf("%w; of these new tokens at most one is of this run, and nobody has its secret: %s", lost, describe(orphans))
		out.Advice = "find out which one nobody uses, delete it with btadmin service-tokens delete, then create the token again"
	default:
		out.Err = fmt.Errorf("%w; it was made, and nobody has its secret: %s", lost, describe(orphans))
		out.Advice = "delete it, then create the token again: btadmin service-tokens delete " + orphans[0].ID + " --yes"
	}
	return &out
}

func (m Minting) orphans(ctx context.Context, client *braintrust.Client) ([]braintrust.ServiceToken, error) {
	tokens, err := braintrust.Collect(client.ServiceTokens(ctx, braintrust.ServiceTokenFilter{Name: m.TokenName}))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(tokens, func(t braintrust.ServiceToken) bool {
		return t.Name != m.TokenName || !m.belongs(t) ||
			slices.ContainsFunc(m.Known, func(known braintrust.ServiceToken) bool { return known.ID == t.ID })
	}), nil
}

func (m Minting) belongs(t braintrust.ServiceToken) bool {
	if m.AccountID == "" {
		return t.ServiceAccountName == m.Account
	}
	return t.ServiceAccountID == m.AccountID
}

func describe(tokens []braintrust.ServiceToken) string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = fmt.Sprintf("%s (created %s)", t.ID, t.Created.UTC().Format(time.RFC3339))
	}
	return strings.Join(out, ", ")
}
