package output

import (
	"encoding/csv"
	"iter"

	"btadmin/internal/text"
)

// streamCSV writes a header of field names and one record a row (RFC 4180, lines end in LF). Cells are exact
// but for three things: formulas are neutralised unless --csv-raw (B5), a terminal gets no control characters
// (B1), and a CI log no workflow commands (B6).
func streamCSV[T any](p *Printer, cols []Column[T], rows iter.Seq2[T, error]) error {
	w := p.sink()
	enc := csv.NewWriter(w)
	record := make([]string, len(cols))
	for i, c := range cols {
		record[i] = c.name()
	}
	put := func() {
		if len(record) == 1 && record[0] == "" {
			enc.Flush()
			w.str("\"\"\n") // an empty line would not be read as a record
			return
		}
		if err := enc.Write(record); err != nil && w.err == nil {
			w.err = err
		}
	}
	put()
	for row, err := range rows {
		if err != nil {
			enc.Flush()
			_ = w.flush() // the cause is worth more than what comes of writing the rest
			return err
		}
		for i, c := range cols {
			record[i] = p.csvCell(c.raw(row))
		}
		put()
		if err := w.failed(); err != nil {
			return err
		}
	}
	enc.Flush()
	if err := enc.Error(); err != nil && w.err == nil {
		w.err = err
	}
	return w.flush()
}

func (p *Printer) csvCell(s string) string {
	if p.streams.OutTTY {
		s = text.VisibleLines(s)
	}
	if p.streams.CI {
		s = text.GuardLines(s)
	}
	if p.csvRaw {
		return s
	}
	return text.CSVCell(s)
}
