package batch

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// IDs reads the targets of `-`: ids one a line, or JSON objects with an id (an array, or one after another), each
// once in the order of its first appearance. No input is no ids, because a filter upstream may have found nothing.
// Errors are of type *Error.
func IDs(r io.Reader) ([]string, error) {
	ids, err := readIDs(r)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			e = &Error{Err: err}
		}
		e.Name = standardInput
		return nil, e
	}
	return ids, nil
}

func readIDs(r io.Reader) ([]string, error) {
	data, err := readText(r, defaultBytes)
	if err != nil {
		return nil, err
	}
	list := idList{seen: map[string]bool{}}
	if start := bytes.TrimLeft(data, " \t\r\n"); len(start) > 0 && bytes.IndexByte([]byte(`[{"`), start[0]) >= 0 {
		err = list.fromJSON(data)
	} else {
		err = list.fromLines(data)
	}
	return list.ids, err
}

type idList struct {
	ids  []string
	seen map[string]bool
}

func (l *idList) fromLines(data []byte) error {
	line := 0
	for raw := range bytes.Lines(data) {
		line++
		id := strings.Trim(strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r"), " \t")
		if id == "" || id[0] == '#' {
			continue
		}
		if strings.Contains(id, "\t") {
			return at(line, "a line holds one id: print them with --fields id or --json")
		}
		if err := l.add(id, line); err != nil {
			return err
		}
	}
	return nil
}

func (l *idList) fromJSON(data []byte) error {
	v, err := newValues(data)
	if err != nil {
		return err
	}
	for {
		raw, line, err := v.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		id, err := idOf(raw, line)
		if err != nil {
			return err
		}
		if err := l.add(id, line); err != nil {
			return err
		}
	}
}

// idOf is a string, or the id of an object.
func idOf(raw jsontext.Value, line int) (string, error) {
	switch raw.Kind() {
	case '"':
		return scalar(raw)
	case '{':
	default:
		return "", at(line, "an id or an object with an id is wanted, this is %s", kindName(raw.Kind()))
	}
	var id string
	err := members(raw, func(name string, value jsontext.Value) error {
		if name != "id" {
			return nil
		}
		if value.Kind() != '"' {
			return at(line, "the id of an object must be a text, this is %s", kindName(value.Kind()))
		}
		var err error
		id, err = scalar(value)
		return err
	})
	if err == nil && id == "" {
		err = at(line, "this object has no id")
	}
	return id, err
}

func (l *idList) add(id string, line int) error {
	switch {
	case strings.TrimSpace(id) == "":
		return at(line, "the id is empty")
	case strings.ContainsFunc(id, unicode.IsControl):
		return at(line, "there is a control character in %q", id)
	case l.seen[id]:
		return nil
	case len(l.ids) >= defaultMaxRows:
		return at(line, "there are more than %d ids", defaultMaxRows)
	}
	l.seen[id] = true
	l.ids = append(l.ids, id)
	return nil
}
