package serviceaccounts

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/holdings"
	"btadmin/internal/output"
)

// detail is one service account with what it has.
type detail struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Kind    string    `json:"kind"`
	Created time.Time `json:"created,omitzero"`
	*holdings.Holdings
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view ACCOUNT",
		Aliases: []string{"get", "show"},
		Short:   "show one service account with groups, direct grants and tokens",
		Example: `  btadmin service-accounts view ci
  btadmin service-accounts view ci --jq '.service_tokens[].name'`,
		Args: tree.Args("ACCOUNT"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	account, err := r.ServiceAccount(ctx, typed)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	held, err := holdings.Load(ctx, client, r, account.User.ID)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	u := account.User
	return output.Object(p, detailColumns(a.Now()), detail{
		ID: u.ID, Name: account.Name, Email: u.Email, Kind: string(account.Kind), Created: u.Created, Holdings: held,
	})
}

func detailColumns(now time.Time) []output.Column[detail] {
	return []output.Column[detail]{
		{Field: "name", Header: "NAME", Text: func(d detail) string { return d.Name }},
		{Field: "id", Header: "ID", Text: func(d detail) string { return d.ID }},
		{Field: "email", Header: "EMAIL", Text: func(d detail) string { return d.Email }},
		{Field: "kind", Header: "KIND", Text: func(d detail) string { return d.Kind }},
		{
			Field: "created", Header: "CREATED",
			Text: func(d detail) string { return output.RelTime(now, d.Created) },
			Raw:  func(d detail) string { return output.Time(d.Created) },
		},
		{Field: "groups", Header: "GROUPS", Text: func(d detail) string { return d.GroupWords() }},
		{Field: "grants", Header: "DIRECT GRANTS", Text: func(d detail) string { return d.GrantWords() }},
		{Field: "service_tokens", Header: "TOKENS", Text: func(d detail) string { return d.TokenWords() }},
	}
}
