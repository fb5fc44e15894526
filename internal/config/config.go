// Package config finds the settings of one run: flag over environment over profile over configuration file over
// default, and where each came from. It keeps the profiles, and it knows the user's folders. It is the only importer
// of viper. Nothing is ever read from the working directory (A4), and loading happens when a command first asks.
package config

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/viper"

	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/pkg/braintrust"
)

// SandboxProfile is the reserved name of the embedded organization. It is no entry of the configuration file.
const SandboxProfile = "sandbox"

// The addresses of the hosted product (domain.md, section 1).
const (
	DefaultAPIURL = "https://api.braintrust.dev"
	DefaultAppURL = "https://www.braintrust.dev"
)

// Settings are the settings of one run. They do not change after Load; the methods that save write to the file only.
type Settings struct {
	env      func(string) string
	dirs     dirs
	file     *document
	fileErr  error // why the file could not be read, when an environment key lets reads go on (A5)
	choice   choice
	values   *viper.Viper
	sources  map[string]Source
	debug    bool
	envKey   braintrust.Secret
	explicit bool // the API URL was given with --api-url or BRAINTRUST_API_URL
}

// Load reads the configuration file and combines it with the environment and the flags. A profile that does not exist
// is no error here, because login makes it: CheckProfile says so. Errors carry exit code 4.
func Load(env func(string) string, g *flags.Global) (*Settings, error) {
	s := &Settings{
		env:     env,
		dirs:    findDirs(env),
		envKey:  braintrust.NewSecret(env("BRAINTRUST_API_KEY")),
		values:  viper.New(),
		sources: map[string]Source{},
		debug:   g.Debug || truthy(env("BTADMIN_DEBUG")),
	}
	var err error
	if s.file, err = s.dirs.read(); err != nil {
		if !unreadable(err) || s.envKey.IsZero() || g.Profile != "" {
			return nil, err
		}
		s.file, s.fileErr = newDocument(), err
	}
	s.choice = choose(g.Profile, s.envKey, env("BRAINTRUST_PROFILE"), s.file)
	if s.Sandbox() && g.Sandbox { // which stands for --profile sandbox
		s.choice.named = Source{FromFlag, "--sandbox"}
		if g.SandboxByEnvironment {
			s.choice.named = Source{FromEnvironment, "BTADMIN_SANDBOX"}
		}
	}
	if s.Sandbox() && (g.APIURL != "" || g.AppURL != "") {
		return nil, exit.BadInputf("the sandbox has no other URL: --api-url and --app-url exclude it")
	}
	if err := s.combine(g); err != nil {
		return nil, err
	}
	return s, nil
}

// combine puts the layers over one another, the weakest first.
func (s *Settings) combine(g *flags.Global) error {
	for _, k := range keys {
		s.values.SetDefault(k.name, k.initial)
		s.sources[k.name] = Source{Kind: FromDefault}
	}
	if err := s.layer(s.file.settings, func(key) Source { return Source{FromFile, s.file.path} }); err != nil {
		return err
	}
	if p, ok := s.file.profiles[s.choice.profile]; ok {
		if err := s.layer(p.values, func(key) Source { return Source{FromProfile, s.choice.profile} }); err != nil {
			return err
		}
	}
	fromEnv := map[string]string{}
	for _, k := range keys {
		fromEnv[k.name] = s.env(k.env)
	}
	delete(fromEnv, keyProfile) // choose has weighed it against the environment's key
	if err := s.layer(fromEnv, func(k key) Source { return Source{FromEnvironment, k.env} }); err != nil {
		return err
	}
	if err := s.layer(fromFlags(g), func(k key) Source { return Source{FromFlag, "--" + k.name} }); err != nil {
		return err
	}
	s.values.Set(keyProfile, s.choice.profile)
	s.sources[keyProfile] = s.choice.named
	kind := s.sources[keyAPIURL].Kind
	s.explicit = kind == FromFlag || kind == FromEnvironment
	return nil
}

// layer puts values over the ones so far. The sandbox takes nothing from outside that says which server is meant.
func (s *Settings) layer(values map[string]string, source func(key) Source) error {
	for _, k := range keys {
		value := values[k.name]
		from := source(k)
		if value == "" || (s.Sandbox() && k.remote && from.Kind != FromFlag) {
			continue
		}
		err := k.check(value)
		if k.name == keyOutput && from.Kind == FromFlag && slices.Contains(commandFormats[:], value) {
			err = nil
		}
		if err == nil && (from.Kind == FromFile || from.Kind == FromProfile) {
			err = checkStored(k.name, value)
		}
		if err != nil {
			return exit.New(exit.BadInput, fmt.Errorf("reading %s from %s: %w", k.name, from, err))
		}
		s.values.Set(k.name, value)
		s.sources[k.name] = from
	}
	return nil
}

func fromFlags(g *flags.Global) map[string]string {
	values := map[string]string{
		keyOrg: g.Org, keyAPIURL: g.APIURL, keyAppURL: g.AppURL, keyCACert: g.CACert, keyOutput: g.Output,
	}
	if g.Parallelism != 0 {
		values[keyParallelism] = strconv.Itoa(g.Parallelism)
	}
	if g.Timeout != 0 {
		values[keyTimeout] = g.Timeout.String()
	}
	return values
}

// Profile is the profile in use, SandboxProfile for the embedded organization, "" when the environment's key is used
// or no profile is configured.
func (s *Settings) Profile() string { return s.choice.profile }

// Sandbox reports whether the embedded organization is meant.
func (s *Settings) Sandbox() bool { return s.choice.profile == SandboxProfile }

// APIURL is the root of the API; the sandbox ignores it.
func (s *Settings) APIURL() string { return s.values.GetString(keyAPIURL) }

// APIURLGiven reports whether the user named the API URL for this run, by flag or environment. Login then uses it
// instead of what the server proposes (A3).
func (s *Settings) APIURLGiven() bool { return s.explicit }

// AppURL is the root of the web application. It is never derived from the API URL.
func (s *Settings) AppURL() string { return s.values.GetString(keyAppURL) }

// OrgName is the organization to act in, "" when the key alone decides.
func (s *Settings) OrgName() string { return s.values.GetString(keyOrg) }

// Output is the configured output format, "" when the terminal decides.
func (s *Settings) Output() string { return s.values.GetString(keyOutput) }

// CACert is a PEM file with further certificates to trust, or "".
func (s *Settings) CACert() string { return s.values.GetString(keyCACert) }

// Timeout bounds the run; 0 means that nothing does.
func (s *Settings) Timeout() time.Duration { return s.values.GetDuration(keyTimeout) }

// Parallelism is how many requests may be in flight.
func (s *Settings) Parallelism() int { return s.values.GetInt(keyParallelism) }

// Debug reports whether each request is shown.
func (s *Settings) Debug() bool { return s.debug }

// ConfigDir is the user's configuration folder, an absolute path that need not exist. Errors are of type *DirError.
func (s *Settings) ConfigDir() (string, error) { return s.dirs.config.path() }

// StateDir is the folder of the journal and the sandbox, an absolute path that need not exist. Errors are of type
// *DirError.
func (s *Settings) StateDir() (string, error) { return s.dirs.state.path() }

// CacheDir is the folder of what can be made anew at any time.
func (s *Settings) CacheDir() (string, error) { return s.dirs.cache.path() }

// Warnings are what the user should know about the configuration although work goes on.
func (s *Settings) Warnings() []string {
	if s.fileErr == nil {
		return nil
	}
	return []string{s.fileErr.Error() + "; going on with BRAINTRUST_API_KEY alone"}
}
