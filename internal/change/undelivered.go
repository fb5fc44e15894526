package change

import (
	"slices"
	"strings"
	"time"

	"btadmin/internal/change/journal"
	"btadmin/pkg/braintrust"
)

const (
	// mintWindow is for how long after its intent a run that was killed may have minted a token.
	mintWindow = 5 * time.Minute
	// clockSkew is how far the clocks of this machine and of the server may be apart.
	clockSkew = 2 * time.Minute
)

// Loss says why nobody may have the secret of a token that is there.
type Loss struct {
	Run string // that minted it
	// Doubtful says that this is likely and no more: the run was killed in between and may have handed the secret over,
	// or it could not find out which token it had made: one of several, if any.
	Doubtful bool
}

// Deliveries are what the journal of an organization knows of secrets that nobody received. A journal on another
// machine is not known here.
type Deliveries struct {
	lost      []lostMint
	delivered map[string]bool // ids of tokens
}

// lostMint is a token that was asked for, and of which the journal does not say that it was handed over.
type lostMint struct {
	run                string
	accountID, account string // an id, or a name where there was none yet
	name               string
	ids                []string // of the tokens, where the run found out
	known              []string // ids of the tokens of that name before
	from, to           time.Time
}

// ReadDeliveries reads the journal in a folder. What is damaged there is passed over.
func ReadDeliveries(dir string) (*Deliveries, error) {
	d := &Deliveries{delivered: map[string]bool{}}
	type key struct {
		run        string
		step, part int
	}
	open := map[key]lostMint{}
	var order []key
	err := journal.Read(dir, func(e journal.Entry, bad error) bool {
		at := key{e.Run, e.Step, e.Part}
		switch {
		case bad != nil:
		case e.Type == journal.Intent:
			if m, mints := mintOf(e); mints {
				open[at], order = m, append(order, at)
			}
		case e.Type == journal.Outcome:
			m, waiting := open[at]
			if !waiting {
				return true
			}
			if m, waiting = m.failed(e); waiting {
				open[at] = m
				return true
			}
			delete(open, at)
			if e.Result == "confirmed" {
				d.note(e)
			}
		}
		return true
	})
	for _, at := range order {
		if m, still := open[at]; still {
			d.lost = append(d.lost, m)
		}
	}
	return d, err
}

// note remembers the tokens that were handed over.
func (d *Deliveries) note(e journal.Entry) {
	for _, made := range e.Made {
		d.delivered[made.ID] = true
	}
}

// mintOf is what an intent wants to mint, if it does.
func mintOf(e journal.Entry) (m lostMint, mints bool) {
	if e.Action != "MintToken" && e.Action != "CreateServiceAccount" {
		return m, false
	}
	step, err := decodeStep(typed{Type: e.Action, Step: e.Change})
	if err != nil { // of another version
		return m, false
	}
	m = lostMint{run: e.Run, from: e.Time.Add(-clockSkew), to: e.Time.Add(mintWindow + clockSkew)}
	switch s := step.(type) {
	case *MintToken:
		m.accountID, m.account, m.name, m.known = s.AccountID, s.Account, s.Name, s.Known
	case *CreateServiceAccount:
		m.account, m.name = s.Name, s.TokenName
	}
	return m, m.name != ""
}

// failed is the same with a failure: nobody has the secret. It is false when nothing was minted, or all is well.
func (m lostMint) failed(e journal.Entry) (lostMint, bool) {
	m.to, m.ids = e.Time.Add(clockSkew), nil
	for _, made := range e.Made {
		if strings.HasPrefix(made.Placeholder, New("token", "")) {
			m.ids = append(m.ids, made.ID)
		}
	}
	return m, e.Result != "confirmed" && (e.Maybe || len(m.ids) > 0)
}

// Lost picks the tokens of which nobody has the secret, by their ids: the one that a run has named. One of several is
// doubtful: a run mints one. A run that has named none is likely to have made the one of its account and name that was not
// there before and was made at that time.
func (d *Deliveries) Lost(tokens []braintrust.ServiceToken) map[string]Loss {
	out := map[string]Loss{}
	if d == nil {
		return out
	}
	for _, m := range d.lost {
		for _, id := range m.among(tokens, d.delivered) {
			if before, there := out[id]; !there || before.Doubtful {
				out[id] = Loss{Run: m.run, Doubtful: len(m.ids) != 1}
			}
		}
	}
	return out
}

func (m lostMint) among(tokens []braintrust.ServiceToken, delivered map[string]bool) []string {
	var ids []string
	for _, t := range tokens {
		switch {
		case delivered[t.ID]:
		case len(m.ids) > 0:
			if slices.Contains(m.ids, t.ID) {
				ids = append(ids, t.ID)
			}
		case t.Name == m.name && m.of(t) && !slices.Contains(m.known, t.ID) && t.Created.After(m.from) && t.Created.Before(m.to):
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// of reports whether a token is of the account.
func (m lostMint) of(t braintrust.ServiceToken) bool {
	if m.accountID != "" {
		return t.ServiceAccountID == m.accountID
	}
	return t.ServiceAccountName == m.account
}
