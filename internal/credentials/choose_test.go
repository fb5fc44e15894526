package credentials_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
)

func settings(t *testing.T, env map[string]string, profile string, saved ...config.Profile) *config.Settings {
	t.Helper()
	home := t.TempDir()
	get := func(name string) string {
		if name == "HOME" {
			return home
		}
		return env[name]
	}
	first, err := config.Load(get, &flags.Global{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range saved {
		if err := first.SaveProfile(p); err != nil {
			t.Fatal(err)
		}
	}
	s, err := config.Load(get, &flags.Global{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestChoose(t *testing.T) {
	t.Parallel()
	const fromKeyring = "sk-of-the-keyring-0000000000"
	tests := []struct {
		name    string
		env     string
		profile string
		saved   []config.Profile
		want    string
		source  config.KeySource
		calls   int
		code    exit.Code
	}{
		{"environment", canary, "", []config.Profile{inKeyring("prod")}, canary, config.KeyEnvironment, 0, 0},
		{"environment with a newline", canary + "\n", "", nil, canary, config.KeyEnvironment, 0, 0},
		{"profile", "", "", []config.Profile{inKeyring("prod")}, fromKeyring, config.KeyProfile, 1, 0},
		{"profile over environment", canary, "prod", []config.Profile{inKeyring("prod")}, fromKeyring, config.KeyProfile, 1, 0},
		{"unknown profile", canary, "nobody", []config.Profile{inKeyring("prod")}, "", "", 0, exit.BadInput},
		{"profile without a key", "", "other", []config.Profile{inKeyring("other")}, "", "", 1, exit.Auth},
		{"broken environment", canary + "\r", "", nil, "", "", 0, exit.BadInput},
		{"nothing", "", "", nil, "", "", 0, exit.Auth},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := &memory{entries: map[string]string{"btadmin/prod": fromKeyring}}
			s := settings(t, map[string]string{"BRAINTRUST_API_KEY": tt.env}, tt.profile, tt.saved...)
			found, err := credentials.NewStore(credentials.Options{Keyring: m, ConfigDir: s.ConfigDir}).Choose(context.Background(), s)
			if found.Key.Reveal() != tt.want || found.Source != tt.source || m.calls != tt.calls {
				t.Errorf("found %+v after %d calls of the keyring", found, m.calls)
			}
			if (err == nil) != (tt.code == 0) || err != nil && codeOf(err) != tt.code {
				t.Errorf("%v, want exit code %d", err, tt.code)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the key is in the error: %v", err)
			}
		})
	}
}

func TestNothingOffersTwoWays(t *testing.T) {
	t.Parallel()
	_, err := credentials.Find(context.Background(), settings(t, nil, ""))
	if !errors.Is(err, credentials.ErrNone) || codeOf(err) != exit.Auth {
		t.Fatalf("%v", err)
	}
	for _, way := range []string{"btadmin auth login", "--sandbox"} {
		if !strings.Contains(hintOf(err), way) {
			t.Errorf("the hint %q lacks %q", hintOf(err), way)
		}
	}
}
