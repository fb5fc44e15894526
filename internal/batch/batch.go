// Package batch reads the rows of --file FILE|- (CSV, a JSON array, JSON lines, or one value a line) and reports
// what became of each.
package batch

import (
	"errors"
	"fmt"
	"io"
)

// Format is the notation of a batch file, found out from its name and contents.
type Format string

// The formats.
const (
	FormatLines Format = "lines" // one value a line, a line that starts with # is a comment
	FormatCSV   Format = "csv"   // or the same with semicolons or tabs
	FormatJSON  Format = "json"  // an array of strings or objects
	FormatJSONL Format = "jsonl" // strings or objects, one after another
)

// Options say what a row may hold.
type Options struct {
	// Columns are the known fields. The first is the one that a bare value stands for, and a CSV file without a
	// header has them in this order. None at all means the single column "value".
	Columns  []string
	Required []string          // fields that every row must have, not empty
	Aliases  map[string]string // other spellings of a column (lower case) to its name
	MaxBytes int64             // 0 = 32 MiB
	MaxRows  int               // 0 = 250,000

	// IgnoreUnknown accepts columns that are not known, as in a list that another command printed. Without it
	// they are an error, because a misspelt optional column would widen what the row asks for.
	IgnoreUnknown bool

	// HeaderAlone accepts a CSV file that has its header, with the required columns, and nothing below it: whoever
	// wrote it says that there is nobody. A file without anything may be one whose writer has failed.
	HeaderAlone bool
}

// Document is a batch file as read. It has at least one row, but for Options.HeaderAlone.
type Document struct {
	Name   string // for messages
	Format Format
	Header string // the header line of a CSV file, "" without one
	Rows   []Row

	tabs bool // between the cells of CSV
}

// Row is one record.
type Row struct {
	Number int               // what reports call it: its line in CSV and lines, its place (from 1) in JSON
	Line   int               // 1-based line on which it starts
	Text   string            // as written, for the file of failed rows
	Fields map[string]string // by column; a JSON array of strings is joined with commas
}

// Get returns a field, "" when the row lacks it.
func (r Row) Get(column string) string { return r.Fields[column] }

// Error is a batch file that cannot be read. Exit code 4.
type Error struct {
	Name string // file name or "standard input"
	Line int    // 0 when no line is to blame
	Err  error
}

// Error says where and what.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// at makes an Error of a line; Read adds the name.
func at(line int, format string, args ...any) error {
	return &Error{Line: line, Err: fmt.Errorf(format, args...)}
}

// Open reads the file at path, or stdin for "-". Errors are of type *Error.
func Open(path string, stdin io.Reader, o Options) (*Document, error) {
	if path == "-" {
		return Read(stdin, standardInput, o)
	}
	f, err := openFile(path, o.maxBytes())
	if err != nil {
		return nil, &Error{Name: path, Err: err}
	}
	defer f.Close() // it was only read
	return Read(f, path, o)
}

// Read reads a document from r; name is for messages, and its extension tells the format where the contents do
// not. A document without rows is an error: an empty list must never be taken for "everything goes" (C3). Errors
// are of type *Error.
func Read(r io.Reader, name string, o Options) (*Document, error) {
	d, err := read(r, name, o)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			e = &Error{Err: err}
		}
		e.Name = name
		return nil, e
	}
	return d, nil
}

func read(r io.Reader, name string, o Options) (*Document, error) {
	data, err := readText(r, o.maxBytes())
	if err != nil {
		return nil, err
	}
	c := newColumns(o)
	d := &Document{Name: name, Format: detect(name, data, c), tabs: extension(name) == ".tsv"}
	switch d.Format {
	case FormatCSV:
		err = d.readCSV(data, c)
	case FormatJSON, FormatJSONL:
		err = d.readJSON(data, c)
	default:
		err = d.readLines(data, c)
	}
	if err != nil {
		return nil, err
	}
	if len(d.Rows) == 0 && (!o.HeaderAlone || d.Header == "") {
		return nil, errors.New("there are no rows")
	}
	return d, nil
}

// add checks a row and appends it.
func (d *Document) add(row Row, c columns) error {
	if len(d.Rows) >= c.maxRows {
		return at(row.Line, "there are more than %d rows: split the file", c.maxRows)
	}
	if err := c.check(row); err != nil {
		return err
	}
	d.Rows = append(d.Rows, row)
	return nil
}
