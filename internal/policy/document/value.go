package document

import (
	"iter"
	"time"

	"btadmin/internal/policy/syntax"
)

// Pos is a place in a file.
type Pos = syntax.Pos

// Text is a string with its place. An absent one has no place: Known tells "" from nothing.
type Text struct {
	Value string
	At    Pos
}

// Known reports whether the text was written, be it empty.
func (t Text) Known() bool { return t.At.Known() }

// String is the value.
func (t Text) String() string { return t.Value }

// Bool is true or false with its place.
type Bool struct {
	Value bool
	At    Pos
}

// Known reports whether the value was written.
func (b Bool) Known() bool { return b.At.Known() }

// Or is the value, or def when none was written.
func (b Bool) Or(def bool) bool {
	if b.Known() {
		return b.Value
	}
	return def
}

// Int is a whole number with its place.
type Int struct {
	Value int
	At    Pos
}

// Known reports whether the number was written.
func (i Int) Known() bool { return i.At.Known() }

// Or is the number, or def when none was written.
func (i Int) Or(def int) int {
	if i.Known() {
		return i.Value
	}
	return def
}

// Date is a day, such as 2026-12-31, with its place.
type Date struct {
	Text string
	// Last is the first moment after the day in UTC: from then on the day is over.
	Last time.Time
	At   Pos
}

// Known reports whether the day was written.
func (d Date) Known() bool { return d.At.Known() }

// Over reports whether a written day has passed.
func (d Date) Over(now time.Time) bool { return d.Known() && !now.Before(d.Last) }

// Duration is a length of time such as 90d, 48h or 30m, with its place. A day has 24 hours.
type Duration struct {
	Text  string
	Value time.Duration
	At    Pos
}

// Known reports whether the duration was written.
func (d Duration) Known() bool { return d.At.Known() }

// Limit is a number such as 2, or a share such as 20%, with its place.
type Limit struct {
	Text string
	// Number is the number, or the share in percent when Percent is set.
	Number  int
	Percent bool
	At      Pos
}

// Known reports whether the limit was written.
func (l Limit) Known() bool { return l.At.Known() }

// Allows reports whether n out of total stays within the limit. A limit that was not written allows all.
func (l Limit) Allows(n, total int) bool {
	switch {
	case !l.Known():
		return true
	case l.Percent:
		return n*100 <= l.Number*total
	}
	return n <= l.Number
}

// List is a sequence with its place. An absent list (not Known) is not managed; a list that is there and empty
// means none.
type List[T any] struct {
	Items []T
	At    Pos
}

// Known reports whether the list was written, be it empty.
func (l List[T]) Known() bool { return l.At.Known() }

// Entry is one key of a Map with its value.
type Entry[T any] struct {
	Key   Text
	Value T
}

// Map is a mapping in the order of the file, each key with its place. As with List, absent and empty differ.
type Map[T any] struct {
	Entries []Entry[T]
	At      Pos
}

// Known reports whether the mapping was written, be it empty.
func (m Map[T]) Known() bool { return m.At.Known() }

// Get returns the value of a key.
func (m Map[T]) Get(key string) (T, bool) {
	for _, e := range m.Entries {
		if e.Key.Value == key {
			return e.Value, true
		}
	}
	var none T
	return none, false
}

// Keys lists the keys in the order of the file.
func (m Map[T]) Keys() []string {
	keys := make([]string, len(m.Entries))
	for i, e := range m.Entries {
		keys[i] = e.Key.Value
	}
	return keys
}

// Drain is All for large mappings that are read once: each value is let go of when the next is asked for.
func (m Map[T]) Drain() iter.Seq2[Text, T] {
	return func(yield func(Text, T) bool) {
		for i := range m.Entries {
			value := m.Entries[i].Value
			var none T
			if m.Entries[i].Value = none; !yield(m.Entries[i].Key, value) {
				return
			}
		}
	}
}

// All iterates over keys and values in the order of the file.
func (m Map[T]) All() iter.Seq2[Text, T] {
	return func(yield func(Text, T) bool) {
		for _, e := range m.Entries {
			if !yield(e.Key, e.Value) {
				return
			}
		}
	}
}
