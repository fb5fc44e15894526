package document

import (
	"fmt"
	"reflect"
	"strings"

	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// Read makes a document of a tree. Everything that does not fit is noted in ps with its place; the document then
// has what did fit, so that the meaning of the rest can be checked as well.
func Read(root *syntax.Node, ps *syntax.Problems) *Document {
	doc := new(Document)
	r := reader{problems: ps}
	r.value(doc, root)
	if doc.Version.Known() && doc.Version.Value != Version {
		ps.Errorf(doc.Version.At, "version %d of the document format is not known here", doc.Version.Value).
			WithHint("this btadmin reads version %d", Version)
	}
	return doc
}

// reader fills values from nodes and knows the way to the one at work.
type reader struct {
	problems *syntax.Problems
	path     []string
}

// readable is a value that reads itself; everything else is a struct whose fields are keys.
type readable interface {
	read(r *reader, n *syntax.Node)
}

// here is the way to the value at work, such as groups.ci.members[2].
func (r *reader) here() string {
	var b strings.Builder
	for _, step := range r.path {
		if b.Len() > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(text.Visible(step))
	}
	if b.Len() == 0 {
		return "the document"
	}
	return b.String()
}

func (r *reader) errorf(n *syntax.Node, format string, args ...any) *syntax.Problem {
	return r.problems.Errorf(n.At, "%s", r.here()+" "+fmt.Sprintf(format, args...))
}

// value reads a node into what dst points to.
func (r *reader) value(dst any, n *syntax.Node) {
	if n.Kind == syntax.Invalid {
		return
	}
	if n.IsNull() {
		r.errorf(n, "has no value").WithHint("leave the key out when it is not to be managed; [], {} or \"\" say that there is nothing")
		return
	}
	if v, ok := dst.(readable); ok {
		v.read(r, n)
		return
	}
	r.fields(dst, n)
}

// within reads a part and keeps the way to it.
func (r *reader) within(step string, dst any, n *syntax.Node) {
	r.path = append(r.path, step)
	r.value(dst, n)
	r.path = r.path[:len(r.path)-1]
}

// kind complains when a node is of another kind.
func (r *reader) kind(n *syntax.Node, want syntax.Kind) bool {
	if n.Kind == want {
		return true
	}
	p := r.errorf(n, "must be %s, not %s", want, n.Kind)
	switch {
	case want == syntax.Sequence && n.Kind == syntax.Scalar:
		p.WithHint("write [%s]", text.Visible(n.Value))
	case want == syntax.Mapping && n.Kind == syntax.Sequence && len(n.Items) == 0:
		p.WithHint("an empty mapping is {}")
	}
	return false
}

// fields reads a mapping into a struct: keys are the names in the json tags. A field At gets the place.
func (r *reader) fields(dst any, n *syntax.Node) {
	if !r.kind(n, syntax.Mapping) {
		return
	}
	v := reflect.ValueOf(dst).Elem()
	if at := v.FieldByName("At"); at.IsValid() {
		at.Set(reflect.ValueOf(n.At))
	}
	var known []string
	keys := map[string]int{}
	for i := range v.NumField() {
		if name := Key(v.Type().Field(i)); name != "" {
			known = append(known, name)
			keys[name] = i
		}
	}
	for _, pair := range n.Pairs {
		i, ok := keys[pair.Key.Value]
		if !ok {
			r.unknown(pair.Key, known)
			continue
		}
		field := v.Field(i)
		r.within(pair.Key.Value, field.Addr().Interface(), pair.Value)
		if words, limited := v.Type().Field(i).Tag.Lookup("enum"); limited {
			r.enum(pair, field.Addr().Interface(), strings.Split(words, "|"))
		}
		if NeverBlank(v.Type().Field(i)) {
			r.blank(pair, field.Addr().Interface())
		}
	}
	for _, name := range known {
		if Required(v.Type().Field(keys[name])) && n.Get(name) == nil {
			r.errorf(n, "needs the key %q", name)
		}
	}
}

func (r *reader) unknown(key *syntax.Node, known []string) {
	p := r.problems.Errorf(key.At, "unknown key %q in %s", text.Visible(key.Value), r.here())
	if near := text.Nearest(strings.ReplaceAll(key.Value, "-", "_"), known); len(near) > 0 {
		p.WithHint("did you mean %s?", near[0])
		return
	}
	p.WithHint("known keys: %s", strings.Join(known, ", "))
}

// enum checks a word that must be one of a few. Dashes and underscores are the same; the document gets the word as
// the table has it.
func (r *reader) enum(pair syntax.Pair, field any, words []string) {
	t, ok := field.(*Text)
	if !ok || !t.Known() {
		return
	}
	for _, word := range words {
		if plainWord(word) == plainWord(t.Value) {
			t.Value = word
			return
		}
	}
	r.path = append(r.path, pair.Key.Value)
	p := r.errorf(pair.Value, "is %q: it must be %s", text.Visible(t.Value), strings.Join(words, " or "))
	r.path = r.path[:len(r.path)-1]
	if near := text.Nearest(t.Value, words); len(near) > 0 {
		p.WithHint("did you mean %s?", near[0])
	}
}

// blank refuses an annotation that says nothing: it would pass for one, as an approval that nobody gave.
func (r *reader) blank(pair syntax.Pair, field any) {
	t, ok := field.(*Text)
	if !ok || !t.Known() || strings.TrimSpace(t.Value) != "" {
		return
	}
	r.path = append(r.path, pair.Key.Value)
	r.errorf(pair.Value, "is empty").WithHint("write what it refers to, or leave the key out")
	r.path = r.path[:len(r.path)-1]
	*t = Text{}
}

func plainWord(word string) string { return strings.ReplaceAll(strings.ToLower(word), "-", "_") }

// Key is the key that a field of a document is written under, "" for one that is not written.
func Key(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// NeverBlank reports whether a field, when it is written, must say something.
func NeverBlank(field reflect.StructField) bool { return field.Tag.Get("blank") == "no" }

// Required reports whether a field must be written.
func Required(field reflect.StructField) bool { return field.Tag.Get("jsonschema") == "required" }
