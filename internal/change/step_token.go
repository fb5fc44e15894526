package change

import (
	"errors"
	"fmt"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Sink is where a new secret goes. Prepare is called before anything is sent, and makes sure that Deliver
// can succeed (G15): the file can be written, the pipe is open.
type Sink interface {
	Prepare() error
	Deliver(secret braintrust.Secret) error
}

// minter is a step that can make a secret.
type minter interface {
	sink() Sink
	mints() bool
}

// tokensTarget is what all steps are about that mint tokens: the commands that take them are run one by one.
const tokensTarget = "tokens"

// MintToken makes a token of a service account. The secret goes to the Sink and nowhere else.
type MintToken struct {
	AccountID string // may be a placeholder
	Account   string // its name, for people
	Name      string // of the token; need not be unique
	// Destination says where the secret goes, so that a saved plan can open its Sink again.
	Destination string                  `json:",omitzero"`
	Sink        Sink                    `json:"-"`
	Out         braintrust.ServiceToken `json:"-"`
	// Known are the ids of the tokens of that name before: the run notes them, so that an orphan can be told from them.
	Known []string `json:",omitempty"`
	// Orphans are the tokens that a lost answer may have left behind.
	Orphans []string  `json:"-"`
	before  namesakes // tokens
}

// Lines implements Step.
func (m *MintToken) Lines(Namer) []Line {
	return []Line{{Action: "create", Target: "service token " + m.Name, Detail: "for " + m.Account}}
}

func (m *MintToken) phase() phase                       { return phaseAdd }
func (m *MintToken) size() int                          { return 1 }
func (m *MintToken) needs(braintrust.Organization) need { return need{} }
func (m *MintToken) apply(*access.State)                {}
func (m *MintToken) bind(ids map[string]string)         { m.AccountID = bound(ids, m.AccountID) }
func (m *MintToken) sink() Sink                         { return m.Sink }
func (m *MintToken) mints() bool                        { return true }
func (m *MintToken) uses() []string                     { return []string{m.AccountID} }
func (m *MintToken) target() string                     { return tokensTarget }

// prepare notes the tokens of that name, before the intent is written, and refuses to make one more than was planned. What
// may not be listed is not known.
func (m *MintToken) prepare(e *execution) error {
	tokens, err := braintrust.Collect(e.client.ServiceTokens(e.ctx, braintrust.ServiceTokenFilter{Name: m.Name}))
	if err != nil && !braintrust.IsForbidden(err) {
		return fmt.Errorf("list the service tokens: %w", err)
	}
	m.Known = nil
	var own []string
	for _, token := range tokens {
		m.Known = append(m.Known, token.ID)
		if token.ServiceAccountID == m.AccountID && token.Name == m.Name {
			own = append(own, token.ID)
		}
	}
	return m.before.refuse("token", m.Name, own)
}

func (m *MintToken) run(e *execution) error {
	minted, err := e.client.CreateServiceToken(e.ctx, braintrust.ServiceTokenCreate{
		Name: m.Name, ServiceAccountID: m.AccountID, OrgName: e.orgName(),
	})
	var lost *braintrust.LostAnswerError
	if errors.As(err, &lost) {
		return e.orphans(m, err)
	}
	if err != nil {
		return err
	}
	m.Out = minted.ServiceToken
	return m.orphaned(e.deliver(m.Sink, minted.Key, m.Name))
}

// orphaned names the token of which nobody has the secret, unless the sink says itself how to get rid of it.
func (m *MintToken) orphaned(err error) error {
	var hinter interface{ Hint() string }
	if err == nil || errors.As(err, &hinter) {
		return err
	}
	return &OrphanError{Name: m.Name, Account: m.Account, Tokens: []string{m.Out.ID}, Err: err}
}

// DeleteToken deletes a service token.
type DeleteToken struct {
	Token braintrust.ServiceToken
}

// Lines implements Step.
func (d *DeleteToken) Lines(Namer) []Line {
	return []Line{{Action: "delete", Target: "service token " + d.Token.Name, Detail: fmt.Sprintf("%s of %s", d.Token.PreviewName, d.Token.ServiceAccountName)}}
}

func (d *DeleteToken) phase() phase { return phaseDelete }
func (d *DeleteToken) size() int    { return 1 }
func (d *DeleteToken) needs(org braintrust.Organization) need {
	return need{wish: lossNeed(org), caller: true} // is it the last one of an owner?
}
func (d *DeleteToken) apply(*access.State)    {}
func (d *DeleteToken) bind(map[string]string) {}
func (d *DeleteToken) target() string         { return "" }

func (d *DeleteToken) run(e *execution) error {
	_, err := e.client.DeleteServiceToken(e.ctx, d.Token.ID)
	return e.deleted(err, func() error {
		_, err := e.client.ServiceToken(e.ctx, d.Token.ID)
		return err
	})
}

// DeleteAPIKey deletes a person's API key.
type DeleteAPIKey struct {
	Key braintrust.APIKey
}

// Lines implements Step.
func (d *DeleteAPIKey) Lines(Namer) []Line {
	return []Line{{Action: "delete", Target: "api key " + d.Key.Name, Detail: fmt.Sprintf("%s of %s", d.Key.PreviewName, d.Key.UserEmail)}}
}

func (d *DeleteAPIKey) phase() phase                       { return phaseDelete }
func (d *DeleteAPIKey) size() int                          { return 1 }
func (d *DeleteAPIKey) needs(braintrust.Organization) need { return need{caller: true} }
func (d *DeleteAPIKey) apply(*access.State)                {}
func (d *DeleteAPIKey) bind(map[string]string)             {}
func (d *DeleteAPIKey) target() string                     { return "" }

func (d *DeleteAPIKey) run(e *execution) error {
	_, err := e.client.DeleteAPIKey(e.ctx, d.Key.ID)
	return e.deleted(err, func() error {
		_, err := e.client.APIKey(e.ctx, d.Key.ID)
		return err
	})
}
