package change

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// CreateServiceAccount makes a service account, puts it into groups and, with a TokenName, asks for its
// first token. Out is the new user; the secret goes to the Sink and nowhere else.
type CreateServiceAccount struct {
	Name      string
	Groups    []braintrust.Group
	TokenName string
	// Destination says in words where the secret goes: what a saved plan keeps of the Sink.
	Destination string               `json:",omitzero"`
	Sink        Sink                 `json:"-"`
	Out         braintrust.AddedUser `json:"-"`
	before      namesakes            // users
}

// Lines implements Step.
func (c *CreateServiceAccount) Lines(Namer) []Line {
	lines := []Line{{Action: "create", Target: "service account " + c.Name}}
	for _, g := range c.Groups {
		lines = append(lines, Line{Action: "add", Target: "group " + g.Name, Detail: "member " + c.Name})
	}
	if c.TokenName != "" {
		lines = append(lines, Line{Action: "create", Target: "service token " + c.TokenName, Detail: "for " + c.Name})
	}
	return lines
}

func (c *CreateServiceAccount) phase() phase { return phaseCreate }
func (c *CreateServiceAccount) size() int    { return 1 }

func (c *CreateServiceAccount) needs(org braintrust.Organization) need {
	if len(c.Groups) == 0 {
		return need{}
	}
	return joinNeed(org, c.Groups, nil)
}

func (c *CreateServiceAccount) apply(s *access.State) {
	id := New("user", c.Name)
	s.PutUser(braintrust.User{ID: id, GivenName: c.Name})
	for _, g := range c.Groups {
		s.AddMember(g.ID, id)
	}
}

func (c *CreateServiceAccount) bind(ids map[string]string) { c.Groups = boundGroups(ids, c.Groups) }

func (c *CreateServiceAccount) sink() Sink      { return c.Sink }
func (c *CreateServiceAccount) mints() bool     { return c.TokenName != "" }
func (c *CreateServiceAccount) target() string  { return membersTarget }
func (c *CreateServiceAccount) uses() []string  { return groupIDs(c.Groups) }
func (c *CreateServiceAccount) makes() []string { return []string{New("user", c.Name)} }

func (c *CreateServiceAccount) run(e *execution) error {
	invitation := braintrust.Invitation{
		ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: c.Name, TokenName: c.TokenName}},
	}
	for _, g := range c.Groups {
		invitation.GroupIDs = append(invitation.GroupIDs, g.ID)
	}
	before, err := c.named(e)
	if err != nil {
		return e.unsent(fmt.Errorf("list the members named %s: %w", c.Name, err))
	}
	there := make([]string, len(before))
	for i, user := range before {
		there[i] = user.ID
	}
	if err := c.before.refuse("member", c.Name, there); err != nil {
		return e.unsent(err)
	}
	if err := c.ask(e, invitation, before); err != nil {
		return err
	}
	if c.TokenName == "" {
		return nil
	}
	if c.Out.APIKey.IsZero() {
		return e.unprovenAnswer("the service account " + c.Name + " was created, but the answer has no token")
	}
	return e.deliver(c.Sink, c.Out.APIKey, c.TokenName)
}

// ask asks for the account, and looks what became of it when the answer is lost. Names need not be unique, so the client
// does not repeat the request. It is repeated here when the account does not show for longer than reads lag behind, and
// nothing says that the server may still be at it.
func (c *CreateServiceAccount) ask(e *execution, invitation braintrust.Invitation, before []braintrust.User) error {
	for attempt := 1; ; attempt++ {
		result, err := e.client.UpdateMembers(e.ctx, braintrust.MembersPatch{Invite: &invitation, OrgName: e.orgName()})
		switch {
		case err == nil && len(result.AddedUsers) == 1:
			c.Out = result.AddedUsers[0]
			return nil
		case err == nil: // the answer need not list accounts without a token
			return e.verify("service account "+c.Name, func() (bool, error) { return c.find(e, before) })
		case untouched(err) || c.TokenName != "" || len(c.Groups) > 0:
			return err
		}
		e.changed = true
		found, lookErr := e.poll(settleFor, func() (bool, error) { return c.find(e, before) })
		switch {
		case lookErr != nil:
			return errors.Join(err, fmt.Errorf("look what became of it: %w", lookErr))
		case found:
			return nil
		case e.stopping.Err() != nil || attempt == mostRounds || e.client.Exhausted() || !braintrust.IsTransient(err) || underWay(err):
			return err
		}
	}
}

// underWay reports whether a server may still be carrying out a request that failed with err.
func underWay(err error) bool {
	var api *braintrust.APIError
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &api) && api.Status == http.StatusGatewayTimeout
}

// named are the users who bear the account's name.
func (c *CreateServiceAccount) named(e *execution) ([]braintrust.User, error) {
	return braintrust.Collect(e.client.Users(e.ctx, braintrust.UserFilter{GivenNames: []string{c.Name}}))
}

// find looks for the new user of the account's name.
func (c *CreateServiceAccount) find(e *execution, before []braintrust.User) (bool, error) {
	now, err := c.named(e)
	for _, user := range now {
		if !slices.ContainsFunc(before, func(old braintrust.User) bool { return old.ID == user.ID }) {
			c.Out = braintrust.AddedUser{ID: user.ID, Email: user.Email}
			return true, nil
		}
	}
	return false, err
}
