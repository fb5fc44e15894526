package output

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"btadmin/internal/text"
)

// tableRows is how many rows are still laid out as a table; above it lines are streamed, because laying out
// needs all rows in memory and time for each.
const tableRows = 5000

// List prints rows: a table on a terminal, TSV without header in a pipe, or the chosen format over whole T by
// its json tags. No rows are an empty table or []. Errors are *UsageError, *WriteError or ErrClosedPipe.
func List[T any](p *Printer, cols []Column[T], rows []T) error {
	if err := checkFields(p, cols); err != nil {
		return err
	}
	if p.query == nil {
		switch p.format {
		case FormatTable:
			return listTable(p, chosen(p, cols), rows)
		case FormatTSV, FormatCSV, FormatJSONL:
			return Stream(p, cols, each(rows))
		}
	}
	raw, err := encode(rows)
	if err != nil {
		return err
	}
	if string(raw) == "null" {
		raw = []byte("[]")
	}
	if len(p.fields) > 0 {
		if raw, err = narrow(raw, p.fields); err != nil {
			return err
		}
	}
	w := p.sink()
	if err := p.document(w, raw); err != nil {
		return err
	}
	return w.flush()
}

// Stream is List for rows that are too many to hold: TSV, CSV, JSON and JSON lines are written while they
// arrive, the other formats wait for the last row. An error of rows ends the output and is returned; what is
// already written is then not to be used.
func Stream[T any](p *Printer, cols []Column[T], rows iter.Seq2[T, error]) error {
	if err := checkFields(p, cols); err != nil {
		return err
	}
	if p.query == nil {
		switch p.format {
		case FormatTSV:
			return streamTSV(p, chosen(p, cols), rows)
		case FormatCSV:
			return streamCSV(p, chosen(p, cols), rows)
		case FormatJSONL, FormatJSON:
			return streamJSON(p, rows)
		}
	}
	var all []T
	for row, err := range rows {
		if err != nil {
			return err
		}
		all = append(all, row)
	}
	return List(p, cols, all)
}

// Object prints one thing: a line for each column on a terminal, one TSV record in a pipe, or the chosen format.
func Object[T any](p *Printer, cols []Column[T], v T) error {
	if err := checkFields(p, cols); err != nil {
		return err
	}
	if p.query == nil {
		switch p.format {
		case FormatTable:
			return objectLines(p, chosen(p, cols), v)
		case FormatTSV:
			return streamTSV(p, chosen(p, cols), each([]T{v}))
		case FormatCSV:
			return streamCSV(p, chosen(p, cols), each([]T{v}))
		}
	}
	raw, err := encode(v)
	if err != nil {
		return err
	}
	if len(p.fields) > 0 {
		out, err := narrow([]byte("["+string(raw)+"]"), p.fields) // the names are checked: absent ones are null
		if err != nil {
			return err
		}
		raw = out[1 : len(out)-1]
	}
	w := p.sink()
	if err := p.document(w, raw); err != nil {
		return err
	}
	return w.flush()
}

func each[T any](rows []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// streamTSV writes one record a line. Whatever would break a record is visible instead (B1).
func streamTSV[T any](p *Printer, cols []Column[T], rows iter.Seq2[T, error]) error {
	w := p.sink()
	cells := make([]string, len(cols))
	for row, err := range rows {
		if err != nil {
			_ = w.flush() // the cause is worth more than what comes of writing the rest
			return err
		}
		for i, c := range cols {
			cells[i] = text.Visible(c.raw(row))
		}
		w.line(p, strings.Join(cells, "\t"))
		if err := w.failed(); err != nil {
			return err
		}
	}
	return w.flush()
}

// streamJSON writes an array element by element, or one element a line.
func streamJSON[T any](p *Printer, rows iter.Seq2[T, error]) error {
	w := p.sink()
	lines, pretty := p.format == FormatJSONL, p.pretty()
	count := 0
	for row, err := range rows {
		if err != nil {
			_ = w.flush() // an array without its end is no valid document, which is right for a part
			return err
		}
		raw, err := encode(row)
		if err != nil {
			return err
		}
		if len(p.fields) > 0 {
			out, err := narrow(slices.Concat([]byte("["), raw, []byte("]")), p.fields)
			if err != nil {
				return err
			}
			raw = out[1 : len(out)-1]
		}
		if raw, err = finish(raw, pretty); err != nil {
			return err
		}
		switch {
		case lines:
		case count == 0:
			w.str("[")
		default:
			w.str(",")
		}
		if pretty {
			w.str("\n  " + strings.ReplaceAll(string(raw), "\n", "\n  "))
		} else {
			w.bytes(raw)
		}
		if lines {
			w.str("\n")
		}
		if err := w.failed(); err != nil {
			return err
		}
		count++
	}
	switch {
	case lines:
	case count == 0:
		w.str("[]\n")
	case pretty:
		w.str("\n]\n")
	default:
		w.str("]\n")
	}
	return w.flush()
}

// objectLines prints "Header:  value" with the values aligned.
func objectLines[T any](p *Printer, cols []Column[T], v T) error {
	width := 0
	for _, c := range cols {
		width = max(width, text.Width(text.Visible(c.heading())))
	}
	w := p.sink()
	for _, c := range cols {
		label := text.Pad(text.Visible(c.heading())+":", width+1)
		w.line(p, strings.TrimRight(fmt.Sprintf("%s  %s", label, text.Visible(c.Text(v))), " "))
	}
	return w.flush()
}
