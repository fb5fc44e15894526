package document

import (
	"time"

	"btadmin/internal/policy/syntax"
)

// Documents that a program makes have no places; what is there is marked by a place without file or column.

// made marks something as being there.
func made() Pos { return syntax.At("", 1, 0) }

// Here is the place of a section, such as Permissions, that a program makes: present, be it empty.
func Here() Pos { return made() }

// NewText makes a text.
func NewText(s string) Text { return Text{Value: s, At: made()} }

// NewBool makes a Bool.
func NewBool(value bool) Bool { return Bool{Value: value, At: made()} }

// NewInt makes an Int.
func NewInt(value int) Int { return Int{Value: value, At: made()} }

// NewDate makes a day.
func NewDate(day time.Time) Date {
	day = day.UTC().Truncate(24 * time.Hour)
	return Date{Text: day.Format(time.DateOnly), Last: day.AddDate(0, 0, 1), At: made()}
}

// NewList makes a list that is present, be it empty.
func NewList[T any](items ...T) List[T] {
	if items == nil {
		items = []T{}
	}
	return List[T]{Items: items, At: made()}
}

// Texts makes a list of texts that is present, be it empty.
func Texts(texts ...string) List[Text] {
	items := make([]Text, len(texts))
	for i, s := range texts {
		items[i] = NewText(s)
	}
	return NewList(items...)
}

// Put adds an entry, and makes the mapping present.
func (m *Map[T]) Put(key string, value T) {
	m.At = made()
	m.Entries = append(m.Entries, Entry[T]{Key: NewText(key), Value: value})
}

// NewMap makes a mapping that is present and empty.
func NewMap[T any]() Map[T] { return Map[T]{At: made()} }
