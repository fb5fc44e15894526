package policy

import (
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func (b *builder) tests() {
	first := map[string]document.Pos{}
	for _, t := range b.doc.Tests.Items {
		if at, twice := first[t.Name.Value]; twice {
			b.problems.Errorf(t.Name.At, "the test %s is there twice", quoted(t.Name.Value)).See(at, "the first")
		}
		first[t.Name.Value] = t.Name.At
		b.out.Tests = append(b.out.Tests, b.test(t))
	}
}

func (b *builder) test(t document.Test) Test {
	out := Test{Name: t.Name, Requires: t.Requires.Value, At: t.At}
	forms := 0
	for _, at := range []document.Pos{t.Can.At, t.Cannot.At, t.Requires.At} {
		if at.Known() {
			forms++
		}
	}
	switch {
	case forms != 1:
		b.problems.Errorf(t.At, "a test has exactly one of can, cannot and requires")
		return out
	case t.Only.Known() == t.Who.Known():
		b.problems.Errorf(t.At, "a test is about who, or says with only who else may not")
	case t.Only.Known() && !t.Can.Known():
		b.problems.Errorf(t.Only.At, "only goes with can: only these, and nobody else, can")
	case t.Requires.Known() == t.Where.Known():
		b.problems.Errorf(t.At, "can and cannot need at, and requires has none")
		return out
	}
	if t.Who.Known() {
		out.Who = b.selectors(document.List[document.Text]{Items: []document.Text{t.Who}})
	}
	out.Only, out.Except = b.selectors(t.Only), b.selectors(t.Except)
	if t.Requires.Known() {
		return out
	}
	var ok bool
	if out.Where, ok = b.place(t.Where); !ok {
		return out
	}
	scope := out.Where.scope(out.Where.Kind)
	out.Can, out.Cannot = b.labels(scope, t.Can), b.labels(scope, t.Cannot)
	if len(t.Can.Items)+len(t.Cannot.Items) == 0 {
		b.problems.Errorf(t.At, "a test without permission words checks nothing")
	}
	return out
}

// place reads where a test asks: "KIND in PROJECT", or a reference.
func (b *builder) place(t document.Text) (Place, bool) {
	kind, project, found := strings.Cut(t.Value, " in ")
	if !found {
		target, ok := b.reference(t)
		return Place{Target: target, Text: t.Value}, ok
	}
	kinds, err := access.ParseObjectWords(strings.TrimSpace(kind))
	if err != nil || len(kinds) != 1 {
		p := b.problems.Errorf(t.At, "%s is no kind of object", quoted(kind))
		var known []string
		for _, k := range access.ObjectWords() {
			known = append(known, k.Word)
		}
		if near := text.Nearest(kind, known); len(near) > 0 {
			p.WithHint("did you mean %s?", near[0])
		} else {
			p.WithHint("one of %s", strings.Join(known, ", "))
		}
		return Place{}, false
	}
	place := Place{Kind: kinds[0].Type, Text: t.Value}
	project = strings.TrimSpace(project)
	if strings.ReplaceAll(project, "_", "-") == "all-projects" {
		place.Target = Target{Type: braintrust.ObjectOrgProject, Word: "all-projects", At: t.At}
		return place, true
	}
	pattern, ok := b.pattern(document.Text{Value: project, At: t.At})
	place.Target = Target{Type: braintrust.ObjectProject, Projects: pattern, At: t.At}
	return place, ok
}

func (b *builder) selectors(list document.List[document.Text]) []Selector {
	var out []Selector
	for _, t := range list.Items {
		if s, ok := b.selector(t); ok {
			out = append(out, s)
		}
	}
	return out
}

// selector reads who a test is about: an e-mail address, user:ID, sa:NAME or group:NAME, each with * and ?.
func (b *builder) selector(t document.Text) (Selector, bool) {
	s := Selector{Kind: Email, At: t.At}
	prefix, rest, found := strings.Cut(t.Value, ":")
	name := t.Value
	switch prefix = strings.ReplaceAll(prefix, "_", "-"); {
	case found && (prefix == "sa" || prefix == "service-account"):
		s.Kind, name = ServiceAccount, rest
	case found && prefix == "group":
		s.Kind, name = GroupName, rest
	case found && prefix == "user" && isID(document.Text{Value: rest}):
		s.Kind, name = UserID, strings.ToLower(rest)
	case found && prefix == "user":
		name = rest
	case !strings.ContainsAny(name, "@*"):
		b.problems.Errorf(t.At, "%s is neither an e-mail address nor a reference such as sa:NAME or group:NAME", quoted(t.Value))
		return s, false
	}
	var ok bool
	s.Pattern, ok = b.pattern(document.Text{Value: name, At: t.At})
	return s, ok
}
