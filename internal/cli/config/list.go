package config

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the settings in effect and where each comes from",
		Long: `List the settings in effect and where each comes from. A flag wins over the environment, that over the
profile in use, that over the configuration file. Nothing is ever read from the current folder.`,
		Example: `  btadmin config list
  btadmin config list --profile eu
  btadmin config list --json | jq '.[] | select(.source != "default")'`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error { return runList(a) },
	}
}

func runList(a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	s, err := a.Settings()
	if err != nil {
		return err
	}
	if err := s.CheckProfile(); err != nil {
		return err
	}
	rows := []row{}
	for _, v := range s.List() {
		rows = append(rows, rowOf(v))
	}
	return output.List(p, columns(), rows)
}
