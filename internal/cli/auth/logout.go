package auth

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
)

func newLogout(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "remove the key of a profile from this machine",
		Long: `Remove the key of the profile in use, or of the one that --profile names, from this machine. The profile
keeps its organization and addresses for the next login; "profiles delete" removes those too.

The key itself stays valid: delete it with "api-keys delete" or "service-tokens delete".`,
		Example: `  btadmin auth logout
  btadmin auth logout --profile eu`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runLogout(cmd.Context(), a) },
	}
}

func runLogout(ctx context.Context, a *app.App) error {
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	switch settings.KeySource() {
	case config.KeyEnvironment:
		return exit.BadInputf("the key in use is in BRAINTRUST_API_KEY, which no program can unset for you").
			WithHint("unset BRAINTRUST_API_KEY; a profile is logged out with --profile NAME")
	case config.KeySandbox:
		return exit.BadInputf("the embedded organization has no login to end").WithHint("btadmin sandbox reset starts it anew")
	case config.KeyNone:
		a.Status.Note("nobody is logged in")
		return nil
	}
	p, err := profileInUse(settings)
	if err != nil {
		return err
	}
	if p.SecretAt == "" {
		a.Status.Note("profile %s is logged out already", p.Name)
		return nil
	}
	if a.Flags.DryRun {
		a.Status.Print("would remove the key of profile %s from the %s", p.Name, p.SecretAt)
		return nil
	}
	if err := credentials.ForSettings(settings).Delete(ctx, p); err != nil {
		return err
	}
	at := p.SecretAt
	p.SecretAt = ""
	if err := settings.SaveProfile(p); err != nil {
		return err
	}
	a.Status.Done("Removed the key of profile %s from the %s", p.Name, at)
	return nil
}

// profileInUse is the profile of the settings; an unknown one is an error.
func profileInUse(settings *config.Settings) (config.Profile, error) {
	if err := settings.CheckProfile(); err != nil {
		return config.Profile{}, err
	}
	return settings.FindProfile(settings.Profile())
}
