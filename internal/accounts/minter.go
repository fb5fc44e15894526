package accounts

import (
	"context"
	"errors"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// SettingsPage is where the first service token of an organization is made.
func SettingsPage(appURL string) string {
	return strings.TrimRight(appURL, "/") + "/app/~/configuration/org/service-tokens"
}

// CheckMinter finds out before anything is sent that the caller may not mint tokens: only a service token
// with owner permissions may. A refusal in the middle would leave an account without a token behind. The
// errors carry exit code 2. The tokens that there are come back: a lost answer is compared with them.
func CheckMinter(ctx context.Context, r *resolve.Resolver, caller orgstate.Caller, appURL string) ([]braintrust.ServiceToken, error) {
	hint := "the first such token is made in the web application, Settings > Service tokens: " + SettingsPage(appURL) +
		" ; then btadmin auth login with it"
	if !caller.ServiceToken {
		return nil, exit.New(exit.Auth, errors.New("only a service token with organization-owner permissions may create service tokens, and this is a user's API key")).
			WithHint("%s", hint)
	}
	tokens, err := r.ServiceTokens(ctx)
	if braintrust.IsForbidden(err) {
		return nil, exit.New(exit.Auth, errors.New("only a service token with organization-owner permissions may create service tokens, and this one has none")).
			WithHint("%s", hint)
	}
	return tokens, err
}
