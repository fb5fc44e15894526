package openfga

import "strings"

// Text is the model in OpenFGA's own language, as a .fga file holds it.
func (m *Model) Text() string {
	var b strings.Builder
	b.WriteString("model\n  schema 1.1\n")
	for _, t := range m.types {
		b.WriteString("\ntype " + t.name + "\n")
		if len(t.relations) > 0 {
			b.WriteString("  relations\n")
		}
		for _, r := range t.relations {
			b.WriteString("    define " + r.name + ": " + r.text() + "\n")
		}
	}
	return b.String()
}

func (r relation) text() string {
	var parts []string
	if len(r.direct) > 0 {
		parts = append(parts, "["+strings.Join(r.direct, ", ")+"]")
	}
	for _, t := range r.terms {
		if t.from != "" {
			parts = append(parts, t.relation+" from "+t.from)
		} else {
			parts = append(parts, t.relation)
		}
	}
	if r.all {
		return strings.Join(parts, " and ")
	}
	return strings.Join(parts, " or ")
}
