package openfga

import (
	"btadmin/pkg/braintrust"
)

// Model is an authorization model. It can be written as text (Text) and as the JSON of the API (JSON).
type Model struct {
	types []typeDefinition
	shape *shape
}

type typeDefinition struct {
	name      string
	relations []relation
}

// relation holds what a definition says after "define": who may be written, and what else counts.
type relation struct {
	name   string
	direct []string // user, group#member, user:*
	terms  []term
	all    bool // every term must hold, not any
}

// term is another relation of the same object or, with from, of the objects that from leads to.
type term struct{ relation, from string }

// NewModel makes the model for the permissions and types that this program knows, and those named here that
// it does not know.
func NewModel(permissions []braintrust.Permission, types []braintrust.ObjectType) *Model {
	return newShape(permissions, types).model()
}

func (s *shape) model() *Model {
	m := &Model{shape: s, types: []typeDefinition{{name: typeUser}}}
	if !s.flat {
		m.types = append(m.types, s.binding())
	}
	for _, t := range s.types() {
		m.types = append(m.types, s.thing(t))
	}
	return m
}

// binding is a role granted to some on one thing: whoever is an assignee holds what the role carries.
func (s *shape) binding() typeDefinition {
	d := typeDefinition{name: typeBinding, relations: []relation{
		{name: relationAssignee, direct: principals()},
		{name: relationRole, direct: []string{string(braintrust.ObjectRole)}},
	}}
	for _, p := range s.permissions {
		for _, suffix := range s.suffixes(s.types()) {
			d.relations = append(d.relations, relation{
				name: on(p, suffix), all: true,
				terms: []term{{relation: relationAssignee}, {relation: carried(p, suffix), from: relationRole}},
			})
		}
	}
	return d
}

func principals() []string {
	return []string{typeUser, object2(string(braintrust.ObjectGroup), relationMember)}
}

// object2 is a userset: everybody who is in a relation to an object of a type.
func object2(name, relation string) string { return name + "#" + relation }

// thing is a type that grants are attached to.
func (s *shape) thing(t braintrust.ObjectType) typeDefinition {
	d := typeDefinition{name: TypeName(t)}
	switch t {
	case braintrust.ObjectGroup:
		// A group is its own member, so that it can be asked about like a user.
		d.relations = append(d.relations, relation{name: relationMember, direct: append([]string{typeUser, TypeName(t)}, object2(TypeName(t), relationMember))})
	case braintrust.ObjectRole:
		if !s.flat {
			d.relations = append(d.relations, s.contents()...)
		}
	}
	if above := parents(t); len(above) > 0 {
		d.relations = append(d.relations, relation{name: relationParent, direct: names(above)})
	}
	if !s.flat {
		d.relations = append(d.relations, relation{name: relationBinding, direct: []string{typeBinding}})
	}
	for _, p := range s.permissions {
		d.relations = append(d.relations, s.permission(t, p)...)
	}
	return d
}

func names(types []braintrust.ObjectType) []string {
	var all []string
	for _, t := range types {
		all = append(all, TypeName(t))
	}
	return all
}

// contents is what a role carries, itself or in the roles that it includes.
func (s *shape) contents() []relation {
	everybody := []string{object(typeUser, "*"), object(string(braintrust.ObjectGroup), "*")}
	relations := []relation{{name: relationIncludes, direct: []string{string(braintrust.ObjectRole)}}}
	for _, p := range s.permissions {
		given := carried(p, suffixGiven)
		relations = append(relations, relation{name: given, direct: everybody, terms: []term{{relation: given, from: relationIncludes}}})
		for _, suffix := range s.suffixes(s.types()) {
			r := relation{name: carried(p, suffix), terms: []term{{relation: given}}}
			if suffix != suffixOther { // nothing can be restricted to a type that is not known
				r.direct = everybody
				r.terms = append(r.terms, term{relation: r.name, from: relationIncludes})
			}
			relations = append(relations, r)
		}
	}
	return relations
}

// permission is one permission on things of a type: on the thing itself and, when it contains others, on
// those, a type at a time.
func (s *shape) permission(t braintrust.ObjectType, p braintrust.Permission) []relation {
	below := s.inside(t)
	var all []relation
	add := func(name, suffix string, direct []string) {
		r := relation{name: name, direct: direct}
		if len(below) > 0 {
			r.terms = append(r.terms, term{relation: on(p, suffixGiven)})
		}
		if !s.flat {
			r.terms = append(r.terms, term{relation: on(p, suffix), from: relationBinding})
		}
		if len(parents(t)) > 0 {
			r.terms = append(r.terms, term{relation: on(p, suffix), from: relationParent})
		}
		all = append(all, r)
	}
	if len(below) > 0 {
		all = append(all, relation{name: on(p, suffixGiven), direct: principals()})
	}
	add(itself(p), s.suffix(t), principals())
	if len(below) == 0 {
		return all
	}
	for _, suffix := range s.suffixes(below) {
		if suffix == suffixOther { // nothing can be restricted to a type that is not known
			add(on(p, suffix), suffix, nil)
		} else {
			add(on(p, suffix), suffix, principals())
		}
	}
	return all
}
