package policy

import (
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// objectWords are the words for single objects, with their types.
func objectWords() map[string]braintrust.ObjectType {
	return map[string]braintrust.ObjectType{
		"experiment": braintrust.ObjectExperiment, "dataset": braintrust.ObjectDataset, "prompt": braintrust.ObjectPrompt,
		"function": braintrust.ObjectPrompt, "playground": braintrust.ObjectPromptSession, "logs": braintrust.ObjectProjectLog,
		"project": braintrust.ObjectProject, "group": braintrust.ObjectGroup, "role": braintrust.ObjectRole,
	}
}

// objectTarget reads what a grant on a single object is on. Which of project, name and id are wanted depends on the
// type.
func (b *builder) objectTarget(g document.ObjectGrant) (Target, bool) {
	word := strings.ReplaceAll(g.Type.Value, "_", "-")
	t := Target{Word: word, Name: g.Name.Value, ID: strings.ToLower(g.ID.Value), At: g.At}
	refuse := func(at document.Pos, format string, args ...any) (Target, bool) {
		b.problems.Errorf(at, format, args...)
		return Target{}, false
	}
	if g.ID.Known() && !isID(g.ID) {
		return refuse(g.ID.At, "%s is no id", quoted(g.ID.Value))
	}
	if text.Unsafe(g.Name.Value) {
		return refuse(g.Name.At, "the name %s has characters that cannot be seen", quoted(g.Name.Value))
	}
	if objectType, ok := access.OwnType(word); ok {
		t.Type = objectType
		if g.ID.Known() || g.Name.Known() || g.Project.Known() {
			return refuse(g.At, "%s is one for the whole organization and has no project, name or id", word)
		}
		return t, true
	}
	var known bool
	if t.Type, known = objectWords()[word]; !known {
		t.Type = braintrust.ObjectType(strings.ReplaceAll(word, "-", "_"))
		t.Word = string(t.Type)
	}
	if g.Project.Known() {
		t.Projects, _ = ParsePattern(Literal(g.Project.Value))
	}
	switch {
	case g.ID.Known() && (g.Name.Known() || g.Project.Known()):
		return refuse(g.ID.At, "an object is named by its id or by project and name, not by both")
	case g.ID.Known():
		return t, true
	case !known || word == "playground":
		p := b.problems.Errorf(g.At, "a grant on a %s needs the id of the object", text.Visible(word))
		if near := text.Nearest(word, []string{"experiment", "dataset", "prompt", "function", "playground", "project"}); !known && len(near) > 0 {
			p.WithHint("did you mean the type %s?", near[0])
		} else {
			p.WithHint("the API cannot look it up by name; the id is in the address of its page")
		}
		return Target{}, false
	}
	return b.named(g, t, word)
}

// named checks the name of an object that the API can look up.
func (b *builder) named(g document.ObjectGrant, t Target, word string) (Target, bool) {
	wants := map[string][2]bool{ // project, name
		"experiment": {true, true}, "dataset": {true, true}, "prompt": {true, true}, "function": {true, true},
		"logs": {true, false}, "project": {false, true}, "group": {false, true}, "role": {false, true},
	}[word]
	for i, part := range []struct {
		key string
		t   document.Text
	}{{"project", g.Project}, {"name", g.Name}} {
		switch {
		case wants[i] && part.t.Value == "":
			b.problems.Errorf(g.At, "a grant on a %s needs the key %q, or an id", word, part.key)
			return Target{}, false
		case !wants[i] && part.t.Known():
			b.problems.Errorf(part.t.At, "a grant on a %s has no %s", word, part.key)
			return Target{}, false
		}
	}
	return t, true
}

// reference reads a reference to an object, such as organization, all_projects, project:NAME, logs:PROJECT or
// dataset:PROJECT/NAME. Names may hold slashes; the first one ends the project's name.
func (b *builder) reference(t document.Text) (Target, bool) {
	if objectType, ok := access.OwnType(strings.ReplaceAll(t.Value, "_", "-")); ok {
		return Target{Type: objectType, Word: strings.ReplaceAll(t.Value, "_", "-"), At: t.At}, true
	}
	word, rest, found := strings.Cut(t.Value, ":")
	if !found || rest == "" {
		p := b.problems.Errorf(t.At, "%s is not a reference to an object", quoted(t.Value))
		if near := text.Nearest(word, []string{"organization", "all_projects", "members", "audit_logs", "project", "experiment", "dataset"}); len(near) > 0 {
			p.WithHint("did you mean %s?", near[0])
		} else {
			p.WithHint("for example organization, all_projects, project:NAME or dataset:PROJECT/NAME")
		}
		return Target{}, false
	}
	if word == "project" {
		pattern, ok := b.pattern(document.Text{Value: rest, At: t.At})
		return Target{Type: braintrust.ObjectProject, Projects: pattern, At: t.At}, ok
	}
	g := document.ObjectGrant{At: t.At, Type: document.Text{Value: word, At: t.At}}
	switch word = strings.ReplaceAll(word, "_", "-"); word {
	case "experiment", "dataset", "prompt", "function":
		project, name, _ := strings.Cut(rest, "/")
		if isID(document.Text{Value: rest}) {
			g.ID = document.Text{Value: rest, At: t.At}
			break
		}
		g.Project, g.Name = document.Text{Value: project, At: t.At}, document.Text{Value: name, At: t.At}
	case "logs":
		g.Project = document.Text{Value: rest, At: t.At}
	case "group", "role":
		g.Name = document.Text{Value: rest, At: t.At}
	default:
		g.ID = document.Text{Value: rest, At: t.At}
	}
	return b.objectTarget(g)
}
