package serviceaccounts

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/accounts"
	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/tokensink"
	"btadmin/pkg/braintrust"
)

type createOptions struct {
	accounts.Options
	tokenName string
	sink      tokensink.Options
}

func newCreate(a *app.App) *cobra.Command {
	var opts createOptions
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "create a service account with its groups and permissions",
		Long: `Create a service account, put it into groups, grant it permissions of its own, and with --token-name mint its
first token. The token is shown once: alone on standard output, or written to a file.

Whoever may add members may create an account; minting needs a service token with owner permissions. The
server allows several accounts of one name, but then nothing can be said about either by name: a second one
is refused.

Without a name on a terminal, the name, the groups and the permissions are asked for.`,
		Example: `  btadmin service-accounts create ci --group Engineers
  btadmin service-accounts create reporter --project 'Chatbot=read' --project-objects 'Chatbot/logs=read'
  TOKEN=$(btadmin service-accounts create ci --group Engineers --token-name ci)
  btadmin service-accounts create data-plane --group Owners --token-name data-plane --out data-plane.token`,
		Args: tree.Args("[NAME]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runCreate(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	opts.Options.Bind(fs)
	fs.StringVar(&opts.tokenName, "token-name", "", "mint a first token of this name")
	opts.sink.Bind(fs)
	return cmd
}

// created is a new account. Fields are added, never renamed.
type created struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Email     string   `json:"email"`
	Groups    []string `json:"groups"`
	TokenName string   `json:"token_name,omitempty"`
	Key       string   `json:"key,omitempty"` // the secret, only here and only once
}

func createdColumns() []output.Column[created] {
	return []output.Column[created]{
		{Field: "name", Header: "NAME", Text: func(c created) string { return c.Name }},
		{Field: "id", Header: "ID", Text: func(c created) string { return c.ID }},
		{Field: "token_name", Header: "TOKEN", Text: func(c created) string { return c.TokenName }},
		{Field: "key", Header: "KEY", Text: func(c created) string { return c.Key }},
	}
}

func runCreate(ctx context.Context, a *app.App, args []string, opts createOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.tokenName == "" && !opts.sink.Empty() {
		return exit.BadInputf("--out and --env-file are for the token: give --token-name too")
	}
	name, err := nameOf(ctx, a, args)
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	if err := refuseNamesake(ctx, r, name); err != nil {
		return err
	}
	if len(args) == 0 && opts.Empty() {
		if err := opts.Ask(ctx, a.Prompt.WithContext(ctx), r); err != nil {
			return err
		}
	}
	step := &change.CreateServiceAccount{Name: name, TokenName: opts.tokenName}
	minting := accounts.Minting{TokenName: opts.tokenName, Account: name}
	result := func(key string) created {
		names := make([]string, len(step.Groups))
		for i, g := range step.Groups {
			names[i] = g.Name
		}
		return created{ID: step.Out.ID, Name: name, Email: step.Out.Email, Groups: names, TokenName: opts.tokenName, Key: key}
	}
	var sink *tokensink.Sink
	if opts.tokenName != "" {
		if sink, minting.Known, err = openSink(ctx, a, p, opts.sink, result, step); err != nil {
			return err
		}
		defer sink.Close()
		step.Sink = sink
	}
	assignment, err := opts.Resolve(ctx, r, change.New("user", name))
	if err != nil {
		return err
	}
	for _, note := range assignment.Notes {
		a.Status.Note("%s", note)
	}
	step.Groups = assignment.Groups
	steps := append([]change.Step{step}, assignment.Grants()...)
	done, err := a.Mutate(ctx, app.Change{Steps: steps, Title: "Creating service account " + name})
	if err != nil {
		client, clientErr := a.Client(ctx)
		if clientErr != nil {
			return err
		}
		return minting.Explain(ctx, client, err)
	}
	if done == nil {
		return nil
	}
	a.Status.Done("Created service account %s (%s)", name, step.Out.ID)
	if sink != nil && sink.InDocument() || p.Human() {
		return nil
	}
	return output.Object(p, createdColumns(), result(""))
}

// openSink makes the way of the secret, once the caller is known to be allowed to mint one.
func openSink(ctx context.Context, a *app.App, p *output.Printer, options tokensink.Options, result func(string) created, step *change.CreateServiceAccount) (*tokensink.Sink, []braintrust.ServiceToken, error) {
	if err := options.Check(); err != nil {
		return nil, nil, err
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, nil, err
	}
	caller, err := a.Caller(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, nil, err
	}
	known, err := accounts.CheckMinter(ctx, r, caller, settings.AppURL())
	if err != nil {
		return nil, nil, err
	}
	sink, err := tokensink.New(tokensink.Config{
		Options: options, Streams: a.IO, Status: a.Status, Printer: p, Remember: a.Remember,
		Query:    output.Options{JQ: a.Flags.JQ, Fields: a.Flags.Fields, CSVRaw: a.Flags.CSVRaw},
		Document: func(p *output.Printer, key string) error { return output.Object(p, createdColumns(), result(key)) },
		Advice: func() string {
			return "delete the account and create it again: btadmin service-accounts delete " + step.Out.ID
		},
	})
	return sink, known, err
}
