package document

import (
	"bytes"

	"github.com/go-json-experiment/json"
)

// Documents are written as JSON, and from there as YAML, by these methods: what is absent is left out, what is
// present and empty is written as such. Texts that stand for a mapping are used where a document has no more to say.

// IsZero reports that the text is absent.
func (t Text) IsZero() bool { return !t.Known() }

// MarshalJSON writes the text.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.Value) }

// IsZero reports that the value is absent.
func (b Bool) IsZero() bool { return !b.Known() }

// MarshalJSON writes true or false.
func (b Bool) MarshalJSON() ([]byte, error) { return json.Marshal(b.Value) }

// IsZero reports that the number is absent.
func (i Int) IsZero() bool { return !i.Known() }

// MarshalJSON writes the number.
func (i Int) MarshalJSON() ([]byte, error) { return json.Marshal(i.Value) }

// IsZero reports that the day is absent.
func (d Date) IsZero() bool { return !d.Known() }

// MarshalJSON writes the day.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.Text) }

// IsZero reports that the duration is absent.
func (d Duration) IsZero() bool { return !d.Known() }

// MarshalJSON writes the duration as it was written.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.Text) }

// IsZero reports that the limit is absent.
func (l Limit) IsZero() bool { return !l.Known() }

// MarshalJSON writes a number or a share.
func (l Limit) MarshalJSON() ([]byte, error) {
	if l.Percent {
		return json.Marshal(l.Text)
	}
	return json.Marshal(l.Number)
}

// IsZero reports that the list is absent, which an empty one is not.
func (l List[T]) IsZero() bool { return !l.Known() }

// MarshalJSON writes the items.
func (l List[T]) MarshalJSON() ([]byte, error) { return json.Marshal(l.Items) }

// IsZero reports that the mapping is absent, which an empty one is not.
func (m Map[T]) IsZero() bool { return !m.Known() }

// MarshalJSON writes the entries in their order.
func (m Map[T]) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range m.Entries {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range []any{e.Key.Value, e.Value} {
			raw, err := json.Marshal(part)
			if err != nil {
				return nil, err
			}
			if j == 1 {
				b.WriteByte(':')
			}
			b.Write(raw)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// IsZero reports that there are no rows here.
func (rows Rows) IsZero() bool { return !rows.At.Known() }

// MarshalJSON writes one list when that is all there is to say.
func (rows Rows) MarshalJSON() ([]byte, error) {
	type mapping Rows
	plain := rows
	plain.At, plain.Project, plain.Short = Pos{}, Words{}, false
	if rows.Short || rows.Project.Known() && empty(plain) {
		return json.Marshal(rows.Project)
	}
	return json.Marshal(mapping(rows))
}

func empty(rows Rows) bool {
	type mapping Rows
	raw, err := json.Marshal(mapping(rows))
	return err == nil && string(raw) == "{}"
}

// MarshalJSON writes the address alone when that is all there is to say.
func (m Member) MarshalJSON() ([]byte, error) {
	type mapping Member
	if m.Email.Known() && only(mapping{At: m.At, Email: m.Email}, mapping(m)) {
		return json.Marshal(m.Email)
	}
	return json.Marshal(mapping(m))
}

// MarshalJSON writes one text, such as sa:ci, when that is all there is to say.
func (m GroupMember) MarshalJSON() ([]byte, error) {
	type mapping GroupMember
	for prefix, t := range map[string]Text{"": m.Email, "sa:": m.ServiceAccount, "group:": m.Group, "idp:": m.IDP, "user:": m.User} {
		if t.Known() && !m.Until.Known() && !m.Reason.Known() {
			return json.Marshal(prefix + t.Value)
		}
	}
	return json.Marshal(mapping(m))
}

// only reports whether two values are written alike.
func only(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}
