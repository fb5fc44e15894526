package reconcile

import (
	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/policy"
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
