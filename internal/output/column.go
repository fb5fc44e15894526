package output

// Column is one column of a table about T and one line of an object.
type Column[T any] struct {
	Field  string         // the JSON field name that --fields knows it by
	Header string         // the heading on a terminal
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
