package members

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list everybody in the organization",
		Long: `List the members of the organization. The API does not tell people from service accounts; kind says what the
service tokens and the addresses give away: person, service_account, or unknown (an account without a token,
most likely).`,
		Example: `  btadmin members list
  btadmin members list --json | jq '.[] | select(.kind != "person") | .name'
  btadmin members list --jq '.[] | select(.kind == "person") | .email' | btadmin groups members add QA --file -`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	members, err := r.Members(ctx)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rowsOf(members.All))
}
