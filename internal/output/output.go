// Package output prints results: tables on a terminal, tab-separated lines into a pipe, and JSON, JSON lines,
// YAML or CSV on request. It is the only importer of the table and the jq library. Data goes to standard
// output, everything else (status, progress) to standard error.
package output

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

// Format is how a result is written.
type Format string

// The formats of -o/--output. FormatAuto is a table on a terminal and TSV in a pipe.
const (
	FormatAuto  Format = ""
	FormatTable Format = "table"
	FormatTSV   Format = "tsv"
	FormatJSON  Format = "json"
	FormatJSONL Format = "jsonl"
	FormatYAML  Format = "yaml"
	FormatCSV   Format = "csv"
)

// FormatSARIF is for findings. Only commands that name it among Options.Further have it, and write it themselves.
const FormatSARIF Format = "sarif"

// Formats lists the values of -o/--output in the order of the help text.
func Formats() []Format {
	return []Format{FormatTable, FormatJSON, FormatJSONL, FormatYAML, FormatCSV, FormatTSV}
}

// Options are what the user asked for with -o, --json, --jq, --fields and --csv-raw.
type Options struct {
	Format Format   // FormatAuto lets the terminal decide
	JQ     string   // a jq expression over the JSON document; implies FormatJSON
	Fields []string // JSON field names to keep, in this order; nil = all
	CSVRaw bool     // do not neutralise formulas in CSV cells (B5)
	// Further are formats that the command writes itself, after looking at Printer.Format.
	Further []Format
}

// UsageError is input that the user has to correct: a bad format, a bad jq expression, an unknown field. Exit code 4.
type UsageError struct {
	Message string
	Advice  string // a further sentence, "" when there is none
}

// Error says what is wrong.
func (e *UsageError) Error() string { return e.Message }

// Hint says what to do about it, "" when there is nothing to add.
func (e *UsageError) Hint() string { return e.Advice }

// Printer writes results in one format to one set of streams.
type Printer struct {
	streams *iostreams.Streams
	format  Format // never FormatAuto
	fields  []string
	csvRaw  bool
	query   *query // nil without --jq
}

// New checks the options. Its errors are of type *UsageError.
func New(s *iostreams.Streams, o Options) (*Printer, error) {
	p := &Printer{streams: s, format: Format(strings.ToLower(string(o.Format))), csvRaw: o.CSVRaw}
	known := append(Formats(), o.Further...)
	if p.format != FormatAuto && !slices.Contains(known, p.format) {
		return nil, unknownFormat(o.Format, known)
	}
	fields, err := cleanFields(o.Fields)
	if err != nil {
		return nil, err
	}
	p.fields = fields
	if o.JQ != "" {
		switch p.format {
		case FormatAuto, FormatJSON, FormatJSONL:
		default:
			return nil, &UsageError{Message: fmt.Sprintf("--jq works on JSON and cannot be combined with -o %s", p.format)}
		}
		if p.query, err = compile(o.JQ); err != nil {
			return nil, err
		}
	}
	if p.format == FormatAuto {
		switch {
		case p.query != nil:
			p.format = FormatJSON
		case s.OutTTY:
			p.format = FormatTable
		default:
			p.format = FormatTSV
		}
	}
	return p, nil
}

// Format is the format in use, never FormatAuto.
func (p *Printer) Format() Format { return p.format }

// Human reports whether a person or a plain pipe reads the result: a table or TSV.
func (p *Printer) Human() bool { return p.format == FormatTable || p.format == FormatTSV }

// JSON reports whether the result is JSON, as one document or in lines, so that errors should be JSON too.
func (p *Printer) JSON() bool { return p.format == FormatJSON || p.format == FormatJSONL }

// pretty reports whether JSON is indented: one document on a terminal.
func (p *Printer) pretty() bool { return p.format == FormatJSON && p.streams.OutTTY }

// quoted puts what the user typed between quotes without escaping its escapes once more.
func quoted(s string) string { return `"` + text.Visible(s) + `"` }

func unknownFormat(f Format, known []Format) error {
	names := make([]string, 0, len(known))
	for _, format := range known {
		names = append(names, string(format))
	}
	e := &UsageError{Message: fmt.Sprintf("unknown output format %s: use %s", quoted(string(f)), strings.Join(names, ", "))}
	if near := text.Nearest(string(f), names); len(near) > 0 {
		e.Advice = "did you mean -o " + near[0] + "?"
	}
	return e
}

func cleanFields(fields []string) ([]string, error) {
	var clean []string
	for _, f := range fields {
		f = strings.TrimSpace(f)
		if f == "" {
			return nil, &UsageError{Message: "--fields has an empty name"}
		}
		if !slices.Contains(clean, f) {
			clean = append(clean, f)
		}
	}
	return clean, nil
}
