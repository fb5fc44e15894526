package policy

import (
	"slices"

	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Target is what a grant of a document is on: a node of the organization, a project or several by pattern, or a
// single object.
type Target struct {
	// Type is the type of the node that grants attach to.
	Type braintrust.ObjectType
	// Projects is the pattern of a target that stands for projects by name; Pattern.Name tells whether it is one.
	// For an object in a project, it is that project's name.
	Projects Pattern
	// Word is the word of a reference for a single object: experiment, dataset, prompt, function, playground, ...
	Word string
	// Name of a single object in its project, for prompts and functions the slug.
	Name string
	// ID of a single object that has no name.
	ID string
	At document.Pos
}

// Ref is the reference to the target as every command takes it, such as all-projects, project:NAME or
// dataset:PROJECT/NAME. For a pattern it is project:PATTERN, which only documents know: see Pattern.
func (t Target) Ref() string {
	switch {
	case t.ID != "":
		return t.Word + ":" + t.ID
	case t.Type == braintrust.ObjectProject && t.Word == "":
		name, one := t.Projects.Name()
		if !one {
			name = t.Projects.String()
		}
		return "project:" + name
	case t.Word == "logs":
		name, _ := t.Projects.Name()
		return "logs:" + name
	case t.Projects.String() != "":
		name, _ := t.Projects.Name()
		return t.Word + ":" + name + "/" + t.Name
	case t.Name != "":
		return t.Word + ":" + t.Name
	}
	return t.Word
}

// Pattern returns the pattern of a target that may stand for several projects.
func (t Target) Pattern() (Pattern, bool) {
	if t.Type != braintrust.ObjectProject || t.Word != "" {
		return Pattern{}, false
	}
	_, one := t.Projects.Name()
	return t.Projects, !one
}

// OnProject returns the rows that hold for one project out of rows that name projects by name and by pattern. A row
// that is written for the project by name is the whole truth of that row; otherwise all patterns that match count
// together.
func OnProject(rows []Row, name string) []Row {
	var exact, matched []Row
	written := map[braintrust.ObjectType]bool{}
	for _, r := range rows {
		if r.On.Type != braintrust.ObjectProject || r.On.Word != "" || !r.On.Projects.Match(name) {
			continue
		}
		if _, several := r.On.Pattern(); several {
			matched = append(matched, r)
			continue
		}
		exact = append(exact, r)
		written[r.Restrict] = true
	}
	matched = slices.DeleteFunc(matched, func(r Row) bool { return written[r.Restrict] })
	return append(exact, matched...)
}

// scope is the row of the permission pages that the words of a target are read in.
func (t Target) scope(restrict braintrust.ObjectType) access.Scope {
	if restrict != "" {
		return access.ScopeObjects
	}
	return access.ScopeOf(t.Type)
}
