package policy

import (
	"fmt"

	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// merger joins the documents of several files into one. What is there twice is a conflict, told with both places.
type merger struct {
	problems *syntax.Problems
	places   map[string]map[string]document.Pos // of the keys so far, by what they are keys of
	whole    document.Document
}

func newMerger(ps *syntax.Problems) *merger {
	return &merger{problems: ps, places: map[string]map[string]document.Pos{}}
}

// add takes the document of one more file.
func (m *merger) add(more *document.Document) {
	out := &m.whole
	m.org(out, more)
	m.once("manage", &out.Manage.At, more.Manage.At, func() { out.Manage = more.Manage })
	m.once("guards", &out.Guards.At, more.Guards.At, func() { out.Guards = more.Guards })
	mergeMap(m, "variable", &out.Vars, more.Vars)
	mergeMap(m, "profile", &out.Profiles, more.Profiles)
	mergeMap(m, "identity source", &out.IdentitySources, more.IdentitySources)
	mergeMap(m, "group", &out.Groups, more.Groups)
	mergeMap(m, "service account", &out.ServiceAccounts, more.ServiceAccounts)
	mergeMap(m, "role", &out.Roles, more.Roles)
	mergeList(&out.Members, more.Members)
	mergeList(&out.Tests, more.Tests)
}

func (m *merger) org(out, more *document.Document) {
	switch {
	case !more.Org.Known():
	case !out.Org.Known():
		out.Org = more.Org
	case out.Org.Value != more.Org.Value:
		m.problems.Errorf(more.Org.At, "org is %q here and %q in another file", text.Visible(more.Org.Value), text.Visible(out.Org.Value)).
			See(out.Org.At, "the other file")
	}
}

// once takes a section that only one file may have.
func (m *merger) once(section string, have *document.Pos, more document.Pos, take func()) {
	switch {
	case !more.Known():
	case have.Known():
		m.problems.Errorf(more, "the section %s is in two files", section).See(*have, "the first")
	default:
		take()
	}
}

func mergeMap[T any](m *merger, what string, out *document.Map[T], more document.Map[T]) {
	if !more.Known() {
		return
	}
	if !out.Known() {
		out.At = more.At
		m.places[what] = map[string]document.Pos{}
	}
	places := m.places[what]
	for _, e := range more.Entries {
		if first, twice := places[e.Key.Value]; twice {
			m.problems.Errorf(e.Key.At, "the %s %q is in two files", what, text.Visible(e.Key.Value)).See(first, "the first")
			continue
		}
		places[e.Key.Value] = e.Key.At
		out.Entries = append(out.Entries, e)
	}
}

func mergeList[T any](out *document.List[T], more document.List[T]) {
	if !more.Known() {
		return
	}
	if !out.Known() {
		*out = more
		return
	}
	out.Items = append(out.Items, more.Items...)
}

// quoted is a name in quotes, harmless.
func quoted(name string) string { return fmt.Sprintf(`"%s"`, text.Visible(name)) }
