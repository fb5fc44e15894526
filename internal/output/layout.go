package output

import (
	"slices"

	"btadmin/internal/text"
)

// readable is the width below which a column says too little to be kept.
const readable = 10

// grid is a table before it is laid out: visible text only.
type grid struct {
	headers []string
	wide    []bool // may be left out first
	rows    [][]string
}

// fit makes the grid at most width columns wide: it drops wide columns from the right, then cuts the widest cells,
// and if every column would become unreadable it drops columns from the right, never the first. With keep,
// columns are only cut. It returns the headings of what it dropped.
func (g *grid) fit(width int, keep bool) []string {
	var hidden []string
	for !keep && g.total(g.widths()) > width {
		i := lastTrue(g.wide)
		if i <= 0 {
			break
		}
		hidden = append(hidden, g.headers[i])
		g.drop(i)
	}
	for {
		widths := g.widths()
		if g.total(widths) <= width {
			break
		}
		limits := shrink(widths, width-len(gap)*(len(widths)-1), readable)
		if limits == nil && !keep && len(widths) > 1 {
			hidden = append(hidden, g.headers[len(widths)-1])
			g.drop(len(widths) - 1)
			continue
		}
		if limits == nil {
			limits = shrink(widths, max(width-len(gap)*(len(widths)-1), len(widths)), 1)
		}
		g.cut(limits)
		break
	}
	slices.Reverse(hidden)
	return hidden
}

// widths are the natural widths of the columns.
func (g *grid) widths() []int {
	widths := make([]int, len(g.headers))
	for i, h := range g.headers {
		widths[i] = text.Width(h)
	}
	for _, row := range g.rows {
		for i, cell := range row {
			if len(cell) > widths[i] { // a cheap test first: no character is wider than its bytes
				widths[i] = max(widths[i], text.Width(cell))
			}
		}
	}
	return widths
}

func (g *grid) total(widths []int) int {
	total := len(gap) * max(len(widths)-1, 0)
	for _, w := range widths {
		total += w
	}
	return total
}

func (g *grid) drop(i int) {
	g.headers = slices.Delete(g.headers, i, i+1)
	g.wide = slices.Delete(g.wide, i, i+1)
	for r := range g.rows {
		g.rows[r] = slices.Delete(g.rows[r], i, i+1)
	}
}

func (g *grid) cut(limits []int) {
	for i, limit := range limits {
		g.headers[i] = text.Trim(g.headers[i], limit)
		for r := range g.rows {
			g.rows[r][i] = text.Trim(g.rows[r][i], limit)
		}
	}
}

// shrink lowers the widest columns to one common limit so that all fit into room; nil when that limit would be
// below least.
func shrink(widths []int, room, least int) []int {
	for limit := slices.Max(widths); limit >= least; limit-- {
		limits := make([]int, len(widths))
		sum := 0
		for i, w := range widths {
			limits[i] = min(w, limit)
			sum += limits[i]
		}
		if sum <= room {
			return limits
		}
	}
	return nil
}

func lastTrue(flags []bool) int {
	for i := len(flags) - 1; i >= 0; i-- {
		if flags[i] {
			return i
		}
	}
	return -1
}
