package profiles

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the profiles",
		Long: `List the profiles of this machine: organization, address and where the key is. The embedded organization,
profile "sandbox", is always there and not listed.`,
		Example: `  btadmin profiles list
  btadmin profiles list --json | jq -r '.[] | select(.default) | .name'`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error { return runList(a) },
	}
}

func runList(a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	rows := []row{}
	for _, profile := range settings.Profiles() {
		rows = append(rows, rowOf(profile, settings))
	}
	switch {
	case settings.DefaultProfile() == config.SandboxProfile:
		a.Status.Note("the default is the embedded organization (sandbox)")
	case len(rows) == 0:
		a.Status.Hint("there is no profile yet; make one with: btadmin auth login")
	}
	return output.List(p, columns(), rows)
}
