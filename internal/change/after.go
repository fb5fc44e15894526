package change

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// After is what an organization looks like once steps are carried out. What they make has placeholders for ids: IsNew
// gives its name.
func After(base *access.Snapshot, steps []Step) *access.Snapshot {
	state := access.NewState(base)
	ordered := ordered(steps)
	for _, step := range ordered {
		step.apply(state)
	}
	out := state.Snapshot(base)
	out.Tokens = tokensAfter(base.Tokens, ordered)
	return out
}

// tokensAfter are the tokens, and one for each new service account: that is what tells accounts from people.
func tokensAfter(tokens []braintrust.ServiceToken, steps []Step) []braintrust.ServiceToken {
	gone := map[string]bool{} // ids of tokens and of accounts
	var fresh []braintrust.ServiceToken
	for _, step := range steps {
		switch s := step.(type) {
		case *CreateServiceAccount:
			fresh = append(fresh, braintrust.ServiceToken{
				ID: New("token", s.Name), Name: s.TokenName, ServiceAccountID: New("user", s.Name), ServiceAccountName: s.Name,
			})
		case *MintToken:
			fresh = append(fresh, braintrust.ServiceToken{
				ID: New("token", s.Account+"/"+s.Name), Name: s.Name, ServiceAccountID: s.AccountID, ServiceAccountName: s.Account,
			})
		case *DeleteToken:
			gone[s.Token.ID] = true
		case *RemoveMembers:
			for _, u := range s.Users {
				gone[u.ID] = true
			}
		}
	}
	left := without(tokens, func(t braintrust.ServiceToken) bool { return gone[t.ID] || gone[t.ServiceAccountID] })
	return append(left, fresh...)
}
