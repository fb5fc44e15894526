package servicetokens

import (
	"context"

	"btadmin/internal/accounts"
	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/internal/tokensink"
	"btadmin/pkg/braintrust"
)

// minter is what creating and rotating have in common: a caller who may, and a place for the secret.
type minter struct {
	app      *app.App
	client   *braintrust.Client
	resolver *resolve.Resolver
	printer  *output.Printer
	caller   orgstate.Caller
	known    []braintrust.ServiceToken // before anything was minted
	step     *change.MintToken
	result   func(key string) minted
}

// openMinter finds out that the caller may mint, before anything is looked up or sent.
func openMinter(ctx context.Context, a *app.App, options tokensink.Options) (*minter, error) {
	p, err := a.Printer()
	if err != nil {
		return nil, err
	}
	if err := options.Check(); err != nil {
		return nil, err
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	caller, err := a.Caller(ctx)
	if err != nil {
		return nil, err
	}
	known, err := accounts.CheckMinter(ctx, r, caller, settings.AppURL())
	if err != nil {
		return nil, err
	}
	return &minter{app: a, client: client, resolver: r, printer: p, caller: caller, known: known}, nil
}

// sink makes the way of the secret.
func (m *minter) sink(options tokensink.Options) (*tokensink.Sink, error) {
	a := m.app
	return tokensink.New(tokensink.Config{
		Options: options, Streams: a.IO, Status: a.Status, Printer: m.printer, Remember: a.Remember,
		Query:    output.Options{JQ: a.Flags.JQ, Fields: a.Flags.Fields, CSVRaw: a.Flags.CSVRaw},
		Document: func(p *output.Printer, key string) error { return output.Object(p, mintedColumns(), m.result(key)) },
		Advice: func() string {
			return "nobody has its secret: btadmin service-tokens delete " + m.step.Out.ID + " --yes, then create it again"
		},
	})
}

// explain says what a lost answer left behind.
func (m *minter) explain(ctx context.Context, err error) error {
	minting := accounts.Minting{TokenName: m.step.Name, Account: m.step.Account, AccountID: m.step.AccountID, Known: m.known}
	return minting.Explain(ctx, m.client, err)
}

// print prints the result where it is data and the secret was not in it already.
func (m *minter) print(sink *tokensink.Sink) error {
	if sink.InDocument() || m.printer.Human() {
		return nil
	}
	return output.Object(m.printer, mintedColumns(), m.result(""))
}
