package acl

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view ID",
		Aliases: []string{"get", "show"},
		Short:   "show one ACL",
		Example: `  btadmin acl view 866a8a8a-fee9-4a5b-8278-12970de499c2
  btadmin acl list project:Chatbot --jq '.[0].id' | xargs btadmin acl view --json`,
		Args: tree.Args("ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, id string) error {
	acl, err := find(ctx, a, id)
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	names, err := r.Names(ctx, []braintrust.ACLItem{acl.ACLItem})
	if err != nil {
		return err
	}
	return output.Object(p, aclview.Columns(), aclview.Rows([]braintrust.ACL{acl}, names)[0])
}

// find reads an ACL by its id; a wrong one is bad input.
func find(ctx context.Context, a *app.App, id string) (braintrust.ACL, error) {
	if !resolve.IsUUID(id) {
		return braintrust.ACL{}, exit.BadInputf("%q is not the id of an ACL", id).WithHint("btadmin acl list shows the ids")
	}
	client, err := a.Client(ctx)
	if err != nil {
		return braintrust.ACL{}, err
	}
	acl, err := client.ACL(ctx, id)
	if braintrust.IsNotFound(err) {
		return braintrust.ACL{}, exit.New(exit.BadInput, err)
	}
	return acl, err
}
