package output

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"btadmin/internal/text"
)

// gap is the space between two columns.
const gap = "  "

// listTable prints an aligned table without borders that fits the terminal.
func listTable[T any](p *Printer, cols []Column[T], rows []T) error {
	if len(rows) > tableRows {
		return tableLines(p, cols, rows)
	}
	if len(rows) == 0 {
		return nil // headings over nothing say nothing; the command's status line does
	}
	g := grid{headers: make([]string, len(cols)), wide: make([]bool, len(cols)), rows: make([][]string, len(rows))}
	for i, c := range cols {
		g.headers[i], g.wide[i] = text.Visible(c.heading()), c.Wide
	}
	for r, row := range rows {
		g.rows[r] = make([]string, len(cols))
		for i, c := range cols {
			g.rows[r][i] = text.Visible(c.Text(row))
		}
	}
	if width := p.streams.Width(); p.streams.OutTTY && width < stackBelow && g.total(g.widths()) > width {
		w := p.sink()
		for _, line := range g.stacked(width) {
			w.line(p, line)
		}
		return w.flush()
	}
	if p.streams.OutTTY {
		hidden := g.fit(p.streams.Width(), len(p.fields) > 0)
		if len(hidden) > 0 {
			NewStatus(p.streams).Note("columns not shown in this width: %s", strings.Join(hidden, ", "))
		}
	}
	rendered, err := g.render()
	if err != nil {
		return err
	}
	w := p.sink()
	for line := range strings.Lines(rendered) {
		w.line(p, strings.TrimRight(line, " \n"))
	}
	return w.flush()
}

// render lays the grid out with the table library. Cells are sanitised and sized already, so that everything in
// it that rewrites text is switched off.
func (g *grid) render() (string, error) {
	var b bytes.Buffer
	none := tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone}}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: gap, Overwrite: true}},
	}
	table := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(none)),
		tablewriter.WithRendition(none),
		tablewriter.WithHeaderConfig(cell), tablewriter.WithRowConfig(cell),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
	)
	table.Header(g.headers)
	if err := table.Bulk(g.rows); err != nil {
		return "", fmt.Errorf("filling the table: %w", err)
	}
	if err := table.Render(); err != nil {
		return "", fmt.Errorf("laying out the table: %w", err)
	}
	return b.String(), nil
}

// tableLines prints very long lists as tab-separated lines with the headings first.
func tableLines[T any](p *Printer, cols []Column[T], rows []T) error {
	w := p.sink()
	cells := make([]string, len(cols))
	for i, c := range cols {
		cells[i] = text.Visible(c.heading())
	}
	w.line(p, strings.Join(cells, "\t"))
	for _, row := range rows {
		for i, c := range cols {
			cells[i] = text.Visible(c.Text(row))
		}
		w.line(p, strings.Join(cells, "\t"))
		if err := w.failed(); err != nil {
			return err
		}
	}
	return w.flush()
}
