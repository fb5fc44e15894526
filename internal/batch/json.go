package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// values reads the elements of a JSON array, or JSON values one after another. Duplicate names and trailing text
// are errors.
type values struct {
	data    []byte
	decoder *jsontext.Decoder
	array   bool
	line    int // line of the position up to
	upTo    int
}

func newValues(data []byte) (*values, error) {
	v := &values{data: data, decoder: jsontext.NewDecoder(bytes.NewReader(data)), line: 1}
	if v.decoder.PeekKind() == '[' {
		v.array = true
		if _, err := v.decoder.ReadToken(); err != nil {
			return nil, v.wrong(err)
		}
	}
	return v, nil
}

// next returns an element and the line where it starts; io.EOF after the last.
func (v *values) next() (jsontext.Value, int, error) {
	if v.array && v.decoder.PeekKind() == ']' {
		if _, err := v.decoder.ReadToken(); err != nil {
			return nil, 0, v.wrong(err)
		}
		v.array = false
		if _, err := v.decoder.ReadToken(); !errors.Is(err, io.EOF) {
			return nil, 0, at(v.lineOf(int(v.decoder.InputOffset())), "there is something behind the end of the array")
		}
		return nil, 0, io.EOF
	}
	raw, err := v.decoder.ReadValue()
	if err != nil {
		if errors.Is(err, io.EOF) && !v.array {
			return nil, 0, io.EOF
		}
		return nil, 0, v.wrong(err)
	}
	return raw.Clone(), v.lineOf(int(v.decoder.InputOffset()) - len(raw)), nil
}

// lineOf counts lines; offsets must not go back.
func (v *values) lineOf(offset int) int {
	if offset > v.upTo {
		v.line += bytes.Count(v.data[v.upTo:offset], []byte("\n"))
		v.upTo = offset
	}
	return v.line
}

// wrong says where the JSON is broken, without the library's name in front.
func (v *values) wrong(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return at(v.lineOf(len(v.data)), "the JSON is cut off")
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return at(v.lineOf(int(syntax.ByteOffset)), "this is no valid JSON: %w", syntax.Err)
	}
	return fmt.Errorf("reading JSON: %w", err)
}

// readJSON reads strings and objects.
func (d *Document) readJSON(data []byte, c columns) error {
	v, err := newValues(data)
	if err != nil {
		return err
	}
	for number := 1; ; number++ {
		raw, line, err := v.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		fields, err := fieldsOf(raw, line, c)
		if err != nil {
			return err
		}
		if err := raw.Compact(jsontext.PreserveRawStrings(true)); err != nil {
			return at(line, "this is no valid JSON: %w", err)
		}
		if err := d.add(Row{Number: number, Line: line, Text: string(raw), Fields: fields}, c); err != nil {
			return err
		}
	}
}

// fieldsOf are the fields of one element.
func fieldsOf(raw jsontext.Value, line int, c columns) (map[string]string, error) {
	switch raw.Kind() {
	case '"':
		s, err := scalar(raw)
		if err != nil {
			return nil, at(line, "%w", err)
		}
		return c.bare(s), nil
	case '{':
	default:
		return nil, at(line, "every element must be a string or an object, this is %s", kindName(raw.Kind()))
	}
	fields := map[string]string{}
	err := members(raw, func(spelling string, value jsontext.Value) error {
		name, err := c.name(spelling, line)
		if err != nil || name == "" || value.Kind() == 'n' {
			return err
		}
		if _, there := fields[name]; there {
			return at(line, "field %q is there twice", name)
		}
		if fields[name], err = flat(value); err != nil {
			return at(line, "field %q: %w", name, err)
		}
		return nil
	})
	return fields, err
}

// members calls yield for each member of an object.
func members(object jsontext.Value, yield func(name string, value jsontext.Value) error) error {
	d := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		value, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := yield(name, value); err != nil {
			return err
		}
	}
	return nil
}

// flat is a value as text: a list is joined with commas, which its elements must not have.
func flat(value jsontext.Value) (string, error) {
	if value.Kind() != '[' {
		return scalar(value)
	}
	var parts []string
	v, err := newValues(value)
	for err == nil {
		var element jsontext.Value
		if element, _, err = v.next(); err != nil {
			break
		}
		var part string
		if part, err = scalar(element); err == nil && strings.Contains(part, ",") {
			err = fmt.Errorf("%q has a comma in it", part)
		}
		parts = append(parts, part)
	}
	if !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.Join(parts, ","), nil
}

func scalar(value jsontext.Value) (string, error) {
	switch kind := value.Kind(); kind {
	case '"':
		s, err := jsontext.AppendUnquote(nil, value)
		return string(s), err
	case '0', 't', 'f':
		return string(value), nil
	default:
		return "", fmt.Errorf("a text is wanted, this is %s", kindName(kind))
	}
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 'n':
		return "null"
	case '0':
		return "a number"
	}
	return k.String()
}
