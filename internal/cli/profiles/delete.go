package profiles

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
)

func newDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "delete NAME...",
		Aliases: []string{"rm"},
		Short:   "delete profiles and their keys from this machine",
		Long: `Delete profiles from this machine, each with its key. The server is not asked: the keys stay valid until
"api-keys delete" or "service-tokens delete". A key cannot be shown again, so make sure that you have it
elsewhere or do not need it.`,
		Example: `  btadmin profiles delete eu
  btadmin profiles delete old-1 old-2 --yes`,
		Args: tree.Args("NAME..."),
		RunE: func(cmd *cobra.Command, args []string) error { return runDelete(cmd.Context(), a, args) },
	}
}

func runDelete(ctx context.Context, a *app.App, names []string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	doomed, rows, err := find(settings, names)
	if err != nil {
		return err
	}
	if a.Flags.DryRun {
		for _, profile := range doomed {
			a.Status.Print("would delete profile %s and its key", profile.Name)
		}
		return nil
	}
	if err := consent(a, doomed); err != nil {
		return err
	}
	store := credentials.ForSettings(settings)
	for i, profile := range doomed {
		if err := remove(ctx, settings, store, profile); err != nil {
			if i > 0 {
				return exit.New(exit.Partial, fmt.Errorf("deleting profile %s, after %d others: %w", profile.Name, i, err))
			}
			return err
		}
		a.Status.Done("Deleted profile %s", profile.Name)
	}
	if settings.DefaultProfile() == "" && len(settings.Profiles()) > 0 {
		a.Status.Hint("there is no default now; choose one with: btadmin profiles use NAME")
	}
	if p.Human() {
		return nil
	}
	return output.List(p, columns(), rows)
}

// find resolves every name before the first deletion.
func find(settings *config.Settings, names []string) (doomed []config.Profile, rows []row, err error) {
	seen := map[string]bool{}
	for _, name := range names {
		if name == config.SandboxProfile {
			return nil, nil, exit.BadInputf("the embedded organization is no profile that can be deleted").
				WithHint("btadmin sandbox reset starts it anew")
		}
		profile, err := settings.FindProfile(name)
		if err != nil {
			return nil, nil, err
		}
		if !seen[name] {
			seen[name] = true
			doomed, rows = append(doomed, profile), append(rows, rowOf(profile, settings))
		}
	}
	return doomed, rows, nil
}

// consent asks; without a terminal --yes is the answer.
func consent(a *app.App, doomed []config.Profile) error {
	if a.Flags.Yes {
		return nil
	}
	names := make([]string, len(doomed))
	for i, profile := range doomed {
		names[i] = profile.Name
	}
	if !a.Prompt.CanPrompt() {
		return exit.New(exit.BadInput, fmt.Errorf("deleting profile %s: %w", strings.Join(names, ", "), prompt.ErrCannotPrompt)).
			WithHint("--yes answers the question")
	}
	yes, err := a.Prompt.Confirm("Delete profile "+strings.Join(names, ", ")+" with its key?", false)
	if err == nil && !yes {
		err = exit.Newf(exit.Interrupted, "declined: nothing was deleted")
	}
	return err
}

// remove takes the key first: a key that stays behind with nothing that knows of it is worse than a profile without one.
func remove(ctx context.Context, settings *config.Settings, store *credentials.Store, profile config.Profile) error {
	if err := store.Delete(ctx, profile); err != nil {
		return err
	}
	return settings.DeleteProfile(profile.Name)
}
