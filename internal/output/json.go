package output

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/text"
)

// encode is the exact JSON of v, compact: fields in the order of the struct, no HTML escapes, [] for an empty
// list. Map keys are sorted so that two runs print the same.
func encode(v any) ([]byte, error) {
	raw, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("encoding the result as JSON: %w", err)
	}
	return raw, nil
}

// finish makes encoded JSON ready to be shown: indented if wanted, and with everything unsafe as \u escapes, which
// changes how a terminal or a CI log takes it but not the value (B1, B6).
func finish(raw []byte, pretty bool) ([]byte, error) {
	raw = escapeJSON(raw)
	if !pretty {
		return raw, nil
	}
	v := jsontext.Value(bytes.Clone(raw))
	if err := v.Indent(jsontext.WithIndent("  "), jsontext.PreserveRawStrings(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, fmt.Errorf("indenting the result: %w", err)
	}
	return v, nil
}

// escapeJSON escapes characters that have no honest picture. Outside of strings JSON is ASCII, and C0 controls
// are escaped already, so that every hit lies inside a string. It also breaks "##" apart, which starts a workflow
// command anywhere in a line.
func escapeJSON(raw []byte) []byte {
	at := needsEscape(raw)
	if at < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw)+64)
	out = append(out, raw[:at]...)
	for i := at; i < len(raw); {
		if startsCommand(raw[i:]) {
			out = append(out, `\u0023`...)
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if raw[i] != '\n' && text.UnsafeRune(r) && !(r == utf8.RuneError && size == 1) {
			if high, low := utf16.EncodeRune(r); r > 0xFFFF {
				out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
		} else {
			out = append(out, raw[i:i+size]...)
		}
		i += size
	}
	return out
}

func needsEscape(raw []byte) int {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '#' && startsCommand(raw[i:]), c == 0x7f:
			return i
		case c < utf8.RuneSelf:
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if text.UnsafeRune(r) {
			return i
		}
		i += size
	}
	return -1
}

func startsCommand(b []byte) bool {
	return len(b) > 2 && b[0] == '#' && b[1] == '#' && (b[2] == '[' || b[2]|0x20 == 'v')
}

// Value prints a document that has no table: JSON, or YAML with -o yaml. --fields and --jq apply to it.
func Value(p *Printer, v any) error {
	raw, err := encode(v)
	if err != nil {
		return err
	}
	if len(p.fields) > 0 {
		if raw, err = narrow(raw, p.fields); err != nil {
			return err
		}
	}
	w := p.sink()
	if err := p.document(w, raw); err != nil {
		return err
	}
	return w.flush()
}

// document writes one JSON value in the printer's format; formats without a notation for it get JSON.
func (p *Printer) document(w *sink, raw []byte) error {
	switch {
	case p.query != nil:
		return p.query.run(p, w, raw)
	case p.format == FormatYAML:
		out, err := toYAML(raw)
		if err != nil {
			return err
		}
		w.bytes(out)
		return nil
	}
	out, err := finish(raw, p.streams.OutTTY && p.format != FormatJSONL)
	if err != nil {
		return err
	}
	w.bytes(out)
	w.str("\n")
	return nil
}
