package snapshot

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
)

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view FILE",
		Aliases: []string{"get", "show", "verify"},
		Short:   "check a snapshot file and say what it holds",
		Long: `Check every part of a snapshot file against its fingerprint and say what it holds: whose organization, when,
how much, and what is missing. No network, no key.`,
		Example: `  btadmin snapshot view acme.btsnap
  btadmin snapshot view acme.btsnap --json --jq '.counts.acls'`,
		Args: tree.Args("FILE"),
		RunE: func(_ *cobra.Command, args []string) error { return runView(a, args[0]) },
	}
}

func runView(a *app.App, path string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	file, err := orgview.OpenFile(path)
	if err != nil {
		return err
	}
	a.OnClose(file)
	if err := file.Verify(); err != nil {
		return err
	}
	return output.Object(p, columns(a.Now()), summarize(path, file.Header))
}
