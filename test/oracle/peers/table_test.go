package peers_test

import (
	"fmt"
	"strings"
	"time"
)

// figure is one measurement of one engine; extrapolated ones were not run to the end.
type figure struct {
	took         time.Duration
	bytes        uint64
	extrapolated bool
}

// row is one thing that was measured at one size; an engine that is missing was not asked.
type row struct {
	what, size       string
	ours, cedar, fga figure
	hasCedar, hasFGA bool
}

func (r row) ratio(f figure) string {
	if f.bytes > 0 {
		return fmt.Sprintf("%.1f", float64(f.bytes)/float64(r.ours.bytes))
	}
	return number(float64(f.took) / float64(r.ours.took))
}

// number has two digits that count.
func number(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.1f", x)
	case x < 1000:
		return fmt.Sprintf("%.0f", x)
	}
	digits := fmt.Sprintf("%.0f", x)
	zeros := len(digits) - 2
	digits = digits[:2] + strings.Repeat("0", zeros)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

func (f figure) String() string {
	mark := ""
	if f.extrapolated {
		mark = "~"
	}
	if f.bytes > 0 {
		return fmt.Sprintf("%.1f MB", float64(f.bytes)/(1<<20))
	}
	switch d := f.took; {
	case d < time.Microsecond:
		return fmt.Sprintf("%s%d ns", mark, d)
	case d < time.Millisecond:
		return fmt.Sprintf("%s%.3g us", mark, float64(d)/1e3)
	case d < time.Second:
		return fmt.Sprintf("%s%.3g ms", mark, float64(d)/1e6)
	case d < 2*time.Hour:
		return fmt.Sprintf("%s%.3g s", mark, d.Seconds())
	}
	return fmt.Sprintf("%s%.3g h", mark, f.took.Hours())
}

// table is the rows as Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| | size | btadmin | cedar-go | times | OpenFGA | times |\n|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		cells := []string{r.what, r.size, r.ours.String(), "", "", "", ""}
		if r.hasCedar {
			cells[3], cells[4] = r.cedar.String(), r.ratio(r.cedar)
		}
		if r.hasFGA {
			cells[5], cells[6] = r.fga.String(), r.ratio(r.fga)
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}
