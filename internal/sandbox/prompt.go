package sandbox

import (
	"strconv"
	"strings"
)

// functionTypes are the values of FunctionTypeEnum.
func functionTypes() []string {
	return []string{"llm", "scorer", "task", "tool", "custom_view", "preprocessor", "facet", "classifier", "tag", "parameters", "sandbox"}
}

func prompts() *resource {
	fields := append(promptFields(),
		field{name: "metadata", kind: object, in: inAnswer},
		field{name: "function_type", kind: text, in: inAnswer | inCreate, enum: functionTypes()},
	)
	res := slugged(kindPrompt, "Prompt", fields)
	// A PATCH of a prompt may change the slug, one of a function may not.
	for i := range res.fields {
		if res.fields[i].name == "slug" {
			res.fields[i].in |= inPatch
		}
	}
	res.filters = append(res.filters, filter{param: "prompt_name", field: "name"})
	return res
}

func functions() *resource {
	fields := append(promptFields(),
		field{name: "metadata", kind: object, in: inAnswer},
		field{name: "function_type", kind: text, in: inAnswer | inCreate, enum: functionTypes()},
		field{name: "function_data", kind: object, in: inAnswer | inCreate | inPatch, required: true},
		field{name: "origin", kind: object, in: inAnswer | inCreate, sub: []field{
			{name: "object_type", kind: text, in: inCreate, required: true, enum: objectTypes()},
			{name: "object_id", kind: uuidText, in: inCreate, required: true},
			{name: "internal", kind: boolean, in: inCreate},
		}},
		field{name: "function_schema", kind: object, in: inAnswer | inCreate},
	)
	res := slugged(kindFunction, "Function", fields)
	res.filters = append(res.filters, filter{param: "function_name", field: "name"})
	return res
}

// playgrounds have no endpoint: their rows are there to be granted on.
func playgrounds() *resource {
	return objectsOf(kindPlayground, "Playground", []field{
		idField(), projectField(), nameField(), descriptionField(), createdField(), deletedField(), creatorField(),
	})
}

func promptFields() []field {
	return []field{
		idField(),
		{name: "_xact_id", kind: text, in: inAnswer},
		projectField(),
		{name: "log_id", kind: text, in: inAnswer, def: `"p"`},
		orgField(), nameField(),
		{name: "slug", kind: text, in: inAnswer | inCreate, required: true, nonEmpty: true},
		descriptionField(), createdField(),
		{name: "prompt_data", kind: object, in: inAnswer | inCreate | inPatch},
		tagsField(),
	}
}

// slugged is objectsOf for what is keyed by its slug and has versions.
func slugged(kind, label string, fields []field) *resource {
	res := objectsOf(kind, label, fields)
	res.put = true
	res.filters = append(res.filters, filter{param: "slug", field: "slug"})
	res.key = func(d document) string {
		return strings.ToLower(d.text("project_id")) + "/" + d.text("slug")
	}
	version := func(c *call, d document) { d["_xact_id"] = quoted(c.nextVersion()) }
	res.complete = func(c *call, d document) error {
		version(c, d)
		return nil
	}
	res.patched = func(c *call, _ *row, body, doc document) (func(), error) {
		if len(body) > 0 {
			version(c, doc)
		}
		return func() {}, nil
	}
	return res
}

// nextVersion is a transaction number: it grows with every write.
func (w *world) nextVersion() string {
	const first = 1_000_190_000_000_000_000 // they have nineteen digits
	return strconv.FormatUint(first+w.seq(), 10)
}
