package reconcile

import (
	"slices"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/sink"
	"btadmin/pkg/braintrust"
)

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
	have, lost := c.received(a, t, have)
	why := "create token " + t.Name.Value
	if lost {
		why = "create token " + t.Name.Value + " again"
	}
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

// received splits off the tokens whose secret nobody received: they are as good as none. Those that a run has named are
// deleted once there is another one; what may be in somebody's hands is only told. What is in the place of the token is
// the newest of them, which have begins with.
func (c *comparison) received(a *policy.Account, t policy.Token, have []braintrust.ServiceToken) (good []braintrust.ServiceToken, lost bool) {
	for _, token := range have {
		loss, is := c.lost[token.ID]
		switch {
		case !is || loss.Doubtful && len(good) == 0 && c.options.Stored != nil && c.options.Stored(sink.Of(t)):
			good = append(good, token)
			continue
		case loss.Doubtful:
			c.report(KindToken, "service-account:"+a.Name.Value, "token "+t.Name.Value+" ("+token.ID+
				") may be one whose secret nobody has: run "+loss.Run+" ended while it was made, or could not tell which one it had made; if so: btadmin service-tokens delete "+token.ID, t.At)
		default:
			c.dropToken(a, token, "its secret was never handed over (run "+loss.Run+")")
		}
		lost = true
	}
	return good, lost
}

// findLost asks which tokens nobody has, when the document has tokens.
func (c *comparison) findLost() {
	managed := func(a *policy.Account) bool { return a.TokensManaged }
	if c.options.Lost != nil && slices.ContainsFunc(c.desired.Accounts, managed) {
		c.lost = c.options.Lost(c.view.Snapshot.Tokens)
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
