package sandbox

import (
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func experiments() *resource {
	both := inAnswer | inCreate | inPatch
	res := objectsOf(kindExperiment, "Experiment", []field{
		idField(), projectField(),
		{name: "name", kind: text, in: both, nonEmpty: true},
		descriptionField(), createdField(),
		{name: "repo_info", kind: object, in: both, sub: repoInfo()},
		{name: "commit", kind: text, in: inAnswer},
		{name: "base_exp_id", kind: uuidText, in: both},
		deletedField(),
		{name: "dataset_id", kind: uuidText, in: both},
		{name: "dataset_version", kind: text, in: both},
		{name: "internal_metadata", kind: object, in: both, sub: []field{{name: "dataset_filter", kind: object, in: inCreate}}},
		{name: "parameters_id", kind: uuidText, in: both},
		{name: "parameters_version", kind: text, in: both},
		{name: "public", kind: boolean, in: both, def: "false"},
		creatorField(), metadataField(), tagsField(),
		{name: "ensure_new", kind: boolean, in: inCreate},
	})
	res.filters = append(res.filters, filter{param: "experiment_name", field: "name"})
	res.complete = func(c *call, d document) error {
		project, name := d.text("project_id"), d.text("name")
		if name == "" {
			name = "experiment-" + c.s.newID()[:8]
		}
		if c.table(kindExperiment).byKey[project+"/"+name] != nil { // ensure_new
			name += "-" + c.s.newID()[:8]
		}
		d["name"] = quoted(name)
		if repo, err := parseDocument(d["repo_info"]); err == nil && repo.has("commit") {
			d["commit"] = repo["commit"]
		}
		return nil
	}
	return res
}

func repoInfo() []field {
	fields := []field{{name: "dirty", kind: boolean, in: inCreate}}
	for _, name := range []string{"commit", "branch", "tag", "author_name", "author_email", "commit_message", "commit_time", "git_diff"} {
		fields = append(fields, field{name: name, kind: text, in: inCreate})
	}
	return fields
}

func datasets() *resource {
	res := objectsOf(kindDataset, "Dataset", []field{
		idField(), projectField(), nameField(), descriptionField(), createdField(), deletedField(), creatorField(),
		tagsField(), metadataField(),
		{name: "url_slug", kind: text, in: inAnswer},
	})
	res.filters = append(res.filters, filter{param: "dataset_name", field: "name"})
	res.complete = func(_ *call, d document) error {
		d["url_slug"] = quoted(slug(d.text("name")))
		return nil
	}
	return res
}

// objectsOf is what all kinds that live in a project have in common.
func objectsOf(kind, label string, fields []field) *resource {
	objectKind := braintrust.ObjectKind(kind)
	return &resource{
		kind: kind, label: label, objectType: objectKind.Type(),
		fields:  fields,
		filters: []filter{{param: "project_id", field: "project_id", kind: uuidText}},
		patch:   true,
		key: func(d document) string {
			if d.text("name") == "" {
				return ""
			}
			return strings.ToLower(d.text("project_id")) + "/" + d.text("name")
		},
		place: func(c *call, d document) (access.Node, error) {
			id := strings.ToLower(d.text("project_id"))
			d["project_id"] = quoted(id)
			n := access.Node{Type: braintrust.ObjectProject, ID: id}
			if c.table(kindProject).live(id) == nil {
				return n, noAccess("Project", id)
			}
			create := c.access.AllowedChild(c.caller.subject, braintrust.PermissionCreate, objectKind.Type(), n)
			if !create && !c.may(braintrust.PermissionRead, n) {
				return n, noAccess("Project", id)
			}
			return n, nil
		},
		node: nodeOf(objectKind.Type()),
		above: func(_ *call, r *row) access.Node {
			return access.Node{Type: braintrust.ObjectProject, ID: r.value.(*access.Object).ProjectID}
		},
		decode: func(body []byte) (any, error) {
			v, err := decodeAs[braintrust.Object](body)
			if err != nil {
				return nil, err
			}
			return &access.Object{Kind: objectKind, Object: *v.(*braintrust.Object)}, nil
		},
		enter: func(w *world, r *row) { w.access.PutObject(*r.value.(*access.Object)) },
		leave: func(w *world, r *row) { w.access.DeleteObject(r.value.(*access.Object).Node()) },
	}
}

func projectField() field {
	return field{name: "project_id", kind: uuidText, in: inAnswer | inCreate, required: true}
}

func metadataField() field {
	return field{name: "metadata", kind: object, in: inAnswer | inCreate | inPatch}
}

func tagsField() field { return field{name: "tags", kind: texts, in: inAnswer | inCreate | inPatch} }

// slug is a name as a part of an address.
func slug(name string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return '-'
	}, strings.ToLower(name))
	parts := strings.FieldsFunc(mapped, func(r rune) bool { return r == '-' })
	if len(parts) == 0 {
		return "unnamed"
	}
	return strings.Join(parts, "-")
}
