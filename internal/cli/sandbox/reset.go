package sandbox

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/sandbox"
)

func newReset(a *app.App) *cobra.Command {
	opts := seedOptions{spec: sandbox.SeedSpec{Kind: sandbox.SeedDemo}}
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "bring the sandbox back to what it was at first use",
		Long: `Bring the embedded organization back to what it was at first use: the seed demo on the Enterprise plan,
with a new owner's token. A store that is damaged is thrown away.`,
		Example: `  btadmin sandbox reset
  btadmin sandbox reset --yes --json`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSeed(cmd.Context(), a, opts) },
	}
	opts.place.bind(cmd)
	return cmd
}
