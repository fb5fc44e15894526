package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"btadmin/internal/exit"
)

const (
	keyProfiles = "profiles"
	maxDepth    = 16 // of nesting; the document has three levels
)

// document is the configuration file: its tree, so that comments and order survive an edit, and its values.
type document struct {
	path     string
	root     *yaml.Node // a mapping
	settings map[string]string
	profiles map[string]entry
}

// entry is one profile in the file.
type entry struct{ values map[string]string }

func (e entry) profile(name string) Profile {
	return Profile{
		Name: name, Org: e.values[keyOrg], APIURL: e.values[keyAPIURL], AppURL: e.values[keyAppURL],
		CACert: e.values[keyCACert], SecretAt: SecretAt(e.values[keySecretAt]),
	}
}

func newDocument() *document {
	return &document{
		root:     &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"},
		settings: map[string]string{}, profiles: map[string]entry{},
	}
}

// parse reads a configuration file. Errors name the line.
func parse(path string, data []byte) (*document, error) {
	d := newDocument()
	d.path = path
	root, err := parseNode(data)
	if err != nil {
		return nil, exit.New(exit.BadInput, fmt.Errorf("reading the configuration %s: %w", path, err))
	}
	if root != nil {
		d.root = root
	}
	if err := d.index(); err != nil {
		return nil, exit.New(exit.BadInput, fmt.Errorf("reading the configuration %s: %w", path, err))
	}
	return d, nil
}

// parseNode returns the top mapping, or nil for a file without contents.
func parseNode(data []byte) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, err
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return nil, nil //nolint:nilnil // nothing is there, and that is fine
	} else if err != nil {
		return nil, err
	}
	if err := loader.Load(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("it holds more than one document")
	}
	root := &doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		root = doc.Content[0]
	}
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil //nolint:nilnil // as above
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: it is no mapping of settings", root.Line)
	}
	return root, nil
}

// index reads the values out of the tree and refuses what this version does not know, because a misspelt setting that
// is ignored is worse than an error.
func (d *document) index() error {
	d.settings, d.profiles = map[string]string{}, map[string]entry{}
	if err := unique(d.root); err != nil {
		return err
	}
	for k, v := range pairs(d.root) {
		if k.Value == keyProfiles && (v.Kind == yaml.MappingNode || v.Tag == "!!null") {
			if err := d.indexProfiles(v); err != nil {
				return err
			}
			continue
		}
		if _, err := findKey(k.Value); err != nil {
			return fmt.Errorf("line %d: %w", k.Line, err)
		}
		value, err := scalar(k, v)
		if err != nil {
			return err
		}
		d.settings[k.Value] = value
	}
	return nil
}

func (d *document) indexProfiles(profiles *yaml.Node) error {
	for name, body := range pairs(profiles) {
		if err := CheckProfileName(name.Value); err != nil {
			return fmt.Errorf("line %d: %w", name.Line, err)
		}
		if body.Kind != yaml.MappingNode {
			return fmt.Errorf("line %d: profile %s is no mapping of settings", name.Line, name.Value)
		}
		e := entry{values: map[string]string{}}
		for k, v := range pairs(body) {
			if err := profileKey(k.Value); err != nil {
				return fmt.Errorf("line %d: %w", k.Line, err)
			}
			value, err := scalar(k, v)
			if err != nil {
				return err
			}
			if err := checkSecretAt(k.Value, value); err != nil {
				return fmt.Errorf("line %d: %w", v.Line, err)
			}
			e.values[k.Value] = value
		}
		d.profiles[name.Value] = e
	}
	return nil
}

// profileKey refuses settings that a profile cannot have.
func profileKey(name string) error {
	if name == keySecretAt {
		return nil
	}
	k, err := findKey(name)
	if err != nil {
		return err
	}
	if !k.inProfile {
		return exit.BadInputf("the setting %q is no part of a profile", name)
	}
	return nil
}

func checkSecretAt(key, value string) error {
	if key != keySecretAt || value == "" || SecretAt(value) == InKeyring || SecretAt(value) == InFile {
		return nil
	}
	return fmt.Errorf("%s is %q: it must be %s or %s", keySecretAt, value, InKeyring, InFile)
}

// scalar is the text of a value as it was written; null is "". Anchors, aliases and lists have no business here.
func scalar(k, v *yaml.Node) (string, error) {
	if v.Kind != yaml.ScalarNode {
		return "", fmt.Errorf("line %d: %s must be one value", v.Line, k.Value)
	}
	if v.Tag == "!!null" {
		return "", nil
	}
	return v.Value, nil
}

// unique refuses a key that a mapping has twice: which one is meant nobody can know.
func unique(n *yaml.Node) error {
	seen := map[string]bool{}
	for k, v := range pairs(n) {
		if seen[k.Value] {
			return fmt.Errorf("line %d: %q is there twice", k.Line, k.Value)
		}
		seen[k.Value] = true
		if v.Kind == yaml.MappingNode {
			if err := unique(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// pairs iterates over the keys and values of a mapping.
func pairs(mapping *yaml.Node) func(yield func(k, v *yaml.Node) bool) {
	return func(yield func(k, v *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}
