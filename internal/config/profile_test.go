package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
)

func contents(t *testing.T, env func(string) string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(env("HOME"), ".config", "btadmin", "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestProfilesLifeCycle(t *testing.T) {
	t.Parallel()
	env := home(t, "", nil)
	s := load(t, env, flags.Global{})
	prod := config.Profile{Name: "prod", Org: "Acme: QA", APIURL: "https://api.prod.test", AppURL: "https://app.test", SecretAt: config.InKeyring}
	eu := config.Profile{Name: "eu", Org: "no", SecretAt: config.InFile}
	for _, p := range []config.Profile{prod, eu} {
		if err := s.SaveProfile(p); err != nil {
			t.Fatal(err)
		}
	}
	again := load(t, env, flags.Global{})
	if diff := cmp.Diff([]config.Profile{eu, prod}, again.Profiles()); diff != "" {
		t.Error(diff)
	}
	if again.DefaultProfile() != "prod" || again.Profile() != "prod" || again.APIURL() != prod.APIURL {
		t.Errorf("the first profile is not the default: %q", again.DefaultProfile())
	}
	if err := again.UseProfile("eu"); err != nil || load(t, env, flags.Global{}).Profile() != "eu" {
		t.Errorf("using eu: %v", err)
	}
	if err := again.UseProfile(config.SandboxProfile); err != nil || !load(t, env, flags.Global{}).Sandbox() {
		t.Errorf("using the sandbox: %v", err)
	}
	if err := again.UseProfile("eu"); err != nil {
		t.Fatal(err)
	}
	if err := again.DeleteProfile("eu"); err != nil {
		t.Fatal(err)
	}
	last := load(t, env, flags.Global{})
	if last.DefaultProfile() != "" || len(last.Profiles()) != 1 || last.KeySource() != config.KeyNone {
		t.Errorf("after deleting the default: %q, %v", last.DefaultProfile(), last.Profiles())
	}
	if err := last.DeleteProfile("prod"); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, env); got != "" {
		t.Errorf("left: %q", got)
	}
}

func TestSavedPrivately_A6(t *testing.T) {
	t.Parallel()
	env := home(t, "", nil)
	if err := load(t, env, flags.Global{}).Set("output", "json", ""); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(env("HOME"), ".config", "btadmin")
	for path, want := range map[string]os.FileMode{folder: 0o700, filepath.Join(folder, "config.yaml"): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %04o, want %04o", path, got, want)
		}
	}
}

func TestUnknownProfile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		env        map[string]string
		flag       string
		want, hint string
	}{
		{"by flag", nil, "prdo", `there is no profile "prdo"`, `did you mean "prod"`},
		{"by environment", map[string]string{"BRAINTRUST_PROFILE": "My Org"}, "", `there is no profile "My Org" (named by environment BRAINTRUST_PROFILE)`, "profiles list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := load(t, home(t, file, tt.env), flags.Global{Profile: tt.flag}).CheckProfile()
			var e *exit.Error
			if !errors.As(err, &e) || e.Code != exit.BadInput || e.Error() != tt.want || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("%+v", err)
			}
		})
	}
	for _, g := range []flags.Global{{}, {Profile: "eu"}, {Profile: "sandbox"}} {
		if err := load(t, home(t, file, nil), g).CheckProfile(); err != nil {
			t.Errorf("%+v: %v", g, err)
		}
	}
	err := load(t, home(t, "", nil), flags.Global{Profile: "new"}).CheckProfile()
	var e *exit.Error
	if !errors.As(err, &e) || e.Hint != "make it with: btadmin auth login --profile new" {
		t.Errorf("%+v", err)
	}
}

func TestProfileNames(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "sandbox", "Prod", "a.b", "a b", "-a", "../x", "a/b", "ä", "a\n", strings.Repeat("a", 65), "_a", "a\x00",
	} {
		if err := config.CheckProfileName(bad); err == nil || codeOf(err) != exit.BadInput {
			t.Errorf("%q: %v", bad, err)
		}
		s := load(t, home(t, "", nil), flags.Global{})
		if err := s.SaveProfile(config.Profile{Name: bad}); err == nil {
			t.Errorf("saved %q", bad)
		}
	}
	for _, good := range []string{"a", "prod-eu", "0", "x_1", "no", "null", "010"} {
		env := home(t, "", nil)
		if err := load(t, env, flags.Global{}).SaveProfile(config.Profile{Name: good, Org: "o", SecretAt: config.InFile}); err != nil {
			t.Errorf("%q: %v", good, err)
			continue
		}
		if p, err := load(t, env, flags.Global{Profile: good}).FindProfile(good); err != nil || p.Org != "o" {
			t.Errorf("%q: %v %v", good, p, err)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	env := home(t, file, nil)
	s := load(t, env, flags.Global{})
	for _, set := range [][3]string{
		{"output", "json", ""}, {"timeout", "2m", "prod"}, {"org", "", "prod"}, {"parallelism", "", ""},
		{"ca-cert", "/etc/ca.pem", "eu"}, {"profile", "eu", ""},
	} {
		if err := s.Set(set[0], set[1], set[2]); err != nil {
			t.Fatalf("%v: %v", set, err)
		}
	}
	want := `# my servers
profile: eu
output: json
profiles:
  prod:
    api-url: https://api.prod.test
    app-url: https://app.prod.test
    secret-at: keyring
    timeout: 2m
  eu:
    api-url: https://api.eu.test
    secret-at: file
    output: csv
    ca-cert: /etc/ca.pem
`
	if diff := cmp.Diff(want, contents(t, env)); diff != "" {
		t.Error(diff)
	}
	for _, bad := range [][3]string{
		{"colour", "red", ""}, {"output", "xml", ""}, {"parallelism", "x", ""}, {"timeout", "-1s", ""}, {"api-url", "http://10.0.0.5", ""},
		{"ca-cert", "ca.pem", ""}, {"profile", "nobody", ""}, {"profile", "eu", "prod"}, {"output", "json", "nobody"}, {"org", "a\nb", ""},
	} {
		if err := s.Set(bad[0], bad[1], bad[2]); err == nil || codeOf(err) != exit.BadInput {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if diff := cmp.Diff(want, contents(t, env)); diff != "" {
		t.Error("a refused setting changed the file:", diff)
	}
}

func TestNeverThroughALink(t *testing.T) {
	t.Parallel()
	env := home(t, file, nil)
	path := filepath.Join(env("HOME"), ".config", "btadmin", "config.yaml")
	target := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(path, target); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	err := load(t, env, flags.Global{}).Set("output", "json", "")
	var e *exit.Error
	if !errors.As(err, &e) || !strings.Contains(e.Hint, "link") {
		t.Errorf("%v", err)
	}
}

// Whatever an organization is called, its name comes back as it was saved.
func TestNamesSurvive(t *testing.T) {
	t.Parallel()
	env := home(t, "", nil)
	rapid.Check(t, func(rt *rapid.T) {
		org := rapid.String().Filter(func(s string) bool {
			return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
		}).Draw(rt, "org")
		s, err := config.Load(env, &flags.Global{})
		if err != nil {
			rt.Fatal(err)
		}
		if err := s.SaveProfile(config.Profile{Name: "a", Org: org}); err != nil {
			rt.Fatal(err)
		}
		s, err = config.Load(env, &flags.Global{})
		if err != nil {
			rt.Fatal(err)
		}
		if got := s.OrgName(); got != org {
			rt.Fatalf("%q came back as %q", org, got)
		}
	})
}
