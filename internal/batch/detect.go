package batch

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// detect finds the format. JSON is known by its first character, whatever the file is called, except where the
// name says that this character is data; the rest is decided by the name and then by the first line.
func detect(name string, data []byte, c columns) Format {
	start := bytes.TrimLeft(data, " \t\r\n")
	var first byte
	if len(start) > 0 {
		first = start[0]
	}
	switch extension(name) {
	case ".csv", ".tsv":
		return FormatCSV
	case ".txt":
		return FormatLines
	case ".json", ".jsonl", ".ndjson":
		if first == '[' {
			return FormatJSON
		}
		return FormatJSONL
	}
	switch {
	case first == '[':
		return FormatJSON
	case first == '{':
		return FormatJSONL
	case first == '"', tabular(data, c):
		return FormatCSV
	}
	return FormatLines
}

// firstLine is the first line that is neither blank nor a comment.
func firstLine(data []byte) string {
	for line := range bytes.Lines(data) {
		if s := strings.TrimSpace(string(line)); s != "" && s[0] != '#' {
			return s
		}
	}
	return ""
}

// tabular reports whether the first line is a header, or, where rows have several columns, a line has several cells.
func tabular(data []byte, c columns) bool {
	first := firstLine(data)
	if c.header(splitLine(first, separator(first, c))) {
		return true
	}
	if len(c.names) == 1 {
		return false
	}
	for line := range bytes.Lines(data) {
		if s := bytes.TrimSpace(line); len(s) > 0 && s[0] != '#' && bytes.IndexByte(s, ',') >= 0 {
			return true
		}
	}
	return false
}

// separator is the sign between the cells of a first line: the one that splits it into columns that are known,
// or a comma.
func separator(line string, c columns) rune {
	for _, sign := range []rune{',', ';', '\t'} {
		if cells := splitLine(line, sign); len(cells) > 1 && c.header(cells) {
			return sign
		}
	}
	return ','
}

func splitLine(line string, sign rune) []string {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.TrimLeadingSpace, r.LazyQuotes = sign, true, true
	cells, err := r.Read()
	if err != nil {
		return nil
	}
	return cells
}
