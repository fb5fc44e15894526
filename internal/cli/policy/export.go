package policy

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/text"
)

type exportOptions struct {
	out, snapshot string
	overwrite     bool
}

func newExport(a *app.App) *cobra.Command {
	var opts exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "write the organization as a policy that changes nothing",
		Long: `Write the whole organization as a policy: members, groups with their members and permissions, service accounts, roles
and where they are assigned. A plan of it has nothing to do. What no document can say, such as permissions that this
version does not know, is listed in comments at the top and left alone by an apply. Tokens are not in it, because where
a new one goes is not for the organization to say.

Where --out ends in a slash or is a folder, the policy becomes several files: access.yaml with what it is as a whole,
members.yaml, one file for each group, service-accounts.yaml and roles.yaml. What is longer than half a MiB goes on in
numbered files, and the people of a large group stand in CSV files that the group's file names. Every command takes
the folder. With --overwrite files of the same names are replaced; files of groups that are gone have to be removed first.

btadmin policy init writes a shorter document to begin with.`,
		Example: `  btadmin policy export
  btadmin policy export --out access.yaml
  btadmin policy export --out acme-access/
  btadmin policy export --snapshot friday.btsnap --out friday.yaml`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runExport(cmd.Context(), a, opts) },
	}
	cmd.Flags().StringVar(&opts.out, "out", "", "write to this new `FILE`, or files into this folder (ACCESS/), instead of standard output")
	cmd.Flags().BoolVar(&opts.overwrite, "overwrite", false, "replace the files of --out that exist")
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "the organization in this snapshot `FILE` instead of the live one")
	return cmd
}

func runExport(ctx context.Context, a *app.App, opts exportOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.overwrite && opts.out == "" {
		return exit.BadInputf("--overwrite needs --out")
	}
	to := destinationOf(opts.out, opts.overwrite)
	if err := to.check(); err != nil {
		return err
	}
	view, err := someView(ctx, a, opts.snapshot)
	if err != nil {
		return err
	}
	exported := reconcile.Export(view)
	doc, left, from := policy.Plain(exported.Desired), exported.Left, origin(view)
	if !p.Human() && opts.out == "" {
		return output.Value(p, doc)
	}
	wrote := fmt.Sprintf("Wrote %s: %s, %s, %s, %s", opts.out, text.Count(len(doc.Groups.Entries), "group"), text.Count(len(doc.Members.Items), "member"),
		text.Count(len(doc.ServiceAccounts.Entries), "service account"), text.Count(len(doc.Roles.Entries), "role"))
	if err := to.write(a, p, doc, remarks{top: append(from, leftOut(left)...)}); err != nil {
		return err
	}
	if opts.out != "" {
		a.Status.Done("%s", wrote)
	}
	if len(left) > 0 {
		a.Status.Warn("%s", notIn(len(left)))
	}
	return nil
}

// notIn tells how many things of the organization no document can say.
func notIn(n int) string {
	if n == 1 {
		return "1 thing is not in it and stays as it is; a comment at the top says which"
	}
	return text.Count(n, "thing") + " are not in it and stay as they are; the comments at the top list them"
}

// someView is the organization of a snapshot file, or the live one as a whole.
func someView(ctx context.Context, a *app.App, file string) (*orgview.View, error) {
	if file == "" {
		return wholeView(ctx, a)
	}
	return a.View(ctx, file, orgview.Options{})
}
