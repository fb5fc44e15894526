package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/cli/access"
	"btadmin/internal/cli/acl"
	"btadmin/internal/cli/api"
	"btadmin/internal/cli/apikeys"
	"btadmin/internal/cli/auth"
	"btadmin/internal/cli/config"
	"btadmin/internal/cli/groups"
	"btadmin/internal/cli/members"
	"btadmin/internal/cli/meta"
	"btadmin/internal/cli/orgs"
	"btadmin/internal/cli/permissions"
	"btadmin/internal/cli/policy"
	"btadmin/internal/cli/profiles"
	"btadmin/internal/cli/projects"
	"btadmin/internal/cli/roles"
	"btadmin/internal/cli/runs"
	"btadmin/internal/cli/sandbox"
	"btadmin/internal/cli/serviceaccounts"
	"btadmin/internal/cli/servicetokens"
	"btadmin/internal/cli/snapshot"
	"btadmin/internal/cli/tour"
	"btadmin/internal/cli/tree"
	"btadmin/internal/cli/undo"
	settings "btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

// NewRoot builds the command tree for programs that describe it, such as cmd/gen.
func NewRoot(a *app.App) *cobra.Command {
	root, _ := newRoot(a)
	return root
}

// newRoot builds the whole tree. started tells whether a command's own code was reached: errors before
// that are mistakes in the command line.
func newRoot(a *app.App) (root *cobra.Command, started *bool) {
	started = new(bool)
	root = &cobra.Command{
		Use:   "btadmin",
		Short: "administer Braintrust access control",
		Long: `btadmin administers Braintrust access control: permission groups, members, ACLs, roles, service
accounts and service tokens.

Try it without an account:  btadmin sandbox tour
Start with your own:        btadmin auth login`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Args:              func(cmd *cobra.Command, args []string) error { return rootVerb(cmd, args) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := settings.ApplyEnvironment(a.IO.Env, func(flag string) bool { return cmd.Flags().Changed(flag) }, a.Flags); err != nil {
				return err
			}
			if tree.OutputIsOptional(cmd) {
				a.IO.DiscardWhenClosed()
			}
			*started = true
			if cmd.Name() != "version" && !cmd.HasSubCommands() { // which end before anybody could interrupt them
				iostreams.SurviveHangup()
				ctx, stop := untilInterrupted(cmd.Context())
				cmd.SetContext(ctx)
				a.OnClose(stopper(stop))
			}
			return a.Start()
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	a.Flags.Bind(root.PersistentFlags())
	embedded := sandbox.New(a)
	embedded.AddCommand(tour.New(a, func(ctx context.Context, streams *iostreams.Streams, args []string) exit.Code {
		return one(ctx, streams, a.Info, args)
	}))
	root.AddCommand(
		groups.New(a),
		acl.New(a),
		projects.New(a),
		permissions.New(a),
		members.New(a),
		serviceaccounts.New(a),
		servicetokens.New(a),
		apikeys.New(a),
		roles.New(a),
		orgs.New(a),
		access.New(a),
		snapshot.New(a),
		policy.New(a),
		api.New(a),
		runs.New(a),
		undo.New(a),
		embedded,
		auth.New(a),
		profiles.New(a),
		config.New(a),
		meta.NewCommands(a),
		meta.NewCompletion(a),
		meta.NewOpen(a),
		meta.NewVersion(a),
	)
	root.AddCommand(meta.NewTopics()...)
	root.SetHelpCommand(meta.NewHelp())
	return root, started
}

func rootVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return tree.UnknownVerb(cmd, args[0])
}

// flagError names the nearest flag for a misspelt one.
func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	usage := exit.New(exit.BadInput, err)
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if near := text.Nearest(unknown.GetSpecifiedName(), known); len(near) > 0 {
			return usage.WithHint("did you mean --%s?", near[0])
		}
	}
	return usage.WithHint("%s --help lists the flags", cmd.CommandPath())
}
