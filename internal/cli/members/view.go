package members

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/holdings"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
)

// detail is one member with what he has.
type detail struct {
	row
	*holdings.Holdings
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view MEMBER",
		Aliases: []string{"get", "show"},
		Short:   "show one member with groups, direct grants and tokens",
		Long: `Show one member: the groups whose permissions he receives, directly or through a nested group; the grants
that are his own and stay when he leaves every group; his service tokens and API keys, without secrets.

A member is an e-mail, a full name, sa:NAME or an id. Lists that this key may not read are named under
unreadable.`,
		Example: `  btadmin members view ana@example.com
  btadmin members view sa:ci
  btadmin members view ana@example.com --jq '.groups[] | select(.direct) | .group_name'`,
		Args: tree.Args("MEMBER"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	user, err := find(ctx, r, typed)
	if err != nil {
		return err
	}
	members, err := r.Members(ctx)
	if err != nil {
		return err
	}
	member, known := members.ByID(user.ID)
	if !known {
		member = orgstate.Member{User: user, Kind: orgstate.Unknown}
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	held, err := holdings.Load(ctx, client, r, user.ID)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	lines := []output.Column[detail]{}
	for _, c := range columns(a.Now()) {
		lines = append(lines, output.Column[detail]{
			Field: c.Field, Header: c.Header,
			Text: func(d detail) string { return c.Text(d.row) },
			Raw:  rawOf(c),
		})
	}
	lines = append(lines,
		output.Column[detail]{Field: "groups", Header: "GROUPS", Text: func(d detail) string { return d.GroupWords() }},
		output.Column[detail]{Field: "grants", Header: "DIRECT GRANTS", Text: func(d detail) string { return d.GrantWords() }},
		output.Column[detail]{Field: "service_tokens", Header: "TOKENS", Text: func(d detail) string { return d.TokenWords() }},
	)
	return output.Object(p, lines, detail{row: rowOf(member), Holdings: held})
}

func rawOf(c output.Column[row]) func(detail) string {
	if c.Raw == nil {
		return nil
	}
	return func(d detail) string { return c.Raw(d.row) }
}
