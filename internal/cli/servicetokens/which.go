package servicetokens

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// tokenToRotate finds the one token that somebody means by its id, its name, ACCOUNT/NAME, or by the account
// that has only one. Where several readings name something real, that is an ambiguity.
func tokenToRotate(ctx context.Context, r *resolve.Resolver, all []braintrust.ServiceToken, typed string) (braintrust.ServiceToken, error) {
	name, isAccount := strings.CutPrefix(typed, "sa:")
	var found []braintrust.ServiceToken
	for _, t := range all {
		byToken := !isAccount && (strings.EqualFold(t.ID, name) || t.Name == name || t.ServiceAccountName+"/"+t.Name == name)
		byAccount := strings.EqualFold(t.ServiceAccountID, name) || t.ServiceAccountName == name || t.ServiceAccountEmail == name
		if byToken || byAccount && name != "" {
			found = append(found, t)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		lines := make([]string, len(found))
		for i, t := range found {
			lines[i] = fmt.Sprintf("%s (%s/%s)", t.ID, t.ServiceAccountName, t.Name)
		}
		sort.Strings(lines)
		return braintrust.ServiceToken{}, exit.BadInputf("%q means several tokens: %s", typed, strings.Join(lines, "; ")).
			WithHint("use the id, or ACCOUNT/NAME")
	}
	if account, err := r.ServiceAccount(ctx, name); err == nil {
		return braintrust.ServiceToken{}, exit.BadInputf("service account %q has no token to rotate", account.Name).
			WithHint("%s makes its first one", text.ShellLine("btadmin", "service-tokens", "create", account.Name))
	}
	_, err := r.ServiceToken(ctx, typed) // an error with the nearest names
	if err == nil {
		err = exit.BadInputf("no service token %q", typed)
	}
	return braintrust.ServiceToken{}, err
}
