package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/config"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
)

// run is one command line at a home with a profile "eu".
func run(t *testing.T, home string, env map[string]string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	streams, out, errOut := iostreams.Test("")
	streams.Env = func(name string) string {
		if name == "HOME" {
			return home
		}
		return env[name]
	}
	a := app.New(streams, build.Info{}, args)
	root := &cobra.Command{
		Use: "btadmin", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.Start() },
	}
	a.Flags.Bind(root.PersistentFlags())
	root.AddCommand(config.New(a))
	root.SetArgs(append([]string{"config"}, args...))
	err = root.ExecuteContext(context.Background())
	return out.String(), errOut.String(), err
}

func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, ".config", "btadmin")
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	contents := "profiles:\n  eu:\n    org: Acme\n    timeout: 5s\n"
	if err := os.WriteFile(filepath.Join(path, "config.yaml"), []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestListGetSet(t *testing.T) {
	t.Parallel()
	at := home(t)
	steps := []struct {
		args   []string
		env    map[string]string
		out    string // contained in
		status string
	}{
		{[]string{"get", "api-url"}, nil, "https://api.braintrust.dev\n", ""},
		{[]string{"get", "org"}, nil, "\n", ""},
		{[]string{"get", "timeout", "--profile", "eu"}, nil, "5s\n", ""},
		{[]string{"get", "timeout", "--profile", "eu", "--json"}, nil, `{"key":"timeout","value":"5s","source":"profile","origin":"eu"}`, ""},
		{[]string{"set", "parallelism", "3"}, nil, "", "Set parallelism to 3 in the configuration file"},
		{[]string{"set", "timeout", "7s", "--profile", "eu"}, nil, "", "Set timeout to 7s in profile eu"},
		{[]string{"set", "output", "csv", "--dry-run"}, nil, "", "would set output to csv"},
		{[]string{"get", "output"}, nil, "\n", ""},
		{[]string{"get", "parallelism"}, nil, "3\n", ""},
		{[]string{"get", "parallelism"}, map[string]string{"BTADMIN_PARALLELISM": "4"}, "4\n", ""},
		{[]string{"list", "--profile", "eu", "--jq", `.[] | select(.source != "default") | .key + "=" + .value`}, nil, "profile=eu\norg=Acme\nparallelism=3\ntimeout=7s\n", ""},
		{[]string{"list"}, map[string]string{"BRAINTRUST_API_URL": "https://x.example.com"}, "api-url\thttps://x.example.com\tenvironment\tBRAINTRUST_API_URL\n", ""},
		{[]string{"set", "parallelism", "", "--json"}, nil, `{"key":"parallelism","value":"","source":"file","origin":""}`, "Removed parallelism"},
		{[]string{"get", "parallelism"}, nil, "8\n", ""},
	}
	for _, s := range steps {
		out, status, err := run(t, at, s.env, s.args...)
		if err != nil || !strings.Contains(out, s.out) || !strings.Contains(status, s.status) {
			t.Errorf("config %s: %v\n%s%s", strings.Join(s.args, " "), err, out, status)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args []string
		want string
		hint string
	}{
		{[]string{"get", "outptu"}, `unknown setting "outptu"`, `did you mean "output"`},
		{[]string{"set", "api-key", "x"}, `unknown setting "api-key"`, ""},
		{[]string{"set", "output", "xml"}, "is no output format", ""},
		{[]string{"set", "api-url", "http://10.0.0.5"}, "is refused", ""},
		{[]string{"set", "output", "xml", "--dry-run"}, "is no output format", ""},
		{[]string{"set", "org", "x", "--profile", "nobody"}, `there is no profile "nobody"`, ""},
		{[]string{"set", "org", "x", "--profile", "sandbox"}, `the sandbox is not a profile of the configuration file`, ""},
		{[]string{"list", "--profile", "ue"}, `there is no profile "ue"`, ""},
		{[]string{"set", "output"}, "missing argument VALUE", ""},
	}
	at := home(t)
	for _, tt := range tests {
		_, _, err := run(t, at, nil, tt.args...)
		var e *exit.Error
		if !errors.As(err, &e) || e.Code != exit.BadInput || !strings.Contains(err.Error(), tt.want) || !strings.Contains(e.Hint, tt.hint) {
			t.Errorf("config %s: %+v", strings.Join(tt.args, " "), err)
		}
	}
}
