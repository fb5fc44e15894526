package output

import "strings"

// Column is one column of a table about T and one line of an object.
type Column[T any] struct {
	Field  string         // the JSON field name that --fields knows it by
	Header string         // the heading on a terminal; "" = Field in capitals
	Text   func(T) string // what a person reads: relative times, words
	Raw    func(T) string // what a pipe and CSV get: exact, RFC 3339 times; nil = Text
	Wide   bool           // left out of a table first when the terminal is narrow; always in TSV and CSV
}

// raw is the exact text of the column.
func (c Column[T]) raw(v T) string {
	if c.Raw != nil {
		return c.Raw(v)
	}
	return c.Text(v)
}

// heading is the header of a table and the label of an object's line.
func (c Column[T]) heading() string {
	if c.Header != "" {
		return c.Header
	}
	return strings.ToUpper(strings.ReplaceAll(c.Field, "_", " "))
}

// name is the header of CSV: what --fields and JSON call the column, so that a list can be read back.
func (c Column[T]) name() string {
	if c.Field != "" {
		return c.Field
	}
	return c.Header
}
