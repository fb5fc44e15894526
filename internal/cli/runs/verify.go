package runs

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
)

// chain is the state of the journal's chain of hashes.
type chain struct {
	Entries int    `json:"entries"`
	Head    string `json:"head"` // "" without entries
	Dir     string `json:"dir"`
}

func newVerify(a *app.App) *cobra.Command {
	var kept string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "check that the journal was not damaged or edited",
		Long: `Check the chain of hashes of the journal and print its head. The chain shows damage and careless edits; who owns
the file can write it anew, with a new chain. If that matters, keep the head that each run prints somewhere else,
and give one to --head: it must be in the chain. A broken chain is an error that names the entry.`,
		Example: `  btadmin runs verify
  btadmin runs verify --jq .head
  btadmin runs verify --head "$(cat journal-head.txt)"`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), a, kept) },
	}
	cmd.Flags().StringVar(&kept, "head", "", "a head that was kept elsewhere, and must be in the chain")
	return cmd
}

func runVerify(ctx context.Context, a *app.App, kept string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	dir, err := a.JournalDir(ctx)
	if err != nil {
		return err
	}
	head, entries, err := journal.Verify(dir)
	if err != nil {
		return err
	}
	if kept != "" {
		if err := contains(dir, kept); err != nil {
			return err
		}
	}
	a.Status.Done("The journal is whole")
	if kept == "" {
		a.Status.Note("this shows damage and careless edits; the user who owns the journal could still have written it anew: keep heads elsewhere, and check one with --head")
	}
	return output.Object(p, []output.Column[chain]{
		{Field: "entries", Header: "ENTRIES", Text: func(c chain) string { return strconv.Itoa(c.Entries) }},
		{Field: "head", Header: "HEAD", Text: func(c chain) string { return c.Head }},
		{Field: "dir", Header: "FOLDER", Text: func(c chain) string { return c.Dir }},
	}, chain{Entries: entries, Head: head, Dir: dir})
}

// contains looks for a head that was kept in a chain that is whole.
func contains(dir, kept string) error {
	found := false
	err := journal.Read(dir, func(e journal.Entry, _ error) bool {
		found = e.Hash == kept
		return !found
	})
	if err == nil && !found {
		err = exit.Newf(exit.Failure, "the head %s is not in the journal: it was written anew, or is of another organization or machine", kept)
	}
	return err
}
