package reconcile

import (
	"slices"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/policy"
	"btadmin/internal/policy/sink"
	"btadmin/pkg/braintrust"
)

// accounts compares service accounts and their tokens. Their groups are members of those groups, see members.
func (c *comparison) accounts() {
	for _, a := range c.desired.Accounts {
		id, there := c.index.accounts[a.Name.Value]
		if c.index.several[a.Name.Value] {
			c.problems.Errorf(a.At, "several service accounts are called %q", a.Name.Value)
			continue
		}
		switch {
		case a.Removed && there:
			c.leave(*c.index.users[id], "state: removed", a.At)
			continue
		case a.Removed:
			continue
		case !there:
			id = change.New("user", a.Name.Value)
			c.index.accounts[a.Name.Value] = id
			c.index.users[id] = &braintrust.User{ID: id, GivenName: a.Name.Value}
			c.creates = append(c.creates, &change.CreateServiceAccount{Name: a.Name.Value})
			c.differ(Difference{Kind: KindAccount, Action: ActionCreate, Subject: "service-account:" + a.Name.Value, Detail: "create", At: a.At})
		}
		if a.TokensManaged {
			c.tokens(a, id, there)
		}
	}
}

// tokens compares the tokens of one account by name.
func (c *comparison) tokens(a *policy.Account, id string, there bool) {
	if there && !c.view.Snapshot.TokensKnown {
		c.problems.Errorf(a.At, "the tokens of %s cannot be compared: this key may not list service tokens", a.Name.Value).
			WithHint("use a service token of an owner")
		return
	}
	named := map[string]bool{}
	for _, t := range a.Tokens {
		named[t.Name.Value] = true
		c.token(a, id, t, c.tokensOf(id, t.Name.Value))
	}
	for _, t := range c.view.Snapshot.Tokens {
		if t.ServiceAccountID == id && !named[t.Name] { // somebody may work with it: only state: removed deletes one
			c.report(KindToken, "service-account:"+a.Name.Value, "token "+t.Name+" is not in the document", a.At)
		}
	}
}

// tokensOf are the tokens of one name, the newest first.
func (c *comparison) tokensOf(account, name string) []braintrust.ServiceToken {
	var out []braintrust.ServiceToken
	for _, t := range c.view.Snapshot.Tokens {
		if t.ServiceAccountID == account && t.Name == name {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(x, y braintrust.ServiceToken) int { return y.Created.Compare(x.Created) })
	return out
}

// token mints what is missing or old, and deletes what a rotation has left behind once both have been good for the
// overlap.
func (c *comparison) token(a *policy.Account, id string, t policy.Token, have []braintrust.ServiceToken) {
	now := c.options.Now
	if t.Removed {
		for _, old := range have {
			c.dropToken(a, old, "state: removed")
		}
		return
	}
	why := "create token " + t.Name.Value
	old := len(have) > 0 && t.Rotate.Known() && now.Sub(have[0].Created) >= t.Rotate.Value
	if old {
		why = "rotate token " + t.Name.Value + ", made " + have[0].Created.Format(time.DateOnly)
	}
	if len(have) == 0 || old {
		c.mint(a, id, t, why)
		return // what is there now stays for the overlap
	}
	if !t.Rotate.Known() {
		return // several tokens of one name are allowed
	}
	for _, left := range have[1:] {
		if now.Sub(have[0].Created) >= t.Overlap.Value {
			c.dropToken(a, left, "rotated")
		}
	}
	if t.Expires.Known() && now.Sub(have[0].Created) >= t.Expires.Value {
		c.warn(t.At, "the token %s of %s is past its %s", t.Name.Value, a.Name.Value, t.Expires.Text)
	}
}

func (c *comparison) mint(a *policy.Account, id string, t policy.Token, why string) {
	where := sink.Of(t)
	step := &change.MintToken{AccountID: id, Account: a.Name.Value, Name: t.Name.Value, Destination: where.Encode()}
	if c.options.Sink != nil {
		step.Sink = c.options.Sink(where)
	}
	c.creates = append(c.creates, step)
	c.differ(Difference{Kind: KindToken, Action: ActionCreate, Subject: "service-account:" + a.Name.Value, Detail: why + ", into " + where.String(), At: t.At})
}

func (c *comparison) dropToken(a *policy.Account, t braintrust.ServiceToken, why string) {
	c.limits.prune(t.ID)
	c.deletes = append(c.deletes, &change.DeleteToken{Token: t})
	c.differ(Difference{Kind: KindToken, Action: ActionDelete, Subject: "service-account:" + a.Name.Value, Detail: "token " + t.Name + ": " + why, At: a.At})
}

func (c *comparison) unlistedAccounts() {
	listed := map[string]bool{}
	for _, a := range c.desired.Accounts {
		listed[a.Name.Value] = true
	}
	extra := false
	for _, m := range c.view.Members.All {
		if m.Kind != orgstate.ServiceAccount || listed[m.Name] || policy.Any(c.desired.Manage.Ignore.ServiceAccounts, m.Name) {
			continue
		}
		extra = true
		if !c.desired.Manage.Prune {
			c.report(KindAccount, "service-account:"+m.Name, "is not in the document (prune: true would delete it)", c.desired.Manage.At)
			continue
		}
		c.leave(m.User, "not in the document", c.desired.Manage.At)
	}
	c.limits.emptied("service_accounts", len(c.desired.Accounts) == 0 && extra)
}
