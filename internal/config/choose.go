package config

import "btadmin/pkg/braintrust"

// KeySource says where the key of this run comes from.
type KeySource string

// The places of a key.
const (
	KeyNone        KeySource = ""            // there is none: offer login and the sandbox
	KeyEnvironment KeySource = "environment" // BRAINTRUST_API_KEY; never touches the keyring
	KeyProfile     KeySource = "profile"     // where the profile says
	KeySandbox     KeySource = "sandbox"     // the embedded organization knows its own
)

// choice is which credential is used, and who said so.
type choice struct {
	profile string
	key     KeySource
	named   Source // of the profile
}

// choose applies the order of domain.md, section 9: --profile, then BRAINTRUST_API_KEY, then BRAINTRUST_PROFILE, then
// the configured default. With the environment's key no profile is in use, so that the key never goes to the URL of
// another one.
func choose(flag string, envKey braintrust.Secret, env string, file *document) choice {
	switch {
	case flag != "":
		return profileChoice(flag, Source{FromFlag, "--profile"})
	case !envKey.IsZero():
		return choice{key: KeyEnvironment, named: Source{Kind: FromDefault}}
	case env != "":
		return profileChoice(env, Source{FromEnvironment, "BRAINTRUST_PROFILE"})
	case file.settings[keyProfile] != "":
		return profileChoice(file.settings[keyProfile], Source{FromFile, file.path})
	}
	return choice{named: Source{Kind: FromDefault}}
}

func profileChoice(name string, named Source) choice {
	if name == SandboxProfile {
		return choice{SandboxProfile, KeySandbox, named}
	}
	return choice{name, KeyProfile, named}
}

// KeySource says where the key of this run is; credentials.Find fetches it.
func (s *Settings) KeySource() KeySource { return s.choice.key }

// EnvironmentKey is the raw value of BRAINTRUST_API_KEY, not checked yet; zero when it is not set.
func (s *Settings) EnvironmentKey() braintrust.Secret { return s.envKey }

// Getenv reads a variable of the environment that the settings were loaded from.
func (s *Settings) Getenv(name string) string { return s.env(name) }
