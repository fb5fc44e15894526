package policy

import (
	"slices"

	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// MatchProjects puts the projects that exist in the place of patterns, in every part of d: rows of people, groups
// and accounts, and assignments of roles. Projects that are to be ignored are not matched by a pattern. It returns
// the patterns that match no project. Names that are no patterns stay, whether or not such a project exists.
func MatchProjects(d *Desired, projects []string) (unmatched []Target) {
	m := &matcher{found: map[document.Pos]Target{}, hit: map[document.Pos]bool{}}
	for _, name := range slices.Sorted(slices.Values(projects)) {
		if !Any(d.Manage.Ignore.Projects, name) {
			m.projects = append(m.projects, name)
		}
	}
	for i := range d.People {
		d.People[i].Grants = m.rows(d.People[i].Grants)
	}
	for _, g := range d.Groups {
		g.Grants = m.rows(g.Grants)
	}
	for _, a := range d.Accounts {
		a.Grants = m.rows(a.Grants)
	}
	for _, r := range d.Roles {
		r.Assigned = m.assignments(r.Assigned)
	}
	for at, target := range m.found {
		if !m.hit[at] {
			unmatched = append(unmatched, target)
		}
	}
	slices.SortFunc(unmatched, func(a, b Target) int { return a.At.Compare(b.At) })
	return unmatched
}

type matcher struct {
	projects []string
	found    map[document.Pos]Target // patterns, by their places
	hit      map[document.Pos]bool   // those that match something
}

// matches lists the projects of a target with a pattern.
func (m *matcher) matches(t Target) (names []string, several bool) {
	pattern, several := t.Pattern()
	if !several {
		return nil, false
	}
	m.found[t.At] = t
	for _, name := range m.projects {
		if pattern.Match(name) {
			m.hit[t.At] = true
			names = append(names, name)
		}
	}
	return names, true
}

func (m *matcher) rows(rows []Row) []Row {
	var out []Row
	matched := map[string]bool{}
	var order []string
	for _, r := range rows {
		names, several := m.matches(r.On)
		if !several {
			out = append(out, r)
			continue
		}
		for _, name := range names {
			if !matched[name] {
				matched[name] = true
				order = append(order, name)
			}
		}
	}
	for _, name := range order {
		out = append(out, fromPatterns(rows, name)...)
	}
	return out
}

// fromPatterns are the rows that patterns give a project, one for each type: several patterns count together.
func fromPatterns(rows []Row, name string) []Row {
	var out []Row
	for _, r := range OnProject(rows, name) {
		if _, several := r.On.Pattern(); !several {
			continue
		}
		r.On = projectTarget(name, r.On.At)
		i := slices.IndexFunc(out, func(have Row) bool { return have.Restrict == r.Restrict })
		if i < 0 {
			out = append(out, r)
			continue
		}
		out[i].Labels = slices.Clone(out[i].Labels)
		for _, label := range r.Labels {
			if !slices.ContainsFunc(out[i].Labels, func(have access.Label) bool { return have.Word == label.Word }) {
				out[i].Labels = append(out[i].Labels, label)
			}
		}
	}
	return out
}

func projectTarget(name string, at document.Pos) Target {
	pattern, _ := ParsePattern(Literal(name))
	return Target{Type: braintrust.ObjectProject, Projects: pattern, At: at}
}

func (m *matcher) assignments(list []Assignment) []Assignment {
	var out []Assignment
	for _, a := range list {
		names, several := m.matches(a.On)
		if !several {
			out = append(out, a)
			continue
		}
		for _, name := range names {
			one := a
			one.On = projectTarget(name, a.On.At)
			out = append(out, one)
		}
	}
	return out
}
