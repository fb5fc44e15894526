package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"btadmin/internal/config"
	"btadmin/internal/flags"
)

// Flags without a variable, each with its reason: approvals are given for one run, on its command line.
var withoutVariable = map[string]bool{
	"confirm": true, "confirm-count": true, "approve-superuser": true, "override": true, "reason": true,
	"approve-exposure": true, "max-removals": true,
}

func TestEveryGlobalFlagHasAVariable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, v := range config.Environment() {
		if v.Meaning == "" {
			t.Errorf("%s means nothing", v.Name)
		}
		known[v.Flag] = true
	}
	var g flags.Global
	fs := pflag.NewFlagSet("", pflag.ContinueOnError)
	g.Bind(fs)
	fs.VisitAll(func(f *pflag.Flag) {
		if known["--"+f.Name] == withoutVariable[f.Name] {
			t.Errorf("--%s: in the table: %v", f.Name, known["--"+f.Name])
		}
		delete(known, "--"+f.Name)
	})
	delete(known, "")
	for name := range known {
		t.Errorf("the table names %s, which is no flag", name)
	}
}

func TestApplyEnvironment(t *testing.T) {
	t.Parallel()
	everything := map[string]string{
		"BTADMIN_SANDBOX": "1", "BTADMIN_JSON": "true", "BTADMIN_CSV_RAW": "yes", "BTADMIN_DRY_RUN": "1", "BTADMIN_YES": "1",
		"BRAINTRUST_NO_INPUT": "1", "BTADMIN_QUIET": "1", "BTADMIN_DEBUG": "1", "BRAINTRUST_NO_COLOR": "1",
		"BTADMIN_JQ": ".[]", "BTADMIN_FIELDS": "a,b",
	}
	tests := []struct {
		name    string
		env     map[string]string
		changed []string
		given   flags.Global
		want    flags.Global
	}{
		{"nothing", nil, nil, flags.Global{}, flags.Global{}},
		{"everything", everything, nil, flags.Global{}, flags.Global{
			Sandbox: true, SandboxByEnvironment: true, JSON: true, CSVRaw: true, DryRun: true, Yes: true, NoInput: true, Quiet: true, Debug: true,
			NoColor: true, JQ: ".[]", Fields: []string{"a", "b"},
		}},
		{"off", map[string]string{"BTADMIN_YES": "0", "BTADMIN_DRY_RUN": "false", "BTADMIN_QUIET": "off"}, nil, flags.Global{}, flags.Global{}},
		{"a flag wins", map[string]string{"BTADMIN_DRY_RUN": "1"}, []string{"dry-run"}, flags.Global{}, flags.Global{}},
		{"the flag of the sandbox", map[string]string{"BTADMIN_SANDBOX": "1"}, []string{"sandbox"}, flags.Global{Sandbox: true}, flags.Global{Sandbox: true}},
		{"a profile wins over the sandbox", map[string]string{"BTADMIN_SANDBOX": "1"}, []string{"profile"}, flags.Global{Profile: "p"}, flags.Global{Profile: "p"}},
		{"a format wins over JSON and jq", map[string]string{"BTADMIN_JSON": "1", "BTADMIN_JQ": "."}, []string{"output"}, flags.Global{Output: "csv"}, flags.Global{Output: "csv"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := func(name string) bool {
				for _, c := range tt.changed {
					if c == name {
						return true
					}
				}
				return false
			}
			got := tt.given
			if err := config.ApplyEnvironment(environment(tt.env), changed, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	err := config.ApplyEnvironment(environment(map[string]string{"BTADMIN_FIELDS": "a,,b"}), func(string) bool { return false }, &flags.Global{})
	if err == nil {
		t.Error("an empty field name is accepted")
	}
}
