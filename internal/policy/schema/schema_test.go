package schema_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"btadmin/internal/policy"
	"btadmin/internal/policy/schema"
	"btadmin/internal/policy/syntax"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema.JSON()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain makes the value that an editor checks out of a tree.
func plain(n *syntax.Node) any {
	switch n.Kind {
	case syntax.Mapping:
		out := map[string]any{}
		for _, p := range n.Pairs {
			out[p.Key.Value] = plain(p.Value)
		}
		return out
	case syntax.Sequence:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = plain(item)
		}
		return out
	}
	if n.Plain {
		switch syntax.ClassOf(n.Value) {
		case syntax.Boolean:
			return n.Value == "true"
		case syntax.Integer:
			var number int
			if json.Unmarshal([]byte(n.Value), &number) == nil {
				return number
			}
		case syntax.Null:
			return nil
		}
	}
	return n.Value
}

func value(t *testing.T, data string) any {
	t.Helper()
	var problems syntax.Problems
	n := syntax.Parse("a.yaml", []byte(data), &problems)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return plain(n)
}

func TestExampleFitsTheSchema(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "policy.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t)
	if err := s.Validate(value(t, string(data))); err != nil {
		t.Errorf("as written: %v", err)
	}
	p, problems := policy.Parse([]policy.File{{Name: "a.yaml", Data: data}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	rendered, err := json.Marshal(policy.Plain(p.Desired))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(rendered))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("rendered: %v", err)
	}
}

// The schema refuses what the reader refuses, where a schema can.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	for _, body := range []string{
		"version: 2", "grups: {}", "manage: {groups: some}", "manage: {prune: 1}", "groups: []", "groups: {a: {members: b}}",
		"groups: {a: {permissions: {organization: [read-everything]}}}", "groups: {a: {permissions: {projects: {p: {experiment: [read]}}}}}",
		"groups: {a: {permissions: {projects: {p: [manage_settings]}}}}", "tests: [{who: x}]", "guards: {max_removals: {groups: 1.5}}",
		"service_accounts: {a: {tokens: {t: {expires: soon}}}}", "members: [{email: a@x.example, until: tomorrow}]", "roles: {r: {permissions: {any: [fly]}}}",
	} {
		data := "org: acme\n" + body + "\n"
		if !strings.HasPrefix(body, "version") {
			data = "version: 1\n" + data
		}
		if err := s.Validate(value(t, data)); err == nil {
			t.Errorf("%s: the schema has no objection", body)
		}
		if _, problems := policy.Parse([]policy.File{{Name: "a.yaml", Data: []byte(data)}}); !problems.Failed() {
			t.Errorf("%s: the reader has no objection", body)
		}
	}
}

func TestEveryPropertyIsExplained(t *testing.T) {
	t.Parallel()
	var doc struct {
		Properties map[string]map[string]any `json:"properties"`
		Defs       map[string]struct {
			Properties map[string]map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(schema.JSON()), &doc); err != nil {
		t.Fatal(err)
	}
	count := 0
	check := func(where string, properties map[string]map[string]any) {
		for name, p := range properties {
			if count++; p["description"] == nil {
				t.Errorf("%s.%s has no description", where, name)
			}
		}
	}
	check("document", doc.Properties)
	for name, def := range doc.Defs {
		check(name, def.Properties)
	}
	if count < 100 {
		t.Errorf("only %d properties", count)
	}
}
