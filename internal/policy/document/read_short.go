package document

import (
	"strings"

	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// read takes rows, or one list of words, which is the project's own row.
func (rows *Rows) read(r *Reader, n *syntax.Node) {
	if n.Kind == syntax.Scalar {
		r.errorf(n, "must be a list of words, or rows, not %s", n.Kind).WithHint("write [%s]", text.Visible(n.Value))
		return
	}
	if n.Kind != syntax.Sequence {
		r.fields(rows, n)
		return
	}
	rows.At, rows.Short = n.At, true
	rows.Project.read(r, n)
}

// read takes a person as a mapping, or as an e-mail address alone.
func (m *Member) read(r *Reader, n *syntax.Node) {
	if n.Kind != syntax.Scalar {
		r.fields(m, n)
		return
	}
	m.At = n.At
	m.Email.read(r, n)
}

// read takes a member as a mapping, or as one text.
func (m *GroupMember) read(r *Reader, n *syntax.Node) {
	if n.Kind != syntax.Scalar {
		r.fields(m, n)
		m.one(r, n)
		return
	}
	var t Text
	if t.read(r, n); !t.Known() {
		return
	}
	m.At = n.At
	field, value, problem := m.place(t.Value)
	if problem != "" {
		r.errorf(n, "%s", problem).WithHint("an e-mail address, sa:NAME, group:NAME or idp:SOURCE/GROUP")
		return
	}
	*field = Text{Value: value, At: n.At}
}

// place finds the field that a text such as sa:ci is meant for.
func (m *GroupMember) place(typed string) (field *Text, value, problem string) {
	prefix, rest, found := strings.Cut(typed, ":")
	if found && rest != "" {
		switch strings.ReplaceAll(prefix, "_", "-") {
		case "sa", "service-account":
			return &m.ServiceAccount, rest, ""
		case "group":
			return &m.Group, rest, ""
		case "idp":
			return &m.IDP, rest, ""
		case "user":
			if strings.Contains(rest, "@") {
				return &m.Email, rest, ""
			}
			return &m.User, rest, ""
		}
	}
	if strings.Contains(typed, "@") {
		return &m.Email, typed, ""
	}
	return nil, "", "is " + quote(typed) + ", which names no member"
}

// one checks that a mapping names exactly one member.
func (m *GroupMember) one(r *Reader, n *syntax.Node) {
	if n.Kind != syntax.Mapping || !m.At.Known() {
		return
	}
	var given []string
	for _, key := range []string{"email", "service_account", "group", "idp", "user"} {
		if n.Get(key) != nil {
			given = append(given, key)
		}
	}
	if len(given) != 1 {
		r.errorf(n, "must name one member, by exactly one of email, service_account, group, idp and user")
	}
}

func quote(s string) string { return `"` + text.Visible(s) + `"` }
