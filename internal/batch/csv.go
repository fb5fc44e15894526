package batch

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
)

// table reads the records of CSV together with the text that they were read from.
type table struct {
	data   []byte
	reader *csv.Reader
	lines  []int // offset of the start of each line
}

func newTable(data []byte, sign rune) *table {
	t := &table{data: data, reader: csv.NewReader(bytes.NewReader(data)), lines: []int{0}}
	t.reader.Comma, t.reader.TrimLeadingSpace = sign, true
	t.reader.FieldsPerRecord = -1 // counted here, to say it better
	for i, b := range data {
		if b == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// next reads a record: its cells, its text and the line where it starts. Spaces around a cell count only inside quotes.
func (t *table) next() (cells []string, written string, line int, err error) {
	cells, err = t.reader.Read()
	if err != nil {
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, "", 0, at(parse.StartLine, "column %d: %w", parse.Column, parse.Err)
		}
		return nil, "", 0, err
	}
	line, _ = t.reader.FieldPos(0)
	for i := range cells {
		row, column := t.reader.FieldPos(i)
		if start := t.lines[row-1] + column - 1; start >= len(t.data) || t.data[start] != '"' {
			cells[i] = strings.TrimRight(cells[i], " ")
		}
	}
	from, to := t.lines[line-1], int(t.reader.InputOffset())
	return cells, strings.TrimRight(string(t.data[from:to]), "\r\n"), line, nil
}

// readCSV reads records. The first is a header when it names a known column; otherwise cells are taken in the
// order of the columns, and lines that start with # are comments.
func (d *Document) readCSV(data []byte, c columns) error {
	sign := separator(firstLine(data), c)
	if d.tabs {
		sign = '\t'
	}
	d.tabs = sign == '\t'
	if c.header(splitLine(firstLine(data), sign)) {
		data = withoutComments(data)
	}
	t := newTable(data, sign)
	names := c.names
	for first := true; ; first = false {
		cells, written, line, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first && c.header(cells) {
			d.Header = written
			if names, err = c.resolve(cells, line); err != nil {
				return err
			}
			if i := slices.IndexFunc(c.required, func(name string) bool { return !slices.Contains(names, name) }); i >= 0 {
				return at(line, "there is no column %q: the columns are %s", c.required[i], strings.Join(cells, ", "))
			}
			continue
		}
		if d.Header == "" {
			if written == "" || written[0] == '#' { // carriage returns alone are an empty line too
				continue
			}
			if !first && c.header(splitLine(written, separator(written, c))) {
				return at(line, "a header must be the first row")
			}
		}
		if err := d.record(cells, names, Row{Number: line, Line: line, Text: written}, c); err != nil {
			return err
		}
	}
}

// withoutComments empties the comment lines above a header. Below it every line is data.
func withoutComments(data []byte) []byte {
	var out []byte
	rest := data
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) > 0 && trimmed[0] != '#' {
			break
		}
		out = append(out, '\n')
		rest = after
	}
	return append(out, rest...)
}

// record adds a record under the names of its columns. With a header the cells must be as many as the names.
func (d *Document) record(cells, names []string, row Row, c columns) error {
	if len(cells) > len(names) || (d.Header != "" && len(cells) < len(names)) {
		return at(row.Line, "the row has %d cells, there are %d columns", len(cells), len(names))
	}
	row.Fields = make(map[string]string, len(cells))
	for i, cell := range cells {
		if names[i] != "" {
			row.Fields[names[i]] = cell
		}
	}
	return d.add(row, c)
}
