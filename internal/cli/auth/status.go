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

// state is the answer of `auth status`.
type state struct {
	Profile string           `json:"profile"`
	OrgName string           `json:"org_name"`
	APIURL  string           `json:"api_url"`
	AppURL  string           `json:"app_url"`
	Source  string           `json:"key_source"` // environment, keyring, file or sandbox; "" when there is no key
	Key     string           `json:"key_masked"`
	Kind    credentials.Kind `json:"key_kind"`
	UserID  string           `json:"user_id"` // "" where the server does not say
	Status  verdict          `json:"status"`
	Detail  string           `json:"detail"`
}

func newStatus(a *app.App) *cobra.Command {
	return tree.AnswersByExitCode(&cobra.Command{
		Use:   "status",
		Short: "show which key is used, and whether the server takes it",
		Long: `Show the profile, organization and address in use, where the key comes from, the key with its middle hidden,
and what the server says to it.

Exit code 0: usable; 2: refused, or there is no key; 3: could not be told, because the server did not answer.`,
		Example: `  btadmin auth status
  btadmin auth status --profile eu --json
  btadmin auth status --quiet >/dev/null && echo usable`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runStatus(cmd.Context(), a) },
	})
}

func runStatus(ctx context.Context, a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	settings, err := a.Settings()
	if err != nil {
		return err
	}
	if settings.KeySource() == config.KeyNone {
		return credentials.None()
	}
	if err := settings.CheckProfile(); err != nil {
		return err
	}
	s := &state{Profile: settings.Profile(), OrgName: settings.OrgName(), APIURL: settings.APIURL(), AppURL: settings.AppURL()}
	refusal := s.look(ctx, a, settings)
	if err := output.Object(p, statusColumns(), *s); err != nil {
		return err
	}
	return refusal
}

// look fills in the key and the live check; its error is what `auth status` ends with.
func (s *state) look(ctx context.Context, a *app.App, settings *config.Settings) error {
	client, err := s.client(ctx, a, settings)
	if err != nil {
		return s.judge(err)
	}
	name, err := probe(ctx, client)
	if err != nil {
		return s.judge(err)
	}
	if s.Source == string(config.KeySandbox) {
		s.OrgName = name // it has one organization, and no profile that says so
	}
	s.Status = usable
	if id, known, err := client.Ping(ctx); err == nil && known {
		s.UserID = id
	}
	return nil
}

// client finds the key, describes it, and makes a client with it unless it belongs to another server (E8).
func (s *state) client(ctx context.Context, a *app.App, settings *config.Settings) (*braintrust.Client, error) {
	if settings.Sandbox() {
		s.Source, s.APIURL, s.AppURL = string(config.KeySandbox), "", ""
		client, err := a.Client(ctx)
		if err != nil {
			return nil, err
		}
		key, err := a.SandboxKey()
		s.describe(key)
		return client, err
	}
	found, err := credentials.Find(ctx, settings)
	if err != nil {
		return nil, err
	}
	a.Remember(found.Key)
	s.Source = string(found.Source)
	if found.Source == config.KeyProfile {
		s.Source = string(found.Profile.SecretAt)
	}
	s.describe(found.Key)
	if err := credentials.CheckServer(found.Key, settings.APIURL()); err != nil {
		return nil, err
	}
	return a.NewClient(settings, settings.APIURL(), found.Key, settings.OrgName(), nil)
}

func (s *state) describe(key braintrust.Secret) {
	if key.IsZero() {
		return
	}
	s.Key, s.Kind = credentials.Masked(key), credentials.KindOf(key)
}

func statusColumns() []output.Column[state] {
	return []output.Column[state]{
		{Field: "profile", Header: "Profile", Text: func(s state) string { return orNone(s.Profile) }, Raw: func(s state) string { return s.Profile }},
		{Field: "org_name", Header: "Organization", Text: func(s state) string { return orNone(s.OrgName) }, Raw: func(s state) string { return s.OrgName }},
		{Field: "api_url", Header: "API URL", Text: func(s state) string { return orNone(s.APIURL) }, Raw: func(s state) string { return s.APIURL }},
		{Field: "key_source", Header: "Key from", Text: func(s state) string { return orNone(s.Source) }, Raw: func(s state) string { return s.Source }},
		{Field: "key_masked", Header: "Key", Text: func(s state) string { return orNone(s.Key) }, Raw: func(s state) string { return s.Key }},
		{Field: "key_kind", Header: "Kind", Text: func(s state) string { return s.kind() }, Raw: func(s state) string { return string(s.Kind) }},
		{Field: "status", Header: "Status", Text: func(s state) string { return s.Status.words() }, Raw: func(s state) string { return string(s.Status) }},
	}
}

func (s state) kind() string {
	if s.Kind == "" {
		return orNone("")
	}
	return s.Kind.String()
}

func orNone(value string) string {
	if value == "" {
		return "-"
	}
	return value
}
