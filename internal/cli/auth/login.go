package auth

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// defaultName is the profile that is made when nothing names one.
const defaultName = "default"

type loginOptions struct {
	tokenStdin      bool
	insecureStorage bool
	noBrowser       bool
}

func newLogin(a *app.App) *cobra.Command {
	var opts loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "check a key and keep it for later commands",
		Long: `Check a key and keep it for later commands, in the keyring of the operating system. The key is an API key
or, for everything that mints tokens, a service token with organization-owner permissions; both are made in
the web application.

On a terminal the page with the keys is opened in the browser first, unless --no-browser is given or there is none.
The key is typed without being shown, read from standard input with --token-stdin, or taken from
BRAINTRUST_API_KEY. No flag takes it, because other users can see command lines.

--profile names the profile; the first one becomes the default. Logging in again replaces its key. A server
that says its API is elsewhere is not believed: the address is shown, and used when you say so or name it
with --api-url.`,
		Example: `  btadmin auth login
  btadmin auth login --profile eu --api-url https://api-eu.braintrust.dev
  btadmin auth login --no-browser --org Acme
  pass show braintrust | btadmin auth login --token-stdin --org Acme
  btadmin auth login --token-stdin --insecure-storage < key.txt`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runLogin(cmd.Context(), a, opts) },
	}
	cmd.Flags().BoolVar(&opts.tokenStdin, "token-stdin", false, "read the key from standard input")
	cmd.Flags().BoolVar(&opts.insecureStorage, "insecure-storage", false,
		"keep the key in a file that only you can read, instead of the keyring")
	cmd.Flags().BoolVar(&opts.noBrowser, "no-browser", false, "print where keys are made, and open no page")
	return cmd
}

// session is one login on its way.
type session struct {
	app      *app.App
	settings *config.Settings // those of the profile that is logged in
	store    *credentials.Store
	profile  config.Profile
	key      braintrust.Secret
}

func runLogin(ctx context.Context, a *app.App, opts loginOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	s, err := newSession(a, opts)
	if err != nil {
		return err
	}
	if s.key, err = readKey(ctx, a, s.settings, opts); err != nil {
		return err
	}
	a.Remember(s.key)
	org, err := s.organization(ctx)
	if err != nil {
		return err
	}
	if s.profile.APIURL, err = s.apiURL(ctx, org); err != nil {
		return err
	}
	s.profile.Org = org.Name
	if err := s.verify(ctx); err != nil {
		return err
	}
	if a.Flags.DryRun {
		a.Status.Print("would save the key %s for %s as profile %s", credentials.Masked(s.key), org.Name, s.profile.Name)
	} else if err := s.save(ctx); err != nil {
		return err
	}
	if p.Human() {
		return nil
	}
	return output.Object(p, loginColumns(), s.result(org))
}

// newSession finds out what can be found out before anybody types a key: the name, the servers, and whether the key
// can be kept.
func newSession(a *app.App, opts loginOptions) (*session, error) {
	name, err := profileName(a)
	if err != nil {
		return nil, err
	}
	global := *a.Flags
	global.Profile = name // so that logging in again meets the servers of that profile
	settings, err := config.Load(a.IO.Env, &global)
	if err != nil {
		return nil, err
	}
	s := &session{app: a, settings: settings, store: credentials.ForSettings(settings)}
	s.profile, _ = settings.FindProfile(name) // a new one starts empty
	s.profile.Name, s.profile.AppURL, s.profile.SecretAt = name, settings.AppURL(), config.InKeyring
	if opts.insecureStorage {
		s.profile.SecretAt = config.InFile
	}
	if a.Flags.DryRun {
		return s, nil
	}
	if _, err := settings.MakeConfigDir(); err != nil {
		return nil, fmt.Errorf("preparing to save the profile: %w", err)
	}
	if err := s.store.Check(s.profile); err != nil {
		return nil, err
	}
	return s, nil
}

// profileName is the profile that is meant: --profile, BRAINTRUST_PROFILE, the default one, or a first one.
func profileName(a *app.App) (string, error) {
	settings, err := a.Settings()
	if err != nil {
		return "", err
	}
	name := a.Flags.Profile
	for _, next := range []string{a.IO.Env("BRAINTRUST_PROFILE"), settings.DefaultProfile(), defaultName} {
		if name == "" {
			name = next
		}
	}
	if name == config.SandboxProfile {
		return "", exit.BadInputf("the embedded organization needs no login: it knows its own key").
			WithHint("leave --sandbox out, or name the profile: btadmin auth login --profile %s", defaultName)
	}
	return name, config.CheckProfileName(name)
}

// verify asks the API itself whether it takes the key, before it is kept.
func (s *session) verify(ctx context.Context) error {
	if err := credentials.CheckServer(s.key, s.profile.APIURL); err != nil {
		return err
	}
	client, err := s.app.NewClient(s.settings, s.profile.APIURL, s.key, s.profile.Org, nil)
	if err != nil {
		return err
	}
	if _, err := probe(ctx, client); err != nil {
		return fmt.Errorf("trying the key at %s: %w", s.profile.APIURL, err)
	}
	return nil
}
