package config

import (
	"fmt"
	"maps"
	"slices"

	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// SecretAt says where the key of a profile is. Reading never tries another place.
type SecretAt string

// The places of a profile's key.
const (
	InKeyring SecretAt = "keyring"
	InFile    SecretAt = "file" // only with --insecure-storage
)

// keySecretAt is how the configuration file spells SecretAt.
const keySecretAt = "secret-at"

// maxProfileName bounds a name; it becomes part of a file name.
const maxProfileName = 64

// Profile is one set of credentials with the place that they are for. The key itself is elsewhere.
type Profile struct {
	Name     string
	Org      string
	APIURL   string // the origin that the key was given for (A3)
	AppURL   string
	CACert   string
	SecretAt SecretAt
}

// CheckProfileName refuses names that a profile cannot have. Exit code 4.
func CheckProfileName(name string) error {
	if name == SandboxProfile {
		return exit.BadInputf("the profile name %q is reserved for the embedded organization", name)
	}
	if !plainName(name) {
		return exit.BadInputf("%q is no profile name: use up to %d small letters, digits, - and _", name, maxProfileName)
	}
	return nil
}

// plainName is strict, because viper folds case and splits at dots, and names of key files come from it.
func plainName(name string) bool {
	if name == "" || len(name) > maxProfileName || name[0] == '-' || name[0] == '_' {
		return false
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// Profiles lists the profiles by name, without the sandbox.
func (s *Settings) Profiles() []Profile {
	list := []Profile{}
	for _, name := range slices.Sorted(maps.Keys(s.file.profiles)) {
		list = append(list, s.file.profiles[name].profile(name))
	}
	return list
}

// FindProfile returns a profile by name; an unknown one is an error of exit code 4 that names the nearest.
func (s *Settings) FindProfile(name string) (Profile, error) {
	entry, ok := s.file.profiles[name]
	if !ok {
		return Profile{}, s.unknownProfile(name)
	}
	return entry.profile(name), nil
}

// DefaultProfile is the profile that is used when nothing names one, or "".
func (s *Settings) DefaultProfile() string { return s.file.settings[keyProfile] }

func (s *Settings) unknownProfile(name string) *exit.Error {
	if name == SandboxProfile {
		return exit.BadInputf("the sandbox is not a profile of the configuration file: nothing is kept for it").
			WithHint("without --sandbox and --profile sandbox it is about the configuration file; btadmin profiles list shows its profiles")
	}
	known := slices.Sorted(maps.Keys(s.file.profiles))
	err := exit.BadInputf("there is no profile %q", name)
	if near := text.Nearest(name, append(known, SandboxProfile)); len(near) > 0 {
		return err.WithHint("did you mean %q? btadmin profiles list shows all", near[0])
	}
	if CheckProfileName(name) != nil || len(known) > 0 {
		return err.WithHint("btadmin profiles list shows all")
	}
	return err.WithHint("make it with: btadmin auth login --profile %s", name)
}

// SaveProfile writes a profile, new or changed, and makes it the default when there is none. Settings that the profile
// has beside those of Profile stay.
func (s *Settings) SaveProfile(p Profile) error {
	if err := CheckProfileName(p.Name); err != nil {
		return err
	}
	return s.edit(func(d *document) error {
		for _, v := range []struct{ key, value string }{
			{keyOrg, p.Org}, {keyAPIURL, p.APIURL}, {keyAppURL, p.AppURL}, {keyCACert, p.CACert}, {keySecretAt, string(p.SecretAt)},
		} {
			if err := checkValue(v.key, v.value); err != nil {
				return fmt.Errorf("saving profile %s: %w", p.Name, err)
			}
			if err := d.setInProfile(p.Name, v.key, v.value); err != nil {
				return err
			}
		}
		if d.settings[keyProfile] == "" {
			return d.set(keyProfile, p.Name)
		}
		return nil
	})
}

// DeleteProfile removes a profile from the file. When it was the default there is none afterwards.
func (s *Settings) DeleteProfile(name string) error {
	if _, err := s.FindProfile(name); err != nil {
		return err
	}
	return s.edit(func(d *document) error {
		d.deleteProfile(name)
		if d.settings[keyProfile] == name {
			return d.set(keyProfile, "")
		}
		return nil
	})
}

// UseProfile makes a profile, or the sandbox, the default.
func (s *Settings) UseProfile(name string) error {
	if name != SandboxProfile {
		if _, err := s.FindProfile(name); err != nil {
			return err
		}
	}
	return s.edit(func(d *document) error { return d.set(keyProfile, name) })
}
