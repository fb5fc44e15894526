package config

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	settings "btadmin/internal/config"
	"btadmin/internal/output"
)

func newSet(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "set KEY VALUE",
		Short: "change one setting in the configuration file",
		Long: `Change one setting in the configuration file; with --profile, in that profile. An empty value removes the
setting. Keys, and values that a setting cannot have, are refused.

Changing api-url in a profile sends its key to the new address from then on.`,
		Example: `  btadmin config set output json
  btadmin config set timeout 2m --profile eu
  btadmin config set output ""`,
		Args: tree.Args("KEY", "VALUE"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return runSet(a, args[0], args[1]) },
	}
}

func runSet(a *app.App, key, value string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	s, err := a.Settings()
	if err != nil {
		return err
	}
	profile := a.Flags.Profile
	if a.Flags.SandboxByEnvironment { // which says where commands act, not whose setting this is
		profile = ""
	}
	change, where := s.Set, "the configuration file"
	if a.Flags.DryRun {
		change = s.CheckSet
	}
	if err := change(key, value, profile); err != nil {
		return err
	}
	source := settings.Source{Kind: settings.FromFile}
	if profile != "" {
		where, source = "profile "+profile, settings.Source{Kind: settings.FromProfile, Name: profile}
	}
	switch {
	case a.Flags.DryRun && value == "":
		a.Status.Print("would remove %s from %s", key, where)
	case a.Flags.DryRun:
		a.Status.Print("would set %s to %s in %s", key, value, where)
	case value == "":
		a.Status.Done("Removed %s from %s", key, where)
	default:
		a.Status.Done("Set %s to %s in %s", key, value, where)
	}
	if p.Human() || a.Flags.DryRun {
		return nil
	}
	return output.Object(p, columns(), rowOf(settings.Value{Key: key, Value: value, Source: source}))
}
