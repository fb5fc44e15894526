package sandbox

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// document is a JSON object by its top-level keys, values unread: what a write carries and what an
// answer is made of, without a Go type for every schema.
type document map[string]jsontext.Value

func quoted(s string) jsontext.Value {
	v, err := jsontext.AppendQuote(nil, s)
	if err != nil { // broken UTF-8 is replaced, as any JSON decoder would have done
		v, _ = jsontext.AppendQuote(nil, []byte(string([]rune(s))))
	}
	return v
}

func list(values []string) jsontext.Value {
	out := jsontext.Value{'['}
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, quoted(v)...)
	}
	return append(out, ']')
}

func marshal(v any) jsontext.Value {
	out, err := json.Marshal(v)
	if err != nil {
		return jsontext.Value("null")
	}
	return out
}

// has reports a key that is there and not null.
func (d document) has(key string) bool {
	v, ok := d[key]
	return ok && v.Kind() != 'n'
}

// text is a string value, "" when it is missing, null or something else.
func (d document) text(key string) string {
	v, ok := d[key]
	if !ok || v.Kind() != '"' {
		return ""
	}
	s, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(s)
}

func (d document) flag(key string) bool { return d[key].Kind() == 't' }

// texts is an array of strings; nil when it is missing or null.
func (d document) texts(key string) []string {
	var out []string
	if d.has(key) && json.Unmarshal(d[key], &out) != nil {
		return nil
	}
	return out
}

func parseDocument(body []byte) (document, error) {
	d := document{}
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, err
	}
	return d, nil
}

// encode writes exactly the answer fields of the schema, in its order, with a default where nothing is set.
func encode(fields []field, d document) []byte {
	out := []byte{'{'}
	for _, f := range fields {
		if f.in&inAnswer == 0 {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), f.name...), '"', ':')
		switch v, ok := d[f.name]; {
		case ok && !(v.Kind() == 'n' && f.def != ""):
			out = append(out, v...)
		case f.def != "":
			out = append(out, f.def...)
		default:
			out = append(out, "null"...)
		}
	}
	return append(out, '}')
}

// merge is a PATCH of one value: objects are merged key by key, null changes nothing, everything else
// replaces what was there (domain.md, section 3).
func merge(old, patch jsontext.Value) jsontext.Value { return mergeTo(old, patch, 0) }

// mergeDepth is where merging ends and replacing begins: each level reads all that is below it.
const mergeDepth = 64

func mergeTo(old, patch jsontext.Value, depth int) jsontext.Value {
	if patch.Kind() == 'n' {
		return old
	}
	if old.Kind() != '{' || patch.Kind() != '{' || depth == mergeDepth {
		return patch
	}
	before, err := parseDocument(old)
	if err != nil {
		return patch
	}
	after, err := parseDocument(patch)
	if err != nil {
		return patch
	}
	for key, v := range after {
		if was, ok := before[key]; ok {
			v = mergeTo(was, v, depth+1)
		} else if v.Kind() == 'n' {
			continue
		}
		before[key] = v
	}
	keys := make([]string, 0, len(before))
	for key := range before {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	out := jsontext.Value{'{'}
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quoted(key)...), ':'), before[key]...)
	}
	return append(out, '}')
}

// lowered is a list of ids in the one spelling that is stored, each once.
func lowered(ids []string) []string {
	var out []string
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id = strings.ToLower(id); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
