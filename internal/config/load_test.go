package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/output"
)

const file = `# my servers
profile: prod
output: yaml
parallelism: 3
profiles:
  prod:
    org: Acme
    api-url: https://api.prod.test
    app-url: https://app.prod.test
    secret-at: keyring
    timeout: 20s
  eu:
    api-url: https://api.eu.test
    secret-at: file
    output: csv
`

// home makes a configuration folder with a file and returns an environment that points at it.
func home(t *testing.T, contents string, env map[string]string) func(string) string {
	t.Helper()
	dir := t.TempDir()
	if contents != "" {
		path := filepath.Join(dir, ".config", "btadmin")
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "config.yaml"), []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(name string) string {
		if name == "HOME" {
			return dir
		}
		return env[name]
	}
}

func load(t *testing.T, env func(string) string, g flags.Global) *config.Settings {
	t.Helper()
	s, err := config.Load(env, &g)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return s
}

func codeOf(err error) exit.Code {
	var e *exit.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return exit.Failure
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		key   string
		env   map[string]string
		flags flags.Global
		value string
		from  string
	}{
		{"default", "app-url", nil, flags.Global{Profile: "eu"}, config.DefaultAppURL, "default"},
		{"file", "parallelism", nil, flags.Global{}, "3", "file"},
		{"profile over file", "output", nil, flags.Global{Profile: "eu"}, "csv", "profile eu"},
		{"profile of the default", "timeout", nil, flags.Global{}, "20s", "profile prod"},
		{"environment over profile", "output", map[string]string{"BTADMIN_OUTPUT": "json"}, flags.Global{Profile: "eu"}, "json", "environment BTADMIN_OUTPUT"},
		{"environment over file", "parallelism", map[string]string{"BTADMIN_PARALLELISM": "5"}, flags.Global{}, "5", "environment BTADMIN_PARALLELISM"},
		{"flag over environment", "org", map[string]string{"BRAINTRUST_ORG_NAME": "Env"}, flags.Global{Org: "Flag"}, "Flag", "flag --org"},
		{"flag over profile", "timeout", nil, flags.Global{Timeout: time.Minute}, "1m0s", "flag --timeout"},
		{"environment org", "org", map[string]string{"BRAINTRUST_ORG_NAME": "Env"}, flags.Global{}, "Env", "environment BRAINTRUST_ORG_NAME"},
		{"profile by flag", "profile", map[string]string{"BRAINTRUST_PROFILE": "prod"}, flags.Global{Profile: "eu"}, "eu", "flag --profile"},
		{"profile by environment", "profile", map[string]string{"BRAINTRUST_PROFILE": "eu"}, flags.Global{}, "eu", "environment BRAINTRUST_PROFILE"},
		{"profile by file", "profile", nil, flags.Global{}, "prod", "file"},
		{"no profile beside a key", "profile", map[string]string{"BRAINTRUST_API_KEY": "sk-x", "BRAINTRUST_PROFILE": "eu"}, flags.Global{}, "", "default"},
		{"a key keeps away from a profile's server", "api-url", map[string]string{"BRAINTRUST_API_KEY": "sk-x"}, flags.Global{}, config.DefaultAPIURL, "default"},
		{"the sandbox takes no server", "api-url", map[string]string{"BRAINTRUST_API_URL": "https://x.test"}, flags.Global{Profile: "sandbox"}, "", "sandbox"},
		{"the sandbox takes no organization", "org", map[string]string{"BRAINTRUST_ORG_NAME": "Acme"}, flags.Global{Profile: "sandbox"}, "", "sandbox"},
		{"the sandbox takes a typed organization", "org", nil, flags.Global{Profile: "sandbox", Org: "Acme"}, "Acme", "flag --org"},
		{"the sandbox takes behaviour", "output", map[string]string{"BTADMIN_OUTPUT": "json"}, flags.Global{Profile: "sandbox"}, "json", "environment BTADMIN_OUTPUT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := load(t, home(t, file, tt.env), tt.flags).Get(tt.key)
			if err != nil {
				t.Fatal(err)
			}
			from := v.Source.String()
			if v.Source.Kind == config.FromFile {
				from = string(v.Source.Kind) // its path is a temporary one
			}
			if v.Value != tt.value || from != tt.from {
				t.Errorf("%s = %q from %q, want %q from %q", tt.key, v.Value, from, tt.value, tt.from)
			}
		})
	}
}

func TestChoiceOfKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, flag, key, env, file string
		source                     config.KeySource
		profile                    string
	}{
		{"nothing", "", "", "", "", config.KeyNone, ""},
		{"file", "", "", "", "prod", config.KeyProfile, "prod"},
		{"environment over file", "", "", "eu", "prod", config.KeyProfile, "eu"},
		{"key over environment", "", "sk-1", "eu", "prod", config.KeyEnvironment, ""},
		{"flag over key", "prod", "sk-1", "eu", "", config.KeyProfile, "prod"},
		{"sandbox by flag", "sandbox", "sk-1", "eu", "prod", config.KeySandbox, "sandbox"},
		{"sandbox by environment", "", "", "sandbox", "prod", config.KeySandbox, "sandbox"},
		{"sandbox by file", "", "", "", "sandbox", config.KeySandbox, "sandbox"},
		{"key over sandbox by environment", "", "sk-1", "sandbox", "", config.KeyEnvironment, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			contents := strings.Replace(file, "profile: prod", "profile: "+tt.file, 1)
			s := load(t, home(t, contents, map[string]string{"BRAINTRUST_API_KEY": tt.key, "BRAINTRUST_PROFILE": tt.env}), flags.Global{Profile: tt.flag})
			if s.KeySource() != tt.source || s.Profile() != tt.profile {
				t.Errorf("key from %q, profile %q; want %q, %q", s.KeySource(), s.Profile(), tt.source, tt.profile)
			}
			if s.Sandbox() != (tt.profile == config.SandboxProfile) {
				t.Errorf("Sandbox() = %v", s.Sandbox())
			}
		})
	}
}

