package policy

import "btadmin/internal/policy/document"

// ignored warns of projects that are named although manage.ignore leaves them alone: nothing is done there, whatever is
// written. Patterns are no contradiction: they stand for what is not ignored.
func (b *builder) ignored() {
	patterns := b.out.Manage.Ignore.Projects
	if len(patterns) == 0 {
		return
	}
	told := map[document.Pos]bool{}
	check := func(t Target) {
		name, one := t.Projects.Name()
		if !one || name == "" || told[t.At] || !Any(patterns, name) {
			return
		}
		told[t.At] = true
		b.problems.Warnf(t.At, "the project %s is named and ignored as well: nothing is changed there", quoted(name)).
			See(b.doc.Manage.Ignore.Projects.At, "what is ignored")
	}
	rows := func(rows []Row) {
		for _, r := range rows {
			check(r.On)
		}
	}
	for _, p := range b.out.People {
		rows(p.Grants)
	}
	for _, g := range b.out.Groups {
		rows(g.Grants)
	}
	for _, a := range b.out.Accounts {
		rows(a.Grants)
	}
	for _, r := range b.out.Roles {
		for _, a := range r.Assigned {
			check(a.On)
		}
	}
}
