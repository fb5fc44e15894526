package acl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/parallel"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete ID...",
		Aliases: []string{"rm"},
		Short:   "delete ACLs by id",
		Long: `Delete ACLs by id, one or thousands. "-" reads ids, or JSON objects with an id, from standard input; in a pipe
--confirm-count says how many are meant, so that a filter that lets too much through deletes nothing.

btadmin acl revoke takes permissions away by name.`,
		Example: `  btadmin acl delete 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10
  btadmin acl list --principal ben@example.com --json | btadmin acl delete - --dry-run
  btadmin acl list --principal ben@example.com --json | btadmin acl delete - --yes --confirm-count 3`,
		Args: tree.Args("ID..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, args []string) error {
	if _, err := a.Printer(); err != nil {
		return err
	}
	typed, piped, err := batch.Targets(args, a.IO.In)
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	ids, err := unique(typed)
	if err != nil {
		return err
	}
	if err := confirmCount(a, piped, len(ids)); err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	acls, err := allByID(ctx, client, ids)
	if err != nil {
		return err
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveACLs{ACLs: acls}}, Bulk: piped, Title: "Deleting ACLs",
		Question: fmt.Sprintf("Delete %s?", text.Count(len(acls), "ACL")),
	})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Deleted %s", text.Count(len(acls), "ACL"))
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	return printACLs(ctx, a, r, acls)
}

func unique(typed []string) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	for _, id := range typed {
		if !resolve.IsUUID(id) {
			return nil, exit.BadInputf("%q is no id of an ACL: ACLs have no names", id).
				WithHint("btadmin acl list shows the ids; btadmin acl revoke takes names")
		}
		if id = strings.ToLower(id); !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// confirmCount compares the number of ids with what the command line says it is. Ids from a pipe need that.
func confirmCount(a *app.App, piped bool, count int) error {
	said := a.Flags.ConfirmCount
	switch {
	case said != 0 && said != count:
		return exit.BadInputf("--confirm-count %d, but there are %s: nothing was sent", said, text.Count(count, "ACL"))
	case said == 0 && piped && !a.Flags.DryRun:
		return exit.BadInputf("standard input has the ids of %s: say that as many are meant", text.Count(count, "ACL")).
			WithHint("--dry-run shows them; --yes --confirm-count %d deletes them", count)
	}
	return nil
}

const (
	fewIDs   = 5   // as many are read one by one rather than in a list
	idChunk  = 100 // as many go into one request, so that its URL stays short
	inFlight = 8   // requests at a time
)

// allByID reads ACLs, all of them or an error that names those which are not there.
func allByID(ctx context.Context, client *braintrust.Client, ids []string) ([]braintrust.ACL, error) {
	found := map[string]braintrust.ACL{}
	if len(ids) > fewIDs {
		for chunk := range slices.Chunk(ids, idChunk) {
			listed, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{IDs: chunk}))
			if braintrust.IsForbidden(err) || braintrust.IsNotFound(err) {
				break // who manages access on some objects only may still read these one by one
			}
			if err != nil {
				return nil, fmt.Errorf("list ACLs by id: %w", err)
			}
			for _, acl := range listed {
				found[acl.ID] = acl
			}
		}
	}
	acls, missing := make([]braintrust.ACL, len(ids)), make([]error, len(ids))
	work, ctx := parallel.WithContext(ctx)
	work.SetLimit(inFlight)
	for i, id := range ids {
		if acl, listed := found[id]; listed {
			acls[i] = acl
			continue
		}
		work.Go(func() error {
			var err error
			if acls[i], err = byID(ctx, client, id); isBadInput(err) {
				missing[i], err = err, nil
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return acls, several("ids", missing)
}