func TestTypedValues(t *testing.T) {
	t.Parallel()
	s := load(t, home(t, file, map[string]string{"BRAINTRUST_CA_CERT": "ca.pem", "BTADMIN_DEBUG": "1"}), flags.Global{})
	got := []any{s.APIURL(), s.AppURL(), s.OrgName(), s.Output(), s.CACert(), s.Timeout(), s.Parallelism(), s.Debug(), s.APIURLGiven()}
	want := []any{"https://api.prod.test", "https://app.prod.test", "Acme", "yaml", "ca.pem", 20 * time.Second, 3, true, false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := load(t, home(t, "", nil), flags.Global{APIURL: "https://x.test"}); !s.APIURLGiven() || s.Parallelism() != 8 {
		t.Errorf("APIURLGiven() = %v, Parallelism() = %d", s.APIURLGiven(), s.Parallelism())
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		env        map[string]string
		flags      flags.Global
		want       string
	}{
		{"unknown setting", "outptu: json\n", nil, flags.Global{}, `line 1: unknown setting "outptu"`},
		{"unknown in profile", "profiles:\n  a:\n    x: y\n", nil, flags.Global{}, `line 3: unknown setting "x"`},
		{"profile in profile", "profiles:\n  a:\n    profile: b\n", nil, flags.Global{}, `line 3: the setting "profile" is no part of a profile`},
		{"sandbox in file", "profiles:\n  sandbox:\n    org: b\n", nil, flags.Global{}, "line 2: the profile name \"sandbox\" is reserved"},
		{"capitals", "profiles:\n  Prod.EU:\n    org: b\n", nil, flags.Global{}, "line 2: \"Prod.EU\" is no profile name"},
		{"secret place", "profiles:\n  a:\n    secret-at: here\n", nil, flags.Global{}, `line 3: secret-at is "here"`},
		{"list", "output: [json]\n", nil, flags.Global{}, "line 1: output must be one value"},
		{"alias", "profiles:\n  a: &a\n    org: b\n  c: *a\n", nil, flags.Global{}, "line 4: profile c is no mapping"},
		{"no mapping", "- a\n", nil, flags.Global{}, "line 1: it is no mapping"},
		{"two documents", "output: json\n---\noutput: csv\n", nil, flags.Global{}, "more than one document"},
		{"twice", "output: json\noutput: csv\n", nil, flags.Global{}, "output"},
		{"nested", strings.Repeat("[", 100_000), nil, flags.Global{}, "reading the configuration"},
		{"huge", "# " + strings.Repeat("x", 300<<10), nil, flags.Global{}, "larger than"},
		{"value in file", "parallelism: 0\n", nil, flags.Global{}, "reading parallelism from file"},
		{"relative certificate in file", "ca-cert: ca.pem\n", nil, flags.Global{}, "not an absolute path"},
		{"url in environment", "", map[string]string{"BRAINTRUST_API_URL": "http://10.0.0.5"}, flags.Global{}, "reading api-url from environment BRAINTRUST_API_URL"},
		{"app url by flag", "", nil, flags.Global{AppURL: "ftp://x.test"}, "reading app-url from flag --app-url"},
		{"parallelism by flag", "", nil, flags.Global{Parallelism: -1}, "reading parallelism from flag --parallelism"},
		{"timeout in environment", "", map[string]string{"BTADMIN_TIMEOUT": "soon"}, flags.Global{}, `"soon" is no duration`},
		{"sandbox with URL", "", nil, flags.Global{Profile: "sandbox", APIURL: "https://x.test"}, "the sandbox has no other URL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(home(t, tt.file, tt.env), &tt.flags)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if code := codeOf(err); code != exit.BadInput {
				t.Errorf("exit code %d, want 4", code)
			}
		})
	}
}

func TestEmptyFiles(t *testing.T) {
	t.Parallel()
	for _, contents := range []string{"\n", "# nothing\n", "{}\n", "null\n", "profiles:\n", "profiles: {}\noutput:\n"} {
		s := load(t, home(t, contents, nil), flags.Global{})
		if len(s.Profiles()) != 0 || s.Output() != "" {
			t.Errorf("%q: profiles %v, output %q", contents, s.Profiles(), s.Output())
		}
	}
}

// The formats are repeated in config so that it need not import the libraries behind output.
func TestOutputFormatsAreThose(t *testing.T) {
	t.Parallel()
	for _, f := range output.Formats() {
		if s := load(t, home(t, "", map[string]string{"BTADMIN_OUTPUT": string(f)}), flags.Global{}); s.Output() != string(f) {
			t.Errorf("%s: %q", f, s.Output())
		}
	}
	_, err := config.Load(home(t, "", map[string]string{"BTADMIN_OUTPUT": "xml"}), &flags.Global{})
	for _, f := range output.Formats() {
		if err == nil || !strings.Contains(err.Error(), string(f)) {
			t.Errorf("%v does not name %s", err, f)
		}
	}
}
