package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type fieldKind int

const (
	anything fieldKind = iota
	text
	uuidText
	boolean
	object  // checked against sub when it has one
	objects // an array of object
	texts
	uuids
)

type fieldPlace uint8

const (
	inAnswer fieldPlace = 1 << iota
	inCreate
	inPatch
)

// field is one property of a schema (openapi.json) and where it may stand.
type field struct {
	name     string
	kind     fieldKind
	in       fieldPlace
	required bool     // in a create
	nonEmpty bool     // minLength 1
	enum     []string // permitted values of a text
	sub      []field
	def      string // JSON of an answer that has no value; "" means null
}

// strict checks a body against the fields of one place. Keys that the schema lacks are refused, with the
// message that the real server was seen to give; null counts as absent (a PATCH cannot set null).
func strict(body []byte, fields []field, place fieldPlace) (document, error) {
	if len(body) == 0 {
		body = []byte("{}")
	}
	d, err := parseDocument(body)
	if err != nil {
		if jsontext.Value(body).Kind() != '{' && jsontext.Value(body).IsValid() {
			return nil, badRequest("Expected object, received something else at path []")
		}
		return nil, badRequest("Invalid JSON: %s", jsonProblem(err))
	}
	if err := checkObject(d, fields, place, nil); err != nil {
		return nil, err
	}
	for key, v := range d {
		if v.Kind() == 'n' {
			delete(d, key)
		}
	}
	return d, nil
}

// jsonProblem is the reason without the Go types that a decoder's error names.
func jsonProblem(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return syntax.Error()
	}
	return "not a JSON object"
}

func checkObject(d document, fields []field, place fieldPlace, path []string) error {
	keys := make([]string, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key && f.in&place != 0 })
		if i < 0 {
			return badRequest("Extraneous key '%s' at path %s", key, showPath(path))
		}
		if err := checkValue(d[key], fields[i], place, append(path, key)); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if f.required && f.in&place != 0 && place == inCreate && !d.has(f.name) {
			return badRequest("Required at path %s", showPath(append(path, f.name)))
		}
	}
	return nil
}

func checkValue(v jsontext.Value, f field, place fieldPlace, path []string) error {
	kind := v.Kind()
	if kind == 'n' {
		return nil // required ones are caught as absent
	}
	wrong := func(want string) error { return badRequest("Expected %s at path %s", want, showPath(path)) }
	switch f.kind {
	case text, uuidText:
		if kind != '"' {
			return wrong("string")
		}
		raw, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return wrong("string")
		}
		s := string(raw)
		if f.kind == uuidText && !isUUID(s) {
			return badRequest("Invalid uuid '%s' at path %s", s, showPath(path))
		}
		if f.nonEmpty && s == "" {
			return badRequest("String must contain at least 1 character(s) at path %s", showPath(path))
		}
		if f.enum != nil && !slices.Contains(f.enum, s) {
			return badRequest("Invalid enum value '%s' at path %s", s, showPath(path))
		}
	case boolean:
		if kind != 't' && kind != 'f' {
			return wrong("boolean")
		}
	case object:
		if kind != '{' {
			return wrong("object")
		}
		return checkNested(v, f, place, path)
	case objects, texts, uuids:
		if kind != '[' {
			return wrong("array")
		}
		var items []jsontext.Value
		if err := json.Unmarshal(v, &items); err != nil {
			return wrong("array")
		}
		item := f
		item.kind = map[fieldKind]fieldKind{objects: object, texts: text, uuids: uuidText}[f.kind]
		for i, v := range items {
			at := append(slices.Clip(path), fmt.Sprint(i))
			if v.Kind() == 'n' {
				return badRequest("Expected %s, received null at path %s", item.kind, showPath(at))
			}
			if err := checkValue(v, item, place, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkNested(v jsontext.Value, f field, place fieldPlace, path []string) error {
	if f.sub == nil {
		return nil
	}
	d, err := parseDocument(v)
	if err != nil {
		return badRequest("Invalid object at path %s", showPath(path))
	}
	// What is nested is always whole, also within a PATCH.
	return checkObject(d, f.sub, inCreate, path)
}

func (k fieldKind) String() string {
	switch k {
	case text, uuidText:
		return "string"
	case boolean:
		return "boolean"
	case object:
		return "object"
	default:
		return "value"
	}
}

// showPath writes a path as the real server does: [] for the top, then the keys.
func showPath(path []string) string {
	return "[" + strings.Join(path, ",") + "]"
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}
