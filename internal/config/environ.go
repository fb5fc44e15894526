package config

import (
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/flags"
)

// EnvVar is one environment variable that the program reads.
type EnvVar struct {
	Name    string
	Flag    string // the flag that says the same and wins, with dashes; "" when there is none
	Meaning string
}

// environment is the table behind `help environment`. Secrets of the table above it are added by Environment.
var environment = [...]EnvVar{
	{"BRAINTRUST_API_KEY", "", "the key to use; wins over every profile but one named with --profile, and never touches the keyring"},
	{"BRAINTRUST_NO_COLOR", "--no-color", "no colour; NO_COLOR does the same"},
	{"BRAINTRUST_NO_INPUT", "--no-input", "never ask; a missing value is an error"},
	{"BTADMIN_SANDBOX", "--sandbox", "act on the embedded organization"},
	{"BTADMIN_JSON", "--json", "print JSON with every field"},
	{"BTADMIN_JQ", "--jq", "filter the JSON with a jq expression"},
	{"BTADMIN_FIELDS", "--fields", "print only these fields, comma separated"},
	{"BTADMIN_CSV_RAW", "--csv-raw", "leave CSV cells that a spreadsheet would run as they are"},
	{"BTADMIN_DRY_RUN", "--dry-run", "read, show what would be written, write nothing"},
	{"BTADMIN_YES", "--yes", "answer the question with yes (never a guard)"},
	{"BTADMIN_QUIET", "--quiet", "no status lines and no progress"},
	{"BTADMIN_DEBUG", "--debug", "print each request to stderr, without secrets"},
	{"BTADMIN_ACCESSIBLE", "", "ask with plain numbered lines, without moving the cursor"},
	{"NO_COLOR", "", "no colour"},
	{"CLICOLOR_FORCE", "", "colour in pipes too"},
	{"HOME", "", "where the configuration (.config/btadmin) and the journal (.local/state/btadmin) are"},
	{"XDG_CONFIG_HOME", "", "the folder above btadmin's configuration, instead of HOME/.config"},
	{"XDG_STATE_HOME", "", "the folder above btadmin's journal and sandbox, instead of HOME/.local/state"},
	{"XDG_CACHE_HOME", "", "the folder above the names that TAB offers, instead of HOME/.cache"},
}

// Environment lists the variables that the program reads: the settings first, then the others.
func Environment() []EnvVar {
	list := make([]EnvVar, 0, len(environment)+len(keys))
	for _, k := range keys {
		list = append(list, EnvVar{Name: k.env, Flag: "--" + k.name, Meaning: k.meaning})
	}
	list = append(list, environment[:]...)
	slices.SortStableFunc(list, func(a, b EnvVar) int { return rank(a.Name) - rank(b.Name) })
	return list
}

func rank(name string) int {
	switch {
	case strings.HasPrefix(name, "BRAINTRUST_"):
		return 0
	case strings.HasPrefix(name, "BTADMIN_"):
		return 1
	}
	return 2
}

// ApplyEnvironment fills the flags that say how to talk from their variables, unless they are on the command line:
// changed tells by name. The settings of the table of keys are none of them; Load weighs those.
func ApplyEnvironment(env func(string) string, changed func(flag string) bool, g *flags.Global) error {
	for _, f := range []struct {
		variable, flag string
		value          *bool
		unless         []string // flags that say something else
	}{
		{"BTADMIN_SANDBOX", "sandbox", &g.Sandbox, []string{"profile"}},
		{"BTADMIN_JSON", "json", &g.JSON, []string{"output"}},
		{"BTADMIN_CSV_RAW", "csv-raw", &g.CSVRaw, nil},
		{"BTADMIN_DRY_RUN", "dry-run", &g.DryRun, nil},
		{"BTADMIN_YES", "yes", &g.Yes, nil},
		{"BRAINTRUST_NO_INPUT", "no-input", &g.NoInput, nil},
		{"BTADMIN_QUIET", "quiet", &g.Quiet, nil},
		{"BTADMIN_DEBUG", "debug", &g.Debug, nil},
		{"BRAINTRUST_NO_COLOR", "no-color", &g.NoColor, nil},
	} {
		if changed(f.flag) || !truthy(env(f.variable)) || slices.ContainsFunc(f.unless, changed) {
			continue
		}
		*f.value = true
	}
	g.SandboxByEnvironment = g.Sandbox && !changed("sandbox")
	if jq := env("BTADMIN_JQ"); jq != "" && !changed("jq") && !changed("output") {
		g.JQ = jq
	}
	if fields := env("BTADMIN_FIELDS"); fields != "" && !changed("fields") {
		g.Fields = strings.Split(fields, ",")
		if slices.Contains(g.Fields, "") {
			return exit.BadInputf("reading BTADMIN_FIELDS: an empty field name")
		}
	}
	return nil
}

// truthy is how switches in the environment are read; iostreams reads its own the same way.
func truthy(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}
