package openfga

import "strings"

// Document is a model as the API of OpenFGA takes it.
type Document struct {
	SchemaVersion   string           `json:"schema_version"`
	TypeDefinitions []TypeDefinition `json:"type_definitions"`
}

// TypeDefinition is one type of a Document.
type TypeDefinition struct {
	Type      string             `json:"type"`
	Relations map[string]Userset `json:"relations,omitzero"`
	Metadata  *Metadata          `json:"metadata,omitzero"`
}

// Userset is the definition of a relation; one field is set.
type Userset struct {
	This            *struct{}       `json:"this,omitzero"`
	ComputedUserset *ObjectRelation `json:"computedUserset,omitzero"`
	TupleToUserset  *TupleToUserset `json:"tupleToUserset,omitzero"`
	Union           *Usersets       `json:"union,omitzero"`
	Intersection    *Usersets       `json:"intersection,omitzero"`
}

// Usersets are the operands of a union or an intersection.
type Usersets struct {
	Child []Userset `json:"child"`
}

// ObjectRelation names a relation.
type ObjectRelation struct {
	Relation string `json:"relation"`
}

// TupleToUserset is a relation of the objects that another relation leads to.
type TupleToUserset struct {
	Tupleset        ObjectRelation `json:"tupleset"`
	ComputedUserset ObjectRelation `json:"computedUserset"`
}

// Metadata says who may be written into the relations of a type.
type Metadata struct {
	Relations map[string]RelationMetadata `json:"relations"`
}

// RelationMetadata says who may be written into a relation.
type RelationMetadata struct {
	DirectlyRelatedUserTypes []RelationReference `json:"directly_related_user_types,omitzero"`
}

// RelationReference is a type, the members of a type's relation, or everybody of a type.
type RelationReference struct {
	Type     string    `json:"type"`
	Relation string    `json:"relation,omitzero"`
	Wildcard *struct{} `json:"wildcard,omitzero"`
}

// Document is the model in the form of the API.
func (m *Model) Document() Document {
	doc := Document{SchemaVersion: "1.1"}
	for _, t := range m.types {
		d := TypeDefinition{Type: t.name}
		if len(t.relations) > 0 {
			d.Relations, d.Metadata = map[string]Userset{}, &Metadata{Relations: map[string]RelationMetadata{}}
		}
		for _, r := range t.relations {
			d.Relations[r.name] = r.userset()
			d.Metadata.Relations[r.name] = RelationMetadata{DirectlyRelatedUserTypes: r.references()}
		}
		doc.TypeDefinitions = append(doc.TypeDefinitions, d)
	}
	return doc
}

func (r relation) userset() Userset {
	var parts []Userset
	if len(r.direct) > 0 {
		parts = append(parts, Userset{This: &struct{}{}})
	}
	for _, t := range r.terms {
		if t.from == "" {
			parts = append(parts, Userset{ComputedUserset: &ObjectRelation{Relation: t.relation}})
			continue
		}
		parts = append(parts, Userset{TupleToUserset: &TupleToUserset{
			Tupleset: ObjectRelation{Relation: t.from}, ComputedUserset: ObjectRelation{Relation: t.relation},
		}})
	}
	switch {
	case len(parts) == 1:
		return parts[0]
	case r.all:
		return Userset{Intersection: &Usersets{Child: parts}}
	}
	return Userset{Union: &Usersets{Child: parts}}
}

func (r relation) references() []RelationReference {
	var all []RelationReference
	for _, direct := range r.direct {
		if name, everybody := strings.CutSuffix(direct, ":*"); everybody {
			all = append(all, RelationReference{Type: name, Wildcard: &struct{}{}})
			continue
		}
		name, relation, _ := strings.Cut(direct, "#")
		all = append(all, RelationReference{Type: name, Relation: relation})
	}
	return all
}
