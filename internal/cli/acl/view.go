package acl

import (
	"context"
	"fmt"
	"strings"

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
		Example: `  btadmin acl view 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10
  btadmin acl view 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10 --json`,
		Args: tree.Args("ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, id string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	found, err := byID(ctx, client, id)
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	rows, err := named(ctx, r, []braintrust.ACL{found})
	if err != nil {
		return err
	}
	columns := append(aclview.Columns(), output.Column[aclview.Row]{
		Field: "created", Text: func(x aclview.Row) string { return output.RelTime(a.Now(), x.Created) },
		Raw: func(x aclview.Row) string { return output.Time(x.Created) },
	})
	return output.Object(p, columns, rows[0])
}

// byID reads one ACL. ACLs have no names, so that anything but a UUID is a mistake.
func byID(ctx context.Context, client *braintrust.Client, id string) (braintrust.ACL, error) {
	if !resolve.IsUUID(id) {
		return braintrust.ACL{}, exit.BadInputf("%q is no id of an ACL: ACLs have no names", id).
			WithHint("btadmin acl list shows the ids")
	}
	found, err := client.ACL(ctx, strings.ToLower(id))
	if err == nil {
		return found, nil
	}
	err = fmt.Errorf("ACL %s: %w", id, err)
	if braintrust.IsNotFound(err) {
		return braintrust.ACL{}, exit.New(exit.BadInput, err)
	}
	return braintrust.ACL{}, err
}
