package sandbox

import (
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func projects() *resource {
	return &resource{
		kind: kindProject, label: "Project", objectType: braintrust.ObjectProject,
		fields: []field{
			idField(), orgField(), nameField(), descriptionField(), createdField(), deletedField(),
			{name: "user_id", kind: uuidText, in: inAnswer | inPatch},
			{name: "settings", kind: object, in: inAnswer | inPatch, sub: settings()},
			orgNameField(),
		},
		filters: []filter{{param: "project_name", field: "name"}},
		patch:   true,
		key:     byName,
		place:   placeIn(braintrust.ObjectOrgProject),
		node:    nodeOf(braintrust.ObjectProject),
		above:   inOrganization(braintrust.ObjectOrgProject),
		patched: func(c *call, _ *row, body, _ document) (func(), error) {
			if body.has("user_id") && c.member(strings.ToLower(body.text("user_id"))) == nil {
				return nil, noAccess("User", body.text("user_id"))
			}
			return func() {}, nil
		},
		removed: func(c *call, r *row) { c.deleteInside(r.id) },
		decode:  decodeAs[braintrust.Project],
		enter:   func(w *world, r *row) { w.access.PutProject(*r.value.(*braintrust.Project)) },
		leave:   func(w *world, r *row) { w.access.DeleteProject(r.id) },
	}
}

// settings are the fields of ProjectSettings. What is deeper is taken as it comes.
func settings() []field {
	in := inCreate
	return []field{
		{name: "comparison_key", kind: text, in: in},
		{name: "baseline_experiment_id", kind: uuidText, in: in},
		{name: "spanFieldOrder", kind: objects, in: in, sub: []field{
			{name: "object_type", kind: text, in: in, required: true},
			{name: "column_id", kind: text, in: in, required: true},
			{name: "position", kind: text, in: in, required: true},
			{name: "layout", kind: text, in: in, enum: []string{"full", "two_column"}},
		}},
		{name: "remote_eval_sources", kind: objects, in: in, sub: []field{
			{name: "url", kind: text, in: in, required: true},
			{name: "name", kind: text, in: in},
			{name: "description", kind: text, in: in},
		}},
		{name: "disable_realtime_queries", kind: boolean, in: in},
		{name: "default_preprocessor", kind: object, in: in},
	}
}

// inProject are the kinds whose rows live in a project.
func inProject() []string {
	return []string{kindExperiment, kindDataset, kindPrompt, kindFunction, kindPlayground}
}

// deleteInside deletes softly what lives in a project that goes.
func (c *call) deleteInside(project string) {
	for _, kind := range inProject() {
		res := c.reg.byKind[kind]
		for _, r := range c.table(kind).rows {
			if r.live() && r.value.(*access.Object).ProjectID == project {
				c.delete(res, r)
			}
		}
	}
}

// projectGroups are newer than the specification on file; their fields follow those of groups.
func projectGroups() *resource {
	return &resource{
		kind: kindProjectGroup, label: "Project group", objectType: braintrust.ObjectProjectGroup,
		fields: []field{
			idField(), orgField(), creatorField(), createdField(), nameField(), descriptionField(), deletedField(),
			{name: "member_projects", kind: uuids, in: inAnswer | inCreate, def: "[]"},
			orgNameField(),
			{name: "add_member_projects", kind: uuids, in: inPatch},
			{name: "remove_member_projects", kind: uuids, in: inPatch},
		},
		filters: []filter{{param: "project_group_name", field: "name"}},
		put:     true, patch: true,
		key:   byName,
		place: placeIn(braintrust.ObjectOrganization),
		node:  nodeOf(braintrust.ObjectProjectGroup),
		above: inOrganization(braintrust.ObjectOrganization),
		complete: func(c *call, d document) error {
			d["member_projects"] = list(lowered(d.texts("member_projects")))
			return c.mayJoin(lowered(d.texts("member_projects")))
		},
		patched: func(c *call, _ *row, body, doc document) (func(), error) {
			if err := c.mayJoin(lowered(body.texts("add_member_projects"))); err != nil {
				return nil, err
			}
			members, err := c.patchSet(kindProject, "Project", doc.texts("member_projects"),
				body.texts("add_member_projects"), body.texts("remove_member_projects"))
			if err != nil {
				return nil, err
			}
			doc["member_projects"] = list(members)
			return func() {}, nil
		},
		decode: decodeAs[braintrust.ProjectGroup],
		enter:  func(w *world, r *row) { w.access.PutProjectGroup(*r.value.(*braintrust.ProjectGroup)) },
		leave:  func(w *world, r *row) { w.access.DeleteProjectGroup(r.id) },
	}
}

// mayJoin lets nobody put projects under a project group who may not manage access to them: what is granted on the
// group reaches them from then on, so it is the same as a grant on each.
func (c *call) mayJoin(ids []string) error {
	for _, id := range ids {
		n := access.Node{Type: braintrust.ObjectProject, ID: id}
		if c.table(kindProject).live(id) == nil || !c.may(braintrust.PermissionRead, n) {
			return noAccess("Project", id)
		}
		if err := c.need(braintrust.PermissionCreateACLs, n); err != nil {
			return err
		}
	}
	return nil
}
