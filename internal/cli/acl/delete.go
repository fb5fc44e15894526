package acl

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete ID...",
		Aliases: []string{"rm"},
		Short:   "delete ACLs by id",
		Long: `Delete ACLs by id, in one batch. "-" reads ids, or JSON objects with an id, from standard input.

acl revoke takes a permission away by name.`,
		Example: `  btadmin acl delete 866a8a8a-fee9-4a5b-8278-12970de499c2
  btadmin acl list project:Chatbot --principal group:QA --json | btadmin acl delete - --yes`,
		Args: tree.Args("ID..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

// manyIDs is how many ACLs are read one by one before listing all is cheaper.
const manyIDs = 5

func runDelete(ctx context.Context, a *app.App, ids []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	piped := len(ids) == 1 && ids[0] == "-"
	if piped {
		if ids, err = batch.IDs(a.IO.In); err != nil {
			return exit.New(exit.BadInput, err)
		}
	}
	acls, err := findAll(ctx, a, ids)
	if err != nil {
		return err
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveACLs{ACLs: acls}}, Bulk: piped, Title: "Deleting ACLs",
		Question: "Delete " + text.Count(len(acls), "ACL") + "?",
	})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Deleted %s", text.Count(len(acls), "ACL"))
	if p.Human() {
		return nil
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	return printACLs(ctx, a, r, acls)
}

// findAll reads every ACL before anything is written.
func findAll(ctx context.Context, a *app.App, ids []string) ([]braintrust.ACL, error) {
	listed := map[string]braintrust.ACL{}
	if len(ids) > manyIDs {
		client, err := a.Client(ctx)
		if err != nil {
			return nil, err
		}
		all, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{}))
		if err != nil && !braintrust.IsForbidden(err) {
			return nil, err
		}
		for _, acl := range all {
			listed[acl.ID] = acl
		}
	}
	var acls []braintrust.ACL
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		acl, known := listed[id]
		if !known {
			var err error
			if acl, err = find(ctx, a, id); err != nil {
				return nil, err
			}
		}
		acls = append(acls, acl)
	}
	if len(acls) == 0 {
		return nil, exit.BadInputf("no ids were given")
	}
	return acls, nil
}
