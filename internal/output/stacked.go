package output

import (
	"strings"

	"btadmin/internal/text"
)

// stackBelow is the width of a terminal below which rows that do not fit are put one field under the other. Cells cut to
// a few letters cannot be told apart there.
const stackBelow = 60

// stacked lays rows out one field a line: the first alone, the others with their headings under it. Values are wrapped
// and never cut; empty ones are left out.
func (g *grid) stacked(width int) []string {
	var lines []string
	for r, row := range g.rows {
		if r > 0 {
			lines = append(lines, "")
		}
		for i, cell := range row {
			switch label := "  " + g.headers[i] + ": "; {
			case i == 0:
				lines = append(lines, text.Wrap(cell, width)...)
			case cell == "":
			case text.Width(label)+text.Width(cell) <= width:
				lines = append(lines, label+cell)
			default:
				lines = append(lines, text.Trim(strings.TrimRight(label, " "), width))
				for _, part := range text.Wrap(cell, width-4) {
					lines = append(lines, "    "+part)
				}
			}
		}
	}
	return lines
}
