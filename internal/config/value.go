package config

import "fmt"

// SourceKind is the layer that a value comes from.
type SourceKind string

// The layers, the strongest first.
const (
	FromFlag        SourceKind = "flag"
	FromEnvironment SourceKind = "environment"
	FromProfile     SourceKind = "profile"
	FromFile        SourceKind = "file"
	FromDefault     SourceKind = "default"
	// FromSandbox is of what the embedded organization has by itself, whatever is configured.
	FromSandbox SourceKind = "sandbox"
)

// Source is where a value comes from.
type Source struct {
	Kind SourceKind
	Name string // the flag, variable, profile or file; "" for a default
}

// String is the form that people read: "environment BTADMIN_OUTPUT".
func (s Source) String() string {
	if s.Name == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + " " + s.Name
}

// Value is one setting as it is in effect.
type Value struct {
	Key    string
	Value  string
	Source Source
}

// List returns every setting with where it came from.
func (s *Settings) List() []Value {
	list := make([]Value, len(keys))
	for i, k := range keys {
		list[i] = s.value(k)
	}
	return list
}

// value is one setting as it is in effect. Of the sandbox, what says where a server is has no value.
func (s *Settings) value(k key) Value {
	if s.Sandbox() && k.remote && s.sources[k.name].Kind == FromDefault {
		return Value{Key: k.name, Source: Source{Kind: FromSandbox}}
	}
	return Value{Key: k.name, Value: s.values.GetString(k.name), Source: s.sources[k.name]}
}

// Get returns one setting. An unknown one is an error of exit code 4.
func (s *Settings) Get(name string) (Value, error) {
	k, err := findKey(name)
	if err != nil {
		return Value{}, err
	}
	return s.value(k), nil
}

// CheckProfile reports whether the profile in use exists; its error carries exit code 4 and names the nearest.
func (s *Settings) CheckProfile() error {
	if s.choice.key != KeyProfile {
		return nil
	}
	if _, ok := s.file.profiles[s.choice.profile]; ok {
		return nil
	}
	err := s.unknownProfile(s.choice.profile)
	if s.choice.named.Kind != FromFlag {
		err.Err = fmt.Errorf("%w (named by %s)", err.Err, s.choice.named)
	}
	return err
}
