package text

import "strings"

// Wrap breaks a line into lines of at most that many terminal columns, between words where it can. Nothing but the
// blanks at the breaks is lost. It expects text that went through Visible.
func Wrap(s string, columns int) []string {
	columns = max(columns, 2) // a wide character must fit
	var lines []string
	line, used := "", 0
	flush := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for word := range strings.SplitSeq(s, " ") {
		if line != "" && used+1+Width(word) > columns {
			flush()
		} else if line != "" { // which has no width when it is a combining mark
			line, used = line+" ", used+1
		}
		for _, r := range word {
			if w := runeWidth(r); used+w > columns {
				flush()
			}
			line, used = line+string(r), used+runeWidth(r)
		}
	}
	if line != "" || len(lines) == 0 {
		flush()
	}
	return lines
}
