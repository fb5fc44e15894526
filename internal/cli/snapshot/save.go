package snapshot

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/snapshotfile"
)

type saveOptions struct{ objects, overwrite bool }

func newSave(a *app.App) *cobra.Command {
	var opts saveOptions
	cmd := &cobra.Command{
		Use:     "save FILE",
		Aliases: []string{"create", "take"},
		Short:   "read the whole access state into a file",
		Long: `Read the organization's whole access state into one file: members, service accounts and tokens without
anything of their secrets, groups, roles, every grant, projects, project groups, and the objects that grants name.
The file is complete, or there is none. access commands with --snapshot FILE then answer without network or key.

--objects also reads every experiment, dataset, prompt and function, so that each can be asked about by name.

The file is readable by you alone: it says who may do what. Its fingerprint is the same whenever the contents are.
A key that may not list the organization's grants as a whole reads them object by object; what is missing then is
said, and kept in the file.`,
		Example: `  btadmin snapshot save acme.btsnap
  btadmin snapshot save acme.btsnap --objects --overwrite
  btadmin snapshot save acme.btsnap --json --jq .fingerprint`,
		Args: tree.Args("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return runSave(cmd.Context(), a, args[0], opts) },
	}
	cmd.Flags().BoolVar(&opts.objects, "objects", false, "also every experiment, dataset, prompt and function")
	cmd.Flags().BoolVar(&opts.overwrite, "overwrite", false, "replace the file when it exists")
	return cmd
}

func runSave(ctx context.Context, a *app.App, path string, opts saveOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	pending, err := atomicfile.Create(path, 0o600, opts.overwrite) // before a long reading, not after it
	if err != nil {
		return exit.New(exit.BadInput, err).WithHint("--overwrite replaces an existing file")
	}
	defer pending.Discard()
	view, err := a.View(ctx, "", orgview.Options{Objects: opts.objects})
	if err != nil {
		return err
	}
	if err := a.NameReader(ctx, view); err != nil {
		return err
	}
	data, header, err := snapshotfile.Encode(view.Snapshot, view.Meta.Origin())
	if err != nil {
		return err
	}
	if err := pending.Commit(data); err != nil {
		return err
	}
	s := summarize(path, header)
	s.Requests = a.Requests()
	c := header.Counts
	a.Status.Done("Saved %s: %d members, %d groups, %d roles, %d ACLs, %d projects, %d objects in %d requests; %s",
		path, c.Users, c.Groups, c.Roles, c.ACLs, c.Projects, c.Objects, s.Requests, header.Fingerprint)
	for _, missing := range s.Missing {
		if !s.Complete {
			a.Status.Warn("not in it: %s", missing)
		}
	}
	if p.Human() {
		return nil
	}
	return output.Value(p, s)
}
