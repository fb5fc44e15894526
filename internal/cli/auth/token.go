package auth

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

func newToken(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "token",
		Short: "print the key in use",
		Long: `Print the key in use on standard output, alone, for another program. In GitHub Actions it is masked in the
log first. Do not put it into a command line, where other users can see it.`,
		Example: `  BRAINTRUST_API_KEY=$(btadmin auth token) some-program
  btadmin auth token --profile eu | some-program --token-stdin`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runToken(cmd.Context(), a) },
	}
}

func runToken(ctx context.Context, a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	key, err := keyInUse(ctx, a)
	if err != nil {
		return err
	}
	return output.Secret(p, key.Reveal())
}

func keyInUse(ctx context.Context, a *app.App) (braintrust.Secret, error) {
	settings, err := a.Settings()
	if err != nil {
		return braintrust.Secret{}, err
	}
	if settings.KeySource() == config.KeySandbox {
		return a.SandboxKey()
	}
	found, err := credentials.Find(ctx, settings)
	return found.Key, err
}
