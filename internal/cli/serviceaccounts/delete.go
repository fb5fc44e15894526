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
	"btadmin/internal/text"
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
	asked, err := typeNames(ctx, a, accounts, tokens)
	if err != nil {
		return err
	}
	a.Flags.Confirm = confirmations(a.Flags.Confirm, accounts)
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveMembers{Users: users}}, Bulk: piped, Title: "Deleting service accounts", Asked: asked,
		Question: fmt.Sprintf("Delete %s? Tokens that stop working: %d.", text.Count(len(accounts), "service account"), tokens),
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

// typeNames lets a person type the name of each account, and says what goes with them.
func typeNames(ctx context.Context, a *app.App, accounts []orgstate.Member, tokens int) (bool, error) {
	if !a.Prompt.CanPrompt() || a.Flags.Yes || a.Flags.DryRun || len(a.Flags.Confirm) > 0 {
		return false, nil
	}
	a.Status.Warn("tokens that stop working: %d; all places in groups and all grants go with an account", tokens)
	for _, account := range accounts {
		if account.Name == "" {
			return false, nil // the guard asks for the address
		}
		yes, err := a.Prompt.WithContext(ctx).TypeName("Type the name of the account to delete it", account.Name)
		if err != nil {
			return false, err
		}
		if !yes {
			return false, app.ErrDeclined
		}
	}
	for _, account := range accounts {
		a.Flags.Confirm = append(a.Flags.Confirm, account.Name)
	}
	return true, nil
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
