package runs

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

// chain is the state of the journal's chain of hashes.
type chain struct {
	Entries int    `json:"entries"`
	Head    string `json:"head"` // "" without entries
	Dir     string `json:"dir"`
}

func newVerify(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "check that the journal was not damaged or edited",
		Long: `Check the chain of hashes of the journal and print its head. The chain shows damage and careless edits; who owns
the file can write it anew, so keep the head that a run prints with --debug if that matters. A broken chain is
an error that names the entry.`,
		Example: `  btadmin runs verify
  btadmin runs verify --jq .head`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), a) },
	}
}

func runVerify(ctx context.Context, a *app.App) error {
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
	a.Status.Done("The journal is whole")
	return output.Object(p, []output.Column[chain]{
		{Field: "entries", Header: "ENTRIES", Text: func(c chain) string { return strconv.Itoa(c.Entries) }},
		{Field: "head", Header: "HEAD", Text: func(c chain) string { return c.Head }},
		{Field: "dir", Header: "FOLDER", Text: func(c chain) string { return c.Dir }},
	}, chain{Entries: entries, Head: head, Dir: dir})
}
