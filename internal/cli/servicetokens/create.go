package servicetokens

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/accounts"
	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/tokensink"
)

type createOptions struct {
	accounts.Options
	name string
	sink tokensink.Options
}

func newCreate(a *app.App) *cobra.Command {
	var opts createOptions
	cmd := &cobra.Command{
		Use:   "create ACCOUNT",
		Short: "mint a token for a service account, which is created if needed",
		Long: `Mint a service token. An account that does not exist is created first; --group and the permission flags assign
what it may do before the token exists, also to an account that exists already. The token is called like the
account unless --name says otherwise; names need not be unique.

Without an account on a terminal, its name is asked for, and for a new one its groups and permissions.

The token is shown once: alone on standard output, so that a script can take it; with --json as the field key
of the result; or in a file that only you can read, with --out or --env-file. In GitHub Actions it is masked
first.

Only a service token with owner permissions may mint tokens. The first one of an organization is made in the
web application, Settings > Service tokens. A hybrid data plane needs a token of its own: see the last example.`,
		Example: `  TOKEN=$(btadmin service-tokens create ci)
  btadmin service-tokens create reporter --name nightly --project 'Chatbot=read' --out reporter.token
  btadmin service-tokens create ci --group Engineers --env-file .env --env-name BRAINTRUST_API_KEY
  btadmin service-tokens create ci --json --jq .key
  btadmin service-tokens create data-plane --group Owners --out data-plane.token`,
		Args: tree.Args("[ACCOUNT]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runCreate(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.name, "name", "", "the name of the token (default: the name of the account)")
	opts.Options.Bind(fs)
	opts.sink.Bind(fs)
	return cmd
}

func runCreate(ctx context.Context, a *app.App, args []string, opts createOptions) error {
	if len(args) == 0 && !a.Prompt.CanPrompt() {
		return exit.BadInputf("missing argument ACCOUNT").WithHint("usage: btadmin service-tokens create ACCOUNT [flags]")
	}
	m, err := openMinter(ctx, a, opts.sink)
	if err != nil {
		return err
	}
	typed, err := accountArgument(ctx, a, args)
	if err != nil {
		return err
	}
	if len(args) == 0 && opts.Empty() {
		if err := m.askAssignment(ctx, typed, &opts.Options); err != nil {
			return err
		}
	}
	steps, fresh, err := m.createSteps(ctx, typed, opts)
	if err != nil {
		return err
	}
	m.result = func(key string) minted {
		out := minted{row: rowOf(m.step.Out), AccountCreated: fresh != nil, Key: key}
		if out.ServiceAccountName == "" { // servers may leave it out of this answer
			out.ServiceAccountName = m.step.Account
		}
		return out
	}
	sink, err := m.sink(opts.sink)
	if err != nil {
		return err
	}
	defer sink.Close()
	m.step.Sink = sink
	done, err := a.Mutate(ctx, app.Change{Steps: steps, Title: "Creating service token " + m.step.Name})
	if err != nil {
		return m.explain(ctx, err)
	}
	if done == nil {
		return nil
	}
	if fresh != nil {
		a.Status.Done("Created service account %s (%s)", fresh.Name, fresh.Out.ID)
	}
	a.Status.Done("Created service token %s of %s (%s)", m.step.Name, m.step.Account, m.step.Out.ID)
	return m.print(sink)
}

func accountArgument(ctx context.Context, a *app.App, args []string) (string, error) {
	if len(args) > 0 {
		if strings.TrimSpace(args[0]) == "" {
			return "", exit.BadInputf("the service account has an empty name")
		}
		return args[0], nil
	}
	return a.Prompt.WithContext(ctx).Input("Service account, an existing or a new one", "", func(s string) error {
		if strings.TrimSpace(s) == "" {
			return errors.New("a name is needed")
		}
		return nil
	})
}

// askAssignment asks for the groups and the permissions of an account that is to be made. One that exists keeps
// what it has.
func (m *minter) askAssignment(ctx context.Context, typed string, options *accounts.Options) error {
	name, _ := strings.CutPrefix(typed, "sa:")
	_, exists, err := accounts.Named(ctx, m.resolver, name)
	if err != nil || exists {
		return err
	}
	return options.Ask(ctx, m.app.Prompt.WithContext(ctx), m.resolver)
}

// createSteps plans the account (when there is none yet), what it may do, and last the token, so that the
// token is not out before everything else is in place. fresh is nil for an account that exists.
func (m *minter) createSteps(ctx context.Context, typed string, opts createOptions) (steps []change.Step, fresh *change.CreateServiceAccount, err error) {
	name, _ := strings.CutPrefix(typed, "sa:")
	account, exists, err := accounts.Named(ctx, m.resolver, name)
	if err != nil {
		return nil, nil, err
	}
	id := change.New("user", name)
	if exists {
		id, name = account.User.ID, account.Name
	}
	assignment, err := opts.Resolve(ctx, m.resolver, id)
	if err != nil {
		return nil, nil, err
	}
	for _, note := range assignment.Notes {
		m.app.Status.Note("%s", note)
	}
	if exists {
		steps = assignment.Join(id)
	} else {
		fresh = &change.CreateServiceAccount{Name: name, Groups: assignment.Groups}
		steps = []change.Step{fresh}
	}
	token := opts.name
	if token == "" {
		token = name
	}
	m.step = &change.MintToken{AccountID: id, Account: name, Name: token}
	steps = append(steps, assignment.Grants()...)
	return append(steps, m.step), fresh, nil
}
