package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// The names of settings, as `config get` and the configuration file spell them.
const (
	keyProfile     = "profile"
	keyOrg         = "org"
	keyAPIURL      = "api-url"
	keyAppURL      = "app-url"
	keyCACert      = "ca-cert"
	keyOutput      = "output"
	keyParallelism = "parallelism"
	keyTimeout     = "timeout"
)

// The limits of --parallelism.
const (
	defaultParallelism = 8
	maxParallelism     = 64
)

// key is one setting: where it may come from and what it may be.
type key struct {
	name      string
	env       string
	initial   string // the default
	inProfile bool   // a profile may have it
	remote    bool   // it says which server or organization; the sandbox has its own
	meaning   string
	check     func(string) error
}

// keys is the table of settings. Each has a flag of the same name.
var keys = [...]key{
	{keyProfile, "BRAINTRUST_PROFILE", "", false, false, "the profile in use when nothing else names one", checkProfileKey},
	{keyOrg, "BRAINTRUST_ORG_NAME", "", true, true, "organization, by name, for keys that belong to several", checkPlain},
	{keyAPIURL, "BRAINTRUST_API_URL", DefaultAPIURL, true, true, "API URL of a hybrid or European deployment", checkURL},
	{keyAppURL, "BRAINTRUST_APP_URL", DefaultAppURL, true, true, "URL of the web application, for login", checkURL},
	{keyCACert, "BRAINTRUST_CA_CERT", "", true, true, "PEM file with further certificates to trust", checkPlain},
	{keyOutput, "BTADMIN_OUTPUT", "", true, false, "table, json, jsonl, yaml, csv or tsv; empty: the terminal decides", checkOutput},
	{keyParallelism, "BTADMIN_PARALLELISM", strconv.Itoa(defaultParallelism), true, false, "requests in flight at most", checkParallelism},
	{keyTimeout, "BTADMIN_TIMEOUT", "0s", true, false, "give up after this long, for example 90s; 0s: never", checkTimeout},
}

// formats are the output formats that may be configured; a test keeps them equal to those of internal/output,
// which this package does not import for the libraries behind it.
var formats = [...]string{"table", "json", "jsonl", "yaml", "csv", "tsv"}

// commandFormats are output formats that some commands have besides. The flag may ask for one, and a command without
// it refuses; as a setting it would break every other command.
var commandFormats = [...]string{"sarif"}

// Key describes one setting for `config list` and the completion of `config set`.
type Key struct {
	Name    string // also the name of its flag, without the dashes
	Env     string
	Default string
	Meaning string
	Profile bool // a profile may have it
}

// Keys lists the settings in the order of the documentation.
func Keys() []Key {
	list := make([]Key, len(keys))
	for i, k := range keys {
		list[i] = Key{Name: k.name, Env: k.env, Default: k.initial, Meaning: k.meaning, Profile: k.inProfile}
	}
	return list
}

// findKey looks a setting up; an unknown one is an error that names the nearest.
func findKey(name string) (key, error) {
	known := make([]string, len(keys))
	for i, k := range keys {
		if k.name == name {
			return k, nil
		}
		known[i] = k.name
	}
	err := exit.BadInputf("unknown setting %q: the settings are %s", name, strings.Join(known, ", "))
	if near := text.Nearest(name, known); len(near) > 0 {
		return key{}, err.WithHint("did you mean %q?", near[0])
	}
	return key{}, err
}

func checkPlain(value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%q has control characters in it", value)
	}
	return nil
}

func checkURL(value string) error {
	_, err := braintrust.CheckURL(value)
	return err
}

func checkProfileKey(value string) error {
	if value == SandboxProfile {
		return nil
	}
	return CheckProfileName(value)
}

// checkStored refuses what must not be in a file: a relative path would mean another file in every working
// directory, a hostile one included (A4).
func checkStored(name, value string) error {
	if name == keyCACert && !filepath.IsAbs(value) {
		return fmt.Errorf("%q is not an absolute path", value)
	}
	return nil
}

func checkOutput(value string) error {
	if value == "" || slices.Contains(formats[:], value) {
		return nil
	}
	return fmt.Errorf("%q is no output format: use %s", value, strings.Join(formats[:], ", "))
}

func checkParallelism(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > maxParallelism {
		return fmt.Errorf("%q is no number from 1 to %d", value, maxParallelism)
	}
	return nil
}

func checkTimeout(value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no duration such as 90s or 5m", value)
	}
	return nil
}
