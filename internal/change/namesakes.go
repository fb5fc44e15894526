package change

import (
	"fmt"
	"slices"

	"btadmin/internal/exit"
	"btadmin/pkg/access"
)

// repeatable is a step that the server would carry out a second time, because what it makes has no name of its own. since
// gives it the organization that the plan was made from, so that it can tell what has been made in the meantime (D12).
type repeatable interface{ since(base *access.Snapshot) }

// namesakes are the ids of what bore a name when a plan was made; nil: that is not known.
type namesakes map[string]bool

// refuse is the error when there is one more among ids.
func (n namesakes) refuse(what, name string, ids []string) error {
	if n == nil || !slices.ContainsFunc(ids, func(id string) bool { return !n[id] }) {
		return nil
	}
	return exit.New(exit.Refused, fmt.Errorf("somebody else has made a %s named %q since the plan was made", what, name)).WithHint(planAnew)
}

func (c *CreateServiceAccount) since(base *access.Snapshot) {
	c.before = namesakes{}
	for _, u := range base.Users {
		if u.GivenName == c.Name {
			c.before[u.ID] = true
		}
	}
}

func (m *MintToken) since(base *access.Snapshot) {
	if !base.TokensKnown {
		return
	}
	m.before = namesakes{}
	for _, t := range base.Tokens {
		if t.Name == m.Name {
			m.before[t.ID] = true
		}
	}
}
