package policy

import (
	"reflect"
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// expander puts the values of variables in the place of ${name}, everywhere in a document but in commands, which
// may have a use for the notation themselves. $${ stands for ${.
type expander struct {
	vars     document.Map[document.Text]
	problems *syntax.Problems
}

// expandVars checks the variables of a document, and expands them if they are used at all.
func expandVars(doc *document.Document, used bool, ps *syntax.Problems) {
	x := expander{doc.Vars, ps}
	for name, value := range doc.Vars.All() {
		if strings.Contains(value.Value, "${") {
			ps.Errorf(value.At, "the variable %s has another variable in its value", quoted(name.Value)).WithHint("write the text itself")
		}
		if !varName(name.Value) {
			ps.Errorf(name.At, "%s is no name of a variable", quoted(name.Value)).WithHint("letters, digits, - and _")
		}
	}
	if !used {
		return
	}
	v := reflect.ValueOf(doc).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Name != "Vars" {
			x.walk(v.Field(i))
		}
	}
}

func varName(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// literal are the fields whose text is left alone.
func literal(field string) bool { return field == "Run" || field == "Command" || field == "At" }

func (x expander) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*document.Text); ok {
			t.Value = x.expand(*t)
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if literal(field.Name) {
				continue
			}
			x.walk(v.Field(i))
			if document.NeverBlank(field) {
				x.blank(field, v.Field(i))
			}
		}
		if entries := v.FieldByName("Entries"); entries.IsValid() {
			x.unique(entries)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			x.walk(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			x.walk(v.Index(i))
		}
	}
}

// blank refuses an annotation that a variable makes one that says nothing, as it is refused where it is written.
func (x expander) blank(field reflect.StructField, v reflect.Value) {
	t, ok := v.Addr().Interface().(*document.Text)
	if !ok || !t.Known() || strings.TrimSpace(t.Value) != "" {
		return
	}
	x.problems.Errorf(t.At, "%s is empty once variables are expanded", document.Key(field)).
		WithHint("write what it refers to, or leave the key out")
}

// unique refuses two keys of a mapping that become the same.
func (x expander) unique(entries reflect.Value) {
	seen := map[string]document.Pos{}
	for i := range entries.Len() {
		key, ok := entries.Index(i).FieldByName("Key").Interface().(document.Text)
		if !ok || !key.Known() {
			continue
		}
		if first, twice := seen[key.Value]; twice && first != key.At {
			x.problems.Errorf(key.At, "the key %s is there twice once variables are expanded", quoted(key.Value)).See(first, "the first")
		}
		seen[key.Value] = key.At
	}
}

func (x expander) expand(t document.Text) string {
	if !strings.Contains(t.Value, "${") {
		return t.Value
	}
	var b strings.Builder
	for rest := t.Value; ; {
		before, after, found := strings.Cut(rest, "${")
		if !found {
			b.WriteString(rest)
			return b.String()
		}
		if strings.HasSuffix(before, "$") { // $${
			b.WriteString(before[:len(before)-1] + "${")
			rest = after
			continue
		}
		b.WriteString(before)
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			x.problems.Errorf(t.At, "${ without }").WithHint("$${ stands for ${")
			return t.Value
		}
		value, known := x.vars.Get(name)
		if !known {
			p := x.problems.Errorf(t.At, "the variable %s is not defined", quoted(name))
			if near := text.Nearest(name, x.vars.Keys()); len(near) > 0 {
				p.WithHint("did you mean ${%s}?", near[0])
			}
			return t.Value
		}
		b.WriteString(value.Value)
		rest = tail
	}
}
