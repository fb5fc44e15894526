package batch

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Result is the document that a batch reports. It is not safe for concurrent use.
type Result struct {
	Successful []Outcome `json:"successful"`
	Failed     []Failure `json:"failed"`
}

// Outcome names a row that was done.
type Outcome struct {
	Row   int    `json:"row"`   // Row.Number
	Value string `json:"value"` // as written
}

// Failure names a row that was not done and why.
type Failure struct {
	Row    int    `json:"row"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// OK records a row as done.
func (r *Result) OK(row Row) {
	r.Successful = append(r.Successful, Outcome{Row: row.Number, Value: row.Text})
}

// Fail records a row as failed.
func (r *Result) Fail(row Row, reason string) {
	r.Failed = append(r.Failed, Failure{Row: row.Number, Value: row.Text, Reason: reason})
}

// FailedName is a name for the file of failed rows, beside the document: "members.csv" gives
// "members.failed.csv". Its extension makes sure that the format is found out again.
func (d *Document) FailedName() string {
	ext := "." + string(d.Format)
	switch {
	case d.Format == FormatLines:
		ext = ".txt"
	case d.Format == FormatCSV && d.tabs:
		ext = ".tsv"
	}
	if d.Name == standardInput || d.Name == "" {
		return "failed" + ext
	}
	base := strings.TrimSuffix(d.Name, filepath.Ext(d.Name))
	if strings.HasSuffix(base, ".failed") {
		return base + ext // a second run over the failed rows of the first
	}
	return base + ".failed" + ext
}

// WriteFailed writes the failed rows of r in the format of the document, in its order, so that the file can be
// run again. Nothing is written when no row failed.
func (d *Document) WriteFailed(w io.Writer, r *Result) error {
	failed := make(map[int]bool, len(r.Failed))
	for _, f := range r.Failed {
		failed[f.Row] = true
	}
	var rows []string
	for _, row := range d.Rows {
		if failed[row.Number] {
			rows = append(rows, row.Text)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	text := d.join(rows)
	if strings.HasPrefix(text, mark) {
		text = mark + text // the first one is taken for no part of the text
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("writing the failed rows of %s: %w", d.Name, err)
	}
	return nil
}

// join makes a document of rows as written.
func (d *Document) join(rows []string) string {
	switch {
	case d.Format == FormatJSON:
		return "[\n  " + strings.Join(rows, ",\n  ") + "\n]\n"
	case d.Format == FormatCSV && d.Header != "":
		return d.Header + "\n" + strings.Join(rows, "\n") + "\n"
	}
	return strings.Join(rows, "\n") + "\n"
}
