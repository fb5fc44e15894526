package config

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newGet(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "get KEY",
		Short: "print one setting",
		Long:  `Print the value of one setting as it is in effect; an empty line when it has none.`,
		Example: `  btadmin config get api-url
  btadmin config get output --profile eu
  btadmin config get timeout --json | jq -r .source`,
		Args:      tree.Args("KEY"),
		ValidArgs: names(),
		RunE:      func(_ *cobra.Command, args []string) error { return runGet(a, args[0]) },
	}
}

func runGet(a *app.App, key string) error {
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
	v, err := s.Get(key)
	if err != nil {
		return err
	}
	if p.Human() && len(a.Flags.Fields) == 0 {
		return output.Lines(p, v.Value)
	}
	return output.Object(p, columns(), rowOf(v))
}
