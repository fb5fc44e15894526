package sandbox

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/sandbox"
)

type seedOptions struct {
	place place
	plan  string
	spec  sandbox.SeedSpec
}

func newSeed(a *app.App) *cobra.Command {
	var opts seedOptions
	cmd := &cobra.Command{
		Use:   "seed demo|empty|large",
		Short: "replace everything in the sandbox by new starting data",
		Long: `Replace everything in the embedded organization by new starting data, and print its keys, which cannot be
read again.

  demo   a company of 12 people, 4 service accounts, 6 groups and 5 projects with objects
  empty  an organization with one owner and his service account
  large  as many as --users --groups --projects --acls say, the same for the same --seed

Ids and keys can be fixed, so that the test suites of other clients run against it. Fixed keys carry
"sandbox" after their prefix (sk-sandbox-..., bt-st-sandbox-...) and are taken on loopback only.`,
		Example: `  btadmin sandbox seed demo --yes
  btadmin sandbox seed large --users 10000 --groups 500 --projects 500 --acls 20000 --seed 1 --yes
  btadmin sandbox seed empty --org-name Test --user-key sk-sandbox-0123456789 --token-key bt-st-sandbox-0123456789 --yes --json`,
		Args:      tree.Args("SEED"),
		ValidArgs: kinds(),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.spec.Kind = sandbox.SeedKind(args[0])
			for _, name := range []string{"users", "groups", "projects", "acls", "seed"} {
				if cmd.Flags().Changed(name) && opts.spec.Kind != sandbox.SeedLarge {
					return exit.BadInputf("--%s belongs to the seed large", name)
				}
			}
			return runSeed(cmd.Context(), a, opts)
		},
	}
	fs, spec := cmd.Flags(), &opts.spec
	fs.StringVar(&opts.plan, "plan", "", "the plan of the organization: starter, pro or enterprise (default enterprise)")
	fs.IntVar(&spec.Users, "users", 0, "large: how many users")
	fs.IntVar(&spec.Groups, "groups", 0, "large: how many groups")
	fs.IntVar(&spec.Projects, "projects", 0, "large: how many projects")
	fs.IntVar(&spec.ACLs, "acls", 0, "large: how many grants")
	fs.Uint64Var(&spec.RandomSeed, "seed", 0, "large: draw everything from this number")
	fs.StringVar(&spec.OrgID, "org-id", "", "id of the organization, a UUID")
	fs.StringVar(&spec.OrgName, "org-name", "", "name of the organization")
	fs.StringVar(&spec.UserID, "user-id", "", "id of the owner, a UUID")
	fs.StringVar(&spec.UserEmail, "user-email", "", "e-mail of the owner")
	fs.StringVar(&spec.UserKey, "user-key", "", "API key of the owner, sk-sandbox-...")
	fs.StringVar(&spec.TokenKey, "token-key", "", "service token of the owner's account, bt-st-sandbox-...")
	opts.place.bind(cmd)
	return cmd
}

func runSeed(ctx context.Context, a *app.App, opts seedOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	options := sandbox.Options{Plan: sandbox.Plan(opts.plan), Seed: opts.spec}
	if err := checkOptions(options); err != nil {
		return err
	}
	if a.Flags.DryRun {
		return showReplacing(a, p, opts)
	}
	server, err := opts.place.open(a, options)
	if unreadable(err) {
		server, err = replaceDamaged(ctx, a, opts, options, err)
	}
	if err != nil {
		return err
	}
	a.OnClose(server)
	seeded := server.Seeded()
	if seeded.TokenKey.IsZero() { // there was one already
		if err := consent(ctx, a, server.Status()); err != nil {
			return err
		}
		if seeded, err = server.Seed(opts.spec); err != nil {
			return err
		}
		if err := opts.place.keep(a, seeded.TokenKey); err != nil {
			return err
		}
	}
	return printSeeded(a, p, server.Status(), seeded)
}

func replaceDamaged(ctx context.Context, a *app.App, opts seedOptions, options sandbox.Options, cause error) (*sandbox.Server, error) {
	a.Status.Warn("%v", cause)
	if err := ask(ctx, a, "Throw the damaged sandbox away?"); err != nil {
		return nil, err
	}
	if err := opts.place.discard(a); err != nil {
		return nil, err
	}
	return opts.place.open(a, options)
}
