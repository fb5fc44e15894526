package document

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// Reader makes documents of trees, all files of a policy one after another.
type Reader struct {
	problems *syntax.Problems
	path     []string // the way to the value at work
	layouts  map[reflect.Type]layout
	// Variables is set once a text has ${ in it.
	Variables bool
}

// NewReader makes a reader that notes in ps what does not fit.
func NewReader(ps *syntax.Problems) *Reader {
	return &Reader{problems: ps, layouts: map[reflect.Type]layout{}}
}

// Read makes a document of a tree. Everything that does not fit is noted with its place; the document then has what
// did fit, so that the meaning of the rest can be checked as well.
func (r *Reader) Read(root *syntax.Node) *Document {
	doc := new(Document)
	r.value(doc, root)
	if doc.Version.Known() && doc.Version.Value != Version {
		r.problems.Errorf(doc.Version.At, "version %d of the document format is not known here", doc.Version.Value).
			WithHint("this btadmin reads version %d", Version)
	}
	return doc
}

// readable is a value that reads itself; everything else is a struct whose fields are keys.
type readable interface {
	read(r *Reader, n *syntax.Node)
}

// here is the way to the value at work, such as groups.ci.members[2].
func (r *Reader) here() string {
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

func (r *Reader) errorf(n *syntax.Node, format string, args ...any) *syntax.Problem {
	return r.problems.Errorf(n.At, "%s", r.here()+" "+fmt.Sprintf(format, args...))
}

// value reads a node into what dst points to.
func (r *Reader) value(dst any, n *syntax.Node) {
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
func (r *Reader) within(step string, dst any, n *syntax.Node) {
	r.path = append(r.path, step)
	r.value(dst, n)
	r.path = r.path[:len(r.path)-1]
}

// kind complains when a node is of another kind.
func (r *Reader) kind(n *syntax.Node, want syntax.Kind) bool {
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
func (r *Reader) fields(dst any, n *syntax.Node) {
	if !r.kind(n, syntax.Mapping) {
		return
	}
	v := reflect.ValueOf(dst).Elem()
	fields := r.layout(v.Type())
	if at, is := v.FieldByIndex(fields.at).Addr().Interface().(*Pos); is {
		*at = n.At
	}
	for _, pair := range n.Pairs {
		i := slices.IndexFunc(fields.keys, func(f field) bool { return f.key == pair.Key.Value })
		if i < 0 {
			r.unknown(pair.Key, fields.keys)
			continue
		}
		f := fields.keys[i]
		value := part(v, f.index).Addr().Interface()
		r.within(pair.Key.Value, value, pair.Value)
		if f.enum != nil {
			r.enum(pair, value, f.enum)
		}
		if f.neverBlank {
			r.blank(pair, value)
		}
	}
	for _, f := range fields.keys {
		if f.required && n.Get(f.key) == nil {
			r.errorf(n, "needs the key %q", f.key)
		}
	}
}

// layout is what a type of the document has: found out once, because a large policy has very many values.
type layout struct {
	at   []int // the field for the place; the whole value where there is none
	keys []field
}

type field struct {
	key        string
	index      []int // the way to it, through embedded structs
	enum       []string
	required   bool
	neverBlank bool
}

// part is a field of v, whose embedded structs are made where there are none yet.
func part(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

func (r *Reader) layout(t reflect.Type) layout {
	if known, again := r.layouts[t]; again {
		return known
	}
	var l layout
	for _, f := range reflect.VisibleFields(t) {
		if f.Name == "At" {
			l.at = f.Index
		}
		if key := Key(f); key != "" {
			one := field{key: key, index: f.Index, required: Required(f), neverBlank: NeverBlank(f)}
			if words, limited := f.Tag.Lookup("enum"); limited {
				one.enum = strings.Split(words, "|")
			}
			l.keys = append(l.keys, one)
		}
	}
	r.layouts[t] = l
	return l
}

func (r *Reader) unknown(key *syntax.Node, fields []field) {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.key
	}
	p := r.problems.Errorf(key.At, "unknown key %q in %s", text.Visible(key.Value), r.here())
	if near := text.Nearest(strings.ReplaceAll(key.Value, "-", "_"), known); len(near) > 0 {
		p.WithHint("did you mean %s?", near[0])
		return
	}
	p.WithHint("known keys: %s", strings.Join(known, ", "))
}

// enum checks a word that must be one of a few. Dashes and underscores are the same; the document gets the word as
// the table has it.
func (r *Reader) enum(pair syntax.Pair, field any, words []string) {
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
func (r *Reader) blank(pair syntax.Pair, field any) {
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
