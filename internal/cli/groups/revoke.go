package groups

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/text"
)

func newRevoke(a *app.App) *cobra.Command {
	var opts grantOptions
	cmd := &cobra.Command{
		Use:   "revoke GROUP",
		Short: "allow a group less",
		Long: `Take permissions away from a group; what is not named stays. Grants of roles are not touched: btadmin acl
revoke --role takes them.

On a terminal without flags the permissions are asked for, with those it has ticked.`,
		Example: `  btadmin groups revoke QA --project Chatbot --allow delete --yes
  btadmin groups revoke QA --all-projects all --yes`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runRevoke(cmd.Context(), a, args[0], opts) },
	}
	opts.bind(cmd.Flags())
	return cmd
}

func runRevoke(ctx context.Context, a *app.App, name string, opts grantOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.empty() && !a.Prompt.CanPrompt() {
		return exit.BadInputf("nothing to revoke: give --organization, --all-projects, --project NAME --allow WORDS or --on REF --allow WORDS")
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	if opts.empty() {
		return askGrant(ctx, a, r, group)
	}
	set, err := opts.set(ctx, r, group)
	if err != nil {
		return err
	}
	for _, note := range set.Notes {
		a.Status.Note("%s", note)
	}
	acls, err := existing(ctx, a, set.Items)
	if err != nil {
		return err
	}
	if len(acls) == 0 {
		a.Status.Done("Nothing to revoke: group %s has none of these", group.Name)
		return printGrants(ctx, p, r, nil)
	}
	remove := &change.RemoveACLs{ACLs: acls}
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{remove}, Title: "Revoking", Question: "Take these permissions away from " + group.Name + "?",
	})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s removed", group.Name, text.Count(len(acls), "grant"))
	return printGrants(ctx, p, r, acls)
}
