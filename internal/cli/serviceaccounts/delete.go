package serviceaccounts

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete ACCOUNT...",
		Aliases: []string{"rm"},
		Short:   "delete service accounts with their tokens",
		Long: `Remove service accounts from the organization: their tokens stop working, their places in groups and their
grants go with them. On a terminal each is confirmed by typing; in a script its name or address is repeated
with --yes --confirm NAME, or counted with --confirm-count when the ids come from standard input.`,
		Example: `  btadmin service-accounts delete ci
  btadmin service-accounts delete ci --yes --confirm ci
  btadmin service-accounts list --jq '.[] | select(.token_count == 0)' | btadmin service-accounts delete - --yes --confirm-count 2`,
		Args: tree.Args("ACCOUNT..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, args []string) error {
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
	var accounts []orgstate.Member
	for _, name := range typed {
		account, err := r.ServiceAccount(ctx, name)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(accounts, func(m orgstate.Member) bool { return m.User.ID == account.User.ID }) {
			accounts = append(accounts, account)
		}
	}
	rows, err := rowsOf(ctx, r, slices.Clone(accounts))
	if err != nil {
		return err
	}
	users, tokens := make([]braintrust.User, len(accounts)), 0
	for i, account := range accounts {
		users[i] = account.User
	}
	for _, row := range rows {
		if row.TokenCount != nil {
			tokens += *row.TokenCount
		}
	}
	a.Flags.Confirm = confirmations(a.Flags.Confirm, accounts)
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveMembers{Users: users}}, Bulk: piped, Title: "Deleting service accounts",
		Question: fmt.Sprintf("Delete %d service accounts? %d tokens stop working.", len(accounts), tokens),
	})
	if err != nil || result == nil {
		return err
	}
	for _, row := range rows {
		a.Status.Done("Deleted service account %s (%s)", row.Name, row.ID)
	}
	if p.Human() {
		return nil
	}
	return output.List(p, columns(a.Now()), rows)
}

// confirmations adds the address of each account whose name was repeated: guards know members by address,
// people know accounts by name.
func confirmations(given []string, accounts []orgstate.Member) []string {
	out := slices.Clone(given)
	for _, account := range accounts {
		if account.User.Email != "" && slices.Contains(given, account.Name) {
			out = append(out, account.User.Email)
		}
	}
	return out
}
