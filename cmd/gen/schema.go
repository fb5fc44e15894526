package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
)

// The JSON Schema of policies is made of the types that read them, and lies where the program embeds it.
const (
	schemaFile   = "internal/policy/schema/policy.v1.schema.json"
	documentFrom = "internal/policy/document"
)

// schemas makes definitions of the document's types, one after another.
type schemas struct {
	comments map[string]string // Type or Type.Field -> its comment
	defs     jsonschema.Definitions
	queue    []reflect.Type
	current  reflect.Type
}

// policySchema renders the schema. dir is the root of the module: comments of fields are read from the source.
func policySchema(dir string) ([]byte, error) {
	comments, err := fieldComments(filepath.Join(dir, filepath.FromSlash(documentFrom)))
	if err != nil {
		return nil, err
	}
	s := &schemas{comments: comments, defs: jsonschema.Definitions{}}
	root := s.object(reflect.TypeFor[document.Document]())
	for len(s.queue) > 0 {
		t := s.queue[0]
		s.queue = s.queue[1:]
		if s.defs[t.Name()] == nil {
			s.defs[t.Name()] = s.object(t)
		}
	}
	root.Version = jsonschema.Version
	root.Title = fmt.Sprintf("btadmin policy, version %d", document.Version)
	root.Definitions = s.defs
	if version, ok := root.Properties.Get("version"); ok {
		version.Type, version.Const = "", document.Version
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("schema of policies: %w", err)
	}
	return out.Bytes(), nil
}

// object is the schema of one struct, without references to itself.
func (s *schemas) object(t reflect.Type) *jsonschema.Schema {
	s.current = t
	r := jsonschema.Reflector{
		Anonymous: true, DoNotReference: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true,
		Mapper: s.mapped,
		LookupComment: func(t reflect.Type, field string) string {
			return s.comments[strings.TrimSuffix(t.Name()+"."+field, ".")]
		},
	}
	schema := r.ReflectFromType(t)
	schema.Version = ""
	for _, field := range reflect.VisibleFields(t) {
		property, ok := schema.Properties.Get(document.Key(field))
		if !ok {
			continue
		}
		if words := field.Tag.Get("enum"); words != "" {
			property.Enum = anys(strings.Split(words, "|"))
		}
		if document.NeverBlank(field) {
			property.Pattern = `\S`
		}
		if scope := field.Tag.Get("scope"); scope != "" {
			limitWords(property, access.Scope(scope))
		}
	}
	return schema
}

// mapped is the schema of a type of the document, nil for the one that is being looked into.
func (s *schemas) mapped(t reflect.Type) *jsonschema.Schema {
	if t == s.current || t.PkgPath() != reflect.TypeFor[document.Document]().PkgPath() {
		return nil
	}
	switch t {
	case reflect.TypeFor[document.Text]():
		return &jsonschema.Schema{Type: "string"}
	case reflect.TypeFor[document.Bool]():
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.TypeFor[document.Int]():
		return &jsonschema.Schema{Type: "integer", Minimum: "0"}
	case reflect.TypeFor[document.Date]():
		return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$`}
	case reflect.TypeFor[document.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^(\d{1,5}[wdhms])+$`}
	case reflect.TypeFor[document.Limit]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "integer", Minimum: "0"}, {Type: "string", Pattern: `^\d{1,3}%$`}}}
	case reflect.TypeFor[document.Rows]():
		words := &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
		limitWords(words, access.ScopeProject)
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{words, s.reference(t)}}
	case reflect.TypeFor[document.Member](), reflect.TypeFor[document.GroupMember]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, s.reference(t)}}
	}
	switch name, _, _ := strings.Cut(t.Name(), "["); name {
	case "List":
		items, _ := t.FieldByName("Items")
		return &jsonschema.Schema{Type: "array", Items: s.mapped(items.Type.Elem())}
	case "Map":
		entries, _ := t.FieldByName("Entries")
		value, _ := entries.Type.Elem().FieldByName("Value")
		return &jsonschema.Schema{Type: "object", AdditionalProperties: s.mapped(value.Type)}
	}
	return s.reference(t)
}

func (s *schemas) reference(t reflect.Type) *jsonschema.Schema {
	s.queue = append(s.queue, t)
	return &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
}

// limitWords allows only the words of a scope in a list, or in the lists of a mapping.
func limitWords(schema *jsonschema.Schema, scope access.Scope) {
	if schema.Items == nil {
		schema = schema.AdditionalProperties
	}
	var words []string
	for _, word := range access.Words(scope) {
		words = append(words, strings.ReplaceAll(word, "-", "_"))
	}
	for _, word := range words {
		if dashed := strings.ReplaceAll(word, "_", "-"); dashed != word {
			words = append(words, dashed)
		}
	}
	schema.Items.Enum = anys(words)
}

func anys(words []string) []any {
	out := make([]any, len(words))
	for i, word := range words {
		out[i] = word
	}
	return out
}

// fieldComments reads the comments of types and fields in a folder of Go source.
func fieldComments(dir string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no Go source in %s: %w", dir, err)
	}
	comments := map[string]string{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("comments for the schema of policies: %w", err)
		}
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					typeComments(group, t, comments)
				}
			}
		}
	}
	return comments, nil
}

func typeComments(group *ast.GenDecl, t *ast.TypeSpec, into map[string]string) {
	into[t.Name.Name] = oneLine(group.Doc)
	body, ok := t.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range body.Fields.List {
		for _, name := range field.Names {
			into[t.Name.Name+"."+name.Name] = oneLine(field.Doc)
		}
	}
}

func oneLine(doc *ast.CommentGroup) string { return strings.Join(strings.Fields(doc.Text()), " ") }
