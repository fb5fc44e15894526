package profiles_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/profiles"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
)

const file = `profile: prod
profiles:
  prod:
    org: Acme
    api-url: https://api.example.com
    app-url: https://app.example.com
    secret-at: file
  eu:
    org: Acme europe
`

type user struct {
	t        *testing.T
	home     string
	env      map[string]string
	terminal bool
}

func newUser(t *testing.T, contents string) *user {
	t.Helper()
	u := &user{t: t, home: t.TempDir(), env: map[string]string{}}
	keys := filepath.Join(u.home, ".config", "btadmin", "keys")
	if err := os.MkdirAll(keys, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string]string{
		filepath.Join(keys, "profile-prod.key"):          "sk-prod\n",
		filepath.Join(filepath.Dir(keys), "config.yaml"): contents,
	} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

func (u *user) key() string {
	return filepath.Join(u.home, ".config", "btadmin", "keys", "profile-prod.key")
}

func (u *user) run(stdin string, args ...string) (stdout, stderr string, err error) {
	streams, out, errOut := iostreams.Test(stdin)
	streams.InTTY, streams.ErrTTY = u.terminal, u.terminal
	streams.Env = func(name string) string {
		if name == "HOME" {
			return u.home
		}
		return u.env[name]
	}
	a := app.New(streams, build.Info{}, args)
	root := &cobra.Command{
		Use: "btadmin", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.Start() },
	}
	a.Flags.Bind(root.PersistentFlags())
	root.AddCommand(profiles.New(a))
	root.SetArgs(append([]string{"profiles"}, args...))
	err = root.ExecuteContext(context.Background())
	return out.String(), errOut.String(), err
}

func codeOf(err error) exit.Code {
	var e *exit.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return exit.Failure
	}
	return exit.OK
}

const (
	euRow   = `{"name":"eu","default":false,"active":false,"org_name":"Acme europe","api_url":"","app_url":"","secret_at":""}`
	prodRow = `{"name":"prod","default":true,"active":true,"org_name":"Acme","api_url":"https://api.example.com","app_url":"https://app.example.com","secret_at":"file"}`
)

func TestList(t *testing.T) {
	t.Parallel()
	u := newUser(t, file)
	out, _, err := u.run("", "list", "--json")
	want := "[" + euRow + "," + prodRow + "]\n"
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if out, _, err = u.run("", "list"); err != nil || out != "eu\tfalse\tAcme europe\t\t\nprod\ttrue\tAcme\thttps://api.example.com\tfile\n" {
		t.Errorf("%v\n%s", err, out)
	}
	empty := newUser(t, "")
	out, status, err := empty.run("", "list", "--json")
	if err != nil || out != "[]\n" || !strings.Contains(status, "btadmin auth login") {
		t.Errorf("%v\n%s%s", err, out, status)
	}
}

func TestUse(t *testing.T) {
	t.Parallel()
	u := newUser(t, file)
	u.env["BRAINTRUST_PROFILE"] = "prod"
	out, status, err := u.run("", "use", "eu", "--json")
	if err != nil || !strings.Contains(out, `"name":"eu","default":true`) || !strings.Contains(status, "BRAINTRUST_PROFILE is set to prod") {
		t.Errorf("%v\n%s%s", err, out, status)
	}
	if _, status, err = u.run("", "use", "sandbox"); err != nil || !strings.Contains(status, "sandbox is the default now") {
		t.Errorf("%v\n%s", err, status)
	}
	if _, status, err = u.run("", "use", "prod", "--dry-run"); err != nil || !strings.Contains(status, "would make") {
		t.Errorf("%v\n%s", err, status)
	}
	u.env = map[string]string{}
	if _, status, err = u.run("", "list"); err != nil || !strings.Contains(status, "the default is the embedded organization") {
		t.Errorf("%v\n%s", err, status)
	}
	_, _, err = u.run("", "use", "prdo")
	var e *exit.Error
	if !errors.As(err, &e) || e.Code != exit.BadInput || !strings.Contains(e.Hint, `"prod"`) {
		t.Errorf("%v", err)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		terminal bool
		stdin    string
		args     []string
		code     exit.Code
		gone     bool
	}{
		{"nobody to ask", false, "", []string{"prod"}, exit.BadInput, false},
		{"yes", false, "", []string{"prod", "--yes"}, exit.OK, true},
		{"asked", true, "y\n", []string{"prod"}, exit.OK, true},
		{"declined", true, "\n", []string{"prod"}, exit.Interrupted, false},
		{"dry run", false, "", []string{"prod", "--dry-run"}, exit.OK, false},
		{"one of them unknown", false, "", []string{"prod", "nobody", "--yes"}, exit.BadInput, false},
		{"the sandbox", false, "", []string{"prod", "sandbox", "--yes"}, exit.BadInput, false},
		{"twice", false, "", []string{"prod", "prod", "eu", "--yes"}, exit.OK, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, file)
			u.terminal = tt.terminal
			out, status, err := u.run(tt.stdin, append([]string{"delete"}, tt.args...)...)
			if codeOf(err) != tt.code {
				t.Errorf("%v\n%s%s", err, out, status)
			}
			u.terminal = false
			list, _, err := u.run("", "list", "--jq", ".[].name")
			if err != nil || strings.Contains(list, "prod") == tt.gone {
				t.Errorf("left: %v %s", err, list)
			}
			if _, err := os.Stat(u.key()); (err != nil) != tt.gone {
				t.Errorf("the key file: %v", err)
			}
		})
	}
}
