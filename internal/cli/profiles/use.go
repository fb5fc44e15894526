package profiles

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/output"
)

func newUse(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "use NAME",
		Short: "make a profile the default",
		Long: `Make a profile the default for commands that name none. "sandbox" is the embedded organization.

--profile, BRAINTRUST_API_KEY and BRAINTRUST_PROFILE win over the default, in this order.`,
		Example: `  btadmin profiles use eu
  btadmin profiles use sandbox`,
		Args: tree.Args("NAME"),
		RunE: func(_ *cobra.Command, args []string) error { return runUse(a, args[0]) },
	}
}

func runUse(a *app.App, name string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	chosen := config.Profile{Name: config.SandboxProfile}
	if name != config.SandboxProfile {
		if chosen, err = settings.FindProfile(name); err != nil {
			return err
		}
	}
	if a.Flags.DryRun {
		a.Status.Print("would make profile %s the default", name)
		return nil
	}
	if err := settings.UseProfile(name); err != nil {
		return err
	}
	a.Status.Done("Profile %s is the default now", name)
	switch {
	case !settings.EnvironmentKey().IsZero():
		a.Status.Note("BRAINTRUST_API_KEY is set and wins over it")
	case a.IO.Env("BRAINTRUST_PROFILE") != "" && a.IO.Env("BRAINTRUST_PROFILE") != name:
		a.Status.Note("BRAINTRUST_PROFILE is set to %s and wins over it", a.IO.Env("BRAINTRUST_PROFILE"))
	}
	if p.Human() {
		return nil
	}
	return output.Object(p, columns(), rowOf(chosen, settings))
}
