package output

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"btadmin/internal/text"
)

// toYAML writes encoded JSON as YAML with the same names in the same order.
func toYAML(raw []byte) ([]byte, error) {
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	node, err := yamlNode(d)
	if err != nil {
		return nil, fmt.Errorf("reading the result back for YAML: %w", err)
	}
	var b bytes.Buffer
	dump, err := yaml.NewDumper(&b, yaml.WithV4Defaults(), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("preparing YAML: %w", err)
	}
	if err := dump.Dump(node); err != nil {
		return nil, fmt.Errorf("encoding the result as YAML: %w", err)
	}
	if err := dump.Close(); err != nil {
		return nil, fmt.Errorf("encoding the result as YAML: %w", err)
	}
	return escapeYAML(b.Bytes()), nil
}

func yamlNode(d *jsontext.Decoder) (*yaml.Node, error) {
	switch d.PeekKind() {
	case '{', '[':
		open, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		if open.Kind() == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		for d.PeekKind() != '}' && d.PeekKind() != ']' {
			child, err := yamlNode(d)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		if len(n.Content) == 0 {
			n.Style = yaml.FlowStyle
		}
		_, err = d.ReadToken()
		return n, err
	}
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return yamlString(t.String()), nil
	case '0':
		tag := "!!int"
		if strings.ContainsAny(t.String(), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: t.String()}, nil
	case 't', 'f':
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: t.String()}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}

// yamlString quotes everything that is not obviously a word: YAML readers disagree about "no", "1e3" and dates.
func yamlString(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	if plainYAML(s) {
		n.Style = 0
	}
	return n
}

func plainYAML(s string) bool {
	if s == "" || !letter(s[0]) && s[0] != '_' && s[0] != '/' {
		return false
	}
	for i := 1; i < len(s); i++ {
		c := s[i]
		inner := c == ' ' && i+1 < len(s) && s[i-1] != ' '
		if !letter(c) && (c < '0' || c > '9') && !strings.ContainsRune("_./@-", rune(c)) && !inner {
			return false
		}
	}
	return !slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(s))
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// escapeYAML replaces unsafe characters by escapes. They only occur in double-quoted scalars, because
// plainYAML admits none; the emitter has escaped the ones that YAML itself does not allow.
func escapeYAML(raw []byte) []byte {
	var out []byte
	for i := 0; i < len(raw); {
		if startsCommand(raw[i:]) {
			out = append(out, `\x23`...)
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case raw[i] == '\n' || !text.UnsafeRune(r):
			out = append(out, raw[i:i+size]...)
		case r > 0xFFFF:
			out = fmt.Appendf(out, `\U%08X`, r)
		default:
			out = fmt.Appendf(out, `\u%04X`, r)
		}
		i += size
	}
	return out
}
