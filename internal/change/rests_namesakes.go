package change

// namesakes notes what is there of the names of accounts and tokens that a plan makes. Their names need not be unique, so
// that the server would make them once more when the plan is carried out a second time.
func (v *view) namesakes(note func(what, called string, ids []string)) {
	accounts := map[string][]string{}
	for _, step := range v.steps {
		switch s := step.(type) {
		case *CreateServiceAccount:
			accounts[s.Name] = nil
		case *MintToken:
			if _, isNew := IsNew(s.AccountID); !isNew { // that of a new account is as new
				note("tokens:"+s.AccountID+":"+s.Name, "the tokens "+s.Name+" of "+s.Account, v.tokensNamed(s.AccountID, s.Name))
			}
		}
	}
	if len(accounts) == 0 {
		return
	}
	for _, id := range v.before.Users() {
		u, _ := v.before.User(id)
		if there, asked := accounts[u.GivenName]; asked {
			accounts[u.GivenName] = append(there, id)
		}
	}
	for name, ids := range accounts {
		note("accounts:"+name, "the service accounts named "+name, ids)
	}
}

// tokensNamed are the tokens of one account and name.
func (v *view) tokensNamed(account, name string) []string {
	var ids []string
	for _, t := range v.tokens {
		if t.ServiceAccountID == account && t.Name == name {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
