package output

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/text"
)

// fieldNames lists the JSON names of a struct type in the order of its fields, embedded structs included; nil
// when the type is no struct and its names are only known from data.
func fieldNames(t reflect.Type) []string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case tag == "-" && options == "":
			continue
		case strings.Contains(options, "unknown"):
			continue
		case tag == "" && (f.Anonymous || strings.Contains(options, "embed") || strings.Contains(options, "inline")):
			names = append(names, fieldNames(f.Type)...)
		case !f.IsExported():
			continue
		case tag == "":
			names = append(names, f.Name)
		default:
			names = append(names, strings.Trim(tag, "'"))
		}
	}
	return names
}

// unknownField is the error that lists what there is.
func unknownField(field string, known []string) error {
	e := &UsageError{Message: fmt.Sprintf("unknown field %s: the fields are %s", quoted(field), strings.Join(known, ", "))}
	if len(known) == 0 {
		e.Message = fmt.Sprintf("unknown field %s: this result has no fields", quoted(field))
	}
	if near := text.Nearest(field, known); len(near) > 0 {
		e.Advice = "did you mean " + near[0] + "?"
	}
	return e
}

// checkFields compares the wanted fields with those that T and its columns have.
func checkFields[T any](p *Printer, cols []Column[T]) error {
	names := fieldNames(reflect.TypeFor[T]())
	if len(p.fields) == 0 || names == nil {
		return nil
	}
	if p.Human() || p.format == FormatCSV {
		for _, c := range cols {
			if c.Field != "" && !slices.Contains(names, c.Field) {
				names = append(names, c.Field)
			}
		}
	}
	for _, f := range p.fields {
		if !slices.Contains(names, f) {
			return unknownField(f, names)
		}
	}
	return nil
}

// chosen are the columns to print: those of --fields in its order, or all. A field without a column of its own is
// taken from the JSON view.
func chosen[T any](p *Printer, cols []Column[T]) []Column[T] {
	if len(p.fields) == 0 {
		return cols
	}
	picked := make([]Column[T], 0, len(p.fields))
	for _, f := range p.fields {
		i := slices.IndexFunc(cols, func(c Column[T]) bool { return c.Field == f })
		if i >= 0 {
			c := cols[i]
			c.Wide = false // asked for by name
			picked = append(picked, c)
			continue
		}
		picked = append(picked, Column[T]{
			Field:  f,
			Header: strings.ToUpper(strings.ReplaceAll(f, "_", " ")),
			Text:   func(v T) string { return jsonField(v, f) },
		})
	}
	return picked
}

// jsonField is one field of v as text: a string as it is, null as nothing, anything else as JSON.
func jsonField(v any, field string) string {
	raw, err := encode(v)
	if err != nil {
		return ""
	}
	members, err := objectMembers(raw)
	if err != nil {
		return ""
	}
	value := members[field]
	switch value.Kind() {
	case '"':
		s, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return ""
		}
		return string(s)
	case 'n', 0:
		return ""
	}
	return string(value)
}

func objectMembers(raw []byte) (map[string]jsontext.Value, error) {
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil, fmt.Errorf("the value is no JSON object")
	}
	members := map[string]jsontext.Value{}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		members[key] = bytes.Clone(value)
	}
	return members, nil
}

// narrow keeps the wanted fields of one encoded object, or of each object of an array. A field that an object
// leaves out is null, so that every record has the same shape.
func narrow(raw []byte, fields []string) ([]byte, error) {
	if len(raw) > 0 && raw[0] == '[' {
		var list []jsontext.Value
		d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowInvalidUTF8(true))
		if _, err := d.ReadToken(); err != nil {
			return nil, err
		}
		for d.PeekKind() != ']' {
			v, err := d.ReadValue()
			if err != nil {
				return nil, err
			}
			small, err := narrowObject(v, fields, false)
			if err != nil {
				return nil, err
			}
			list = append(list, small)
		}
		out := []byte{'['}
		for i, v := range list {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, v...)
		}
		return append(out, ']'), nil
	}
	return narrowObject(raw, fields, true)
}

// narrowObject keeps the wanted fields; with strict, a field that the object lacks is an error.
func narrowObject(raw []byte, fields []string, strict bool) ([]byte, error) {
	members, err := objectMembers(raw)
	if err != nil {
		return nil, &UsageError{Message: "--fields works on objects, and this result is none"}
	}
	out := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		value, ok := members[f]
		if !ok && strict {
			known := make([]string, 0, len(members))
			for name := range members {
				known = append(known, name)
			}
			slices.Sort(known)
			return nil, unknownField(f, known)
		}
		if !ok {
			value = jsontext.Value("null")
		}
		if out, err = jsontext.AppendQuote(out, f); err != nil {
			return nil, fmt.Errorf("encoding the field name: %w", err)
		}
		out = append(out, ':')
		out = append(out, value...)
	}
	return append(out, '}'), nil
}
