package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// ellipsis marks text that was cut; it is one column wide.
const ellipsis = "…"

// Width is the number of terminal columns of s: two for East Asian wide and full-width characters and emoji,
// none for combining marks, one for the rest. It expects text that went through Visible.
func Width(s string) int {
	columns := 0
	for _, r := range s {
		columns += runeWidth(r)
	}
	return columns
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Trim cuts s to at most columns terminal columns; a cut text ends in an ellipsis and never in half a wide character.
func Trim(s string, columns int) string {
	if columns <= 0 {
		return ""
	}
	if len(s) <= columns || Width(s) <= columns {
		return s
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		w := runeWidth(r)
		if used+w > columns-1 {
			break
		}
		b.WriteRune(r)
		used += w
	}
	return strings.TrimRight(b.String(), " ") + ellipsis
}

// Pad adds spaces until s has at least columns terminal columns.
func Pad(s string, columns int) string {
	if missing := columns - Width(s); missing > 0 {
		return s + strings.Repeat(" ", missing)
	}
	return s
}
