package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"go.yaml.in/yaml/v4"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
)

// Set writes one setting to the configuration file, or into a profile when one is named; "" removes it. Only known
// settings with valid values are written (exit code 4).
func (s *Settings) Set(name, value, profile string) error {
	if err := s.CheckSet(name, value, profile); err != nil {
		return err
	}
	return s.edit(func(d *document) error {
		if profile != "" {
			return d.setInProfile(profile, name, value)
		}
		return d.set(name, value)
	})
}

// CheckSet is Set without writing.
func (s *Settings) CheckSet(name, value, profile string) error {
	if _, err := findKey(name); err != nil {
		return err
	}
	if err := checkValue(name, value); err != nil {
		return err
	}
	if profile != "" {
		if err := profileKey(name); err != nil {
			return err
		}
		_, err := s.FindProfile(profile)
		return err
	}
	if name == keyProfile && value != "" && value != SandboxProfile {
		_, err := s.FindProfile(value)
		return err
	}
	return nil
}

// checkValue refuses what Load would refuse when it reads it back.
func checkValue(name, value string) error {
	if value == "" {
		return nil
	}
	if name == keySecretAt {
		return checkSecretAt(name, value)
	}
	k, err := findKey(name)
	if err != nil {
		return err
	}
	if err = k.check(value); err == nil {
		err = checkStored(name, value)
	}
	if err != nil {
		return exit.New(exit.BadInput, fmt.Errorf("setting %s: %w", name, err))
	}
	return nil
}

// edit reads the file again, changes it and writes it in one step, readable by the user alone. The settings in effect
// stay; the profiles are the new ones.
func (s *Settings) edit(change func(*document) error) error {
	folder, err := s.MakeConfigDir()
	if err != nil {
		return fmt.Errorf("saving the configuration: %w", err)
	}
	d, err := s.dirs.read()
	if err != nil {
		return err
	}
	if err := change(d); err != nil {
		return err
	}
	data, err := yaml.Dump(d.root, yaml.WithV4Defaults())
	if err != nil {
		return fmt.Errorf("saving the configuration: %w", err)
	}
	if len(d.root.Content) == 0 {
		data = nil
	}
	path := filepath.Join(folder, fileName)
	if err := atomicfile.Write(path, data, 0o600, true); err != nil {
		failed := exit.New(exit.Failure, fmt.Errorf("saving the configuration: %w", err))
		if errors.Is(err, atomicfile.ErrNotRegular) {
			return failed.WithHint("a link is never written through; edit the file that it points to")
		}
		return failed.WithHint("check that %s can be written, or use BRAINTRUST_API_KEY, which needs no file", folder)
	}
	d.path = path
	s.file = d
	return nil
}

// set changes a setting of the file; "" removes it.
func (d *document) set(key, value string) error {
	setScalar(d.root, key, value)
	return d.index()
}

// setInProfile changes a setting of a profile, which it makes when it is not there.
func (d *document) setInProfile(profile, key, value string) error {
	setScalar(child(child(d.root, keyProfiles), profile), key, value)
	return d.index()
}

func (d *document) deleteProfile(name string) {
	profiles := child(d.root, keyProfiles)
	remove(profiles, name)
	if len(profiles.Content) == 0 {
		remove(d.root, keyProfiles)
	}
}

// child returns the mapping below key, made when it is not there.
func child(mapping *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(mapping) {
		if k.Value != key {
			continue
		}
		if v.Kind != yaml.MappingNode { // "profiles:" without contents
			*v = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", HeadComment: v.HeadComment, FootComment: v.FootComment}
		}
		v.Style &^= yaml.FlowStyle
		return v
	}
	made := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	mapping.Content = append(mapping.Content, stringNode(key), made)
	return made
}

func setScalar(mapping *yaml.Node, key, value string) {
	if value == "" {
		remove(mapping, key)
		return
	}
	mapping.Style &^= yaml.FlowStyle
	for k, v := range pairs(mapping) {
		if k.Value == key {
			changed := stringNode(value)
			changed.HeadComment, changed.LineComment, changed.FootComment = v.HeadComment, v.LineComment, v.FootComment
			*v = *changed
			return
		}
	}
	mapping.Content = append(mapping.Content, stringNode(key), stringNode(value))
}

func remove(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = append(mapping.Content[:i], mapping.Content[i+2:]...)
			return
		}
	}
}

// stringNode is a string; the library quotes it where it would read as something else.
func stringNode(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// othersMayWrite is the permission bit that makes a configuration untrustworthy: who may edit it may send the key
// to another server.
func othersMayWrite(mode uint32) bool { return runtime.GOOS != "windows" && mode&0o002 != 0 }
