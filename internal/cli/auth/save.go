package auth

import (
	"context"
	"errors"

	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// save keeps the key, then the profile that refers to it: a profile never names a key that is not there.
func (s *session) save(ctx context.Context) error {
	a := s.app
	before, existed := s.before()
	if err := s.store.Save(ctx, s.profile, s.key); err != nil {
		return err
	}
	if err := s.settings.SaveProfile(s.profile); err != nil {
		// The old profile must not go on with the new key, which was given for other servers.
		return errors.Join(err, s.store.Delete(ctx, s.profile))
	}
	if existed && before.SecretAt != "" && before.SecretAt != s.profile.SecretAt {
		if err := s.store.Delete(ctx, before); err != nil {
			a.Status.Warn("the old key of profile %s is still in the %s: %s", before.Name, before.SecretAt, err)
		}
	}
	a.Status.Done("Logged in to %s as profile %s (%s, in the %s)", s.profile.Org, s.profile.Name, credentials.Masked(s.key), s.profile.SecretAt)
	switch {
	case !s.settings.EnvironmentKey().IsZero():
		a.Status.Note("BRAINTRUST_API_KEY is set and wins over the profile, unless a command names it with --profile %s", s.profile.Name)
	case s.settings.DefaultProfile() != s.profile.Name:
		a.Status.Hint("the default is profile %s; to change that: btadmin profiles use %s", s.settings.DefaultProfile(), s.profile.Name)
	}
	if s.profile.SecretAt == config.InFile {
		a.Status.Warn("the key is in a file, unencrypted; whoever reads your files or their backups has it")
	}
	return nil
}

func (s *session) before() (config.Profile, bool) {
	p, err := s.settings.FindProfile(s.profile.Name)
	return p, err == nil
}

// loginResult is what `auth login --json` prints. It never has the key.
type loginResult struct {
	Profile  string           `json:"profile"`
	OrgID    string           `json:"org_id"`
	OrgName  string           `json:"org_name"`
	APIURL   string           `json:"api_url"`
	AppURL   string           `json:"app_url"`
	SecretAt config.SecretAt  `json:"secret_at"`
	Key      string           `json:"key_masked"`
	Kind     credentials.Kind `json:"key_kind"`
}

func (s *session) result(org braintrust.LoginOrg) loginResult {
	return loginResult{
		Profile: s.profile.Name, OrgID: org.ID, OrgName: org.Name, APIURL: s.profile.APIURL, AppURL: s.profile.AppURL,
		SecretAt: s.profile.SecretAt, Key: credentials.Masked(s.key), Kind: credentials.KindOf(s.key),
	}
}

func loginColumns() []output.Column[loginResult] {
	return []output.Column[loginResult]{
		{Field: "profile", Header: "PROFILE", Text: func(r loginResult) string { return r.Profile }},
		{Field: "org_name", Header: "ORGANIZATION", Text: func(r loginResult) string { return r.OrgName }},
		{Field: "api_url", Header: "API URL", Text: func(r loginResult) string { return r.APIURL }},
		{Field: "secret_at", Header: "KEY IN", Text: func(r loginResult) string { return string(r.SecretAt) }},
		{Field: "key_masked", Header: "KEY", Text: func(r loginResult) string { return r.Key }},
	}
}
