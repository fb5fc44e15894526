package api

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/exit"
)

// parseFields makes an object of key=value parameters. Texts come before JSON values; the order of the
// flags among each other is kept.
func parseFields(raw, typed []string) (map[string]any, error) {
	object := map[string]any{}
	for _, field := range raw {
		if err := addField(object, field, func(s string) any { return s }); err != nil {
			return nil, err
		}
	}
	for _, field := range typed {
		if err := addField(object, field, typedValue); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// typedValue is what a -F value means: JSON where it is JSON, else a text.
func typedValue(s string) any {
	if v := jsontext.Value(s); strings.TrimSpace(s) != "" && v.IsValid() {
		return v
	}
	return s
}

func addField(object map[string]any, field string, value func(string) any) error {
	key, text, found := strings.Cut(field, "=")
	if !found || key == "" {
		return exit.BadInputf("%q: expected key=value", field)
	}
	steps, err := splitKey(key)
	if err != nil {
		return err
	}
	if !put(object, steps, value(text)) {
		return exit.BadInputf("%q: %s is given twice, or as two different things", field, key)
	}
	return nil
}

// splitKey takes key[inner][] apart: the names on the way; an empty one at the end appends to a list.
func splitKey(key string) ([]string, error) {
	first, rest, nested := strings.Cut(key, "[")
	steps := []string{first}
	for nested {
		inside, after, closed := strings.Cut(rest, "]")
		if !closed || first == "" || (inside == "" && after != "") {
			return nil, exit.BadInputf("key %q: expected name, name[inner] or name[]", key)
		}
		steps = append(steps, inside)
		if after == "" {
			return steps, nil
		}
		if !strings.HasPrefix(after, "[") {
			return nil, exit.BadInputf("key %q: expected name, name[inner] or name[]", key)
		}
		rest = after[1:]
	}
	return steps, nil
}

// put places a value; false when something else is there.
func put(object map[string]any, steps []string, value any) bool {
	name := steps[0]
	there, taken := object[name]
	switch {
	case len(steps) == 1:
		if taken {
			return false
		}
		object[name] = value
		return true
	case steps[1] == "":
		list, is := there.([]any)
		if taken && !is {
			return false
		}
		object[name] = append(list, value)
		return true
	}
	inner, is := there.(map[string]any)
	if taken && !is {
		return false
	}
	if !taken {
		inner = map[string]any{}
		object[name] = inner
	}
	return put(inner, steps[1:], value)
}
