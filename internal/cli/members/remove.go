package members

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

func newRemove(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "remove MEMBER...",
		Aliases: []string{"rm", "delete"},
		Short:   "remove members from the organization",
		Long: `Remove people or service accounts from the organization: they lose their groups, grants, tokens and keys. On
a terminal each name is typed; in a script it is repeated with --yes --confirm EMAIL, or counted with
--confirm-count when the ids come from standard input.

The last member and the last person who owns the organization stay. "-" reads ids, or JSON objects with an
id, from standard input.`,
		Example: `  btadmin members remove leaver@example.com
  btadmin members remove leaver@example.com --yes --confirm leaver@example.com
  btadmin members list --jq '.[] | select(.email | endswith("@old.example.com"))' | btadmin members remove - --yes --confirm-count 4`,
		Args: tree.Args("MEMBER..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runRemove(cmd.Context(), a, args) },
	}
}

func runRemove(ctx context.Context, a *app.App, args []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	typed, piped, err := batch.Targets(args, a.IO.In)
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	users, err := findAll(ctx, r, typed)
	if err != nil {
		return err
	}
	removed, err := membersOf(ctx, r, users)
	if err != nil {
		return err
	}
	if all, err := r.Users(ctx); err == nil && len(users) >= len(all) {
		return exit.New(exit.Refused, fmt.Errorf("the last member of an organization cannot be removed"))
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveMembers{Users: users}}, Bulk: piped, Title: "Removing members",
		Question: fmt.Sprintf("Remove %s from the organization?", text.Count(len(users), "member")),
	})
	if err != nil || result == nil {
		return err
	}
	for _, user := range users {
		a.Status.Done("Removed %s from the organization", resolve.UserLabel(user))
	}
	if p.Human() {
		return nil
	}
	return output.List(p, columns(a.Now()), removed)
}

// membersOf is what the output says of users; it is read before they are gone.
func membersOf(ctx context.Context, r *resolve.Resolver, users []braintrust.User) ([]row, error) {
	members, err := r.Members(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(users))
	for i, user := range users {
		member, known := members.ByID(user.ID)
		if !known {
			member = orgstate.Member{User: user, Kind: orgstate.Unknown}
		}
		rows[i] = rowOf(member)
	}
	return rows, nil
}
