package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"btadmin/internal/text"
)

// widest is how many columns of a line an excerpt shows.
const widest = 100

// excerpt is the line of a place with a caret under what stands there. Nothing in it can move a cursor.
func excerpt(lines []string, at Pos) string {
	if at.Line() < 1 || at.Line() > len(lines) {
		return ""
	}
	line := []rune(lines[at.Line()-1])
	column := min(max(at.Column(), 1), len(line)+1) - 1
	from, to := window(line, column)
	end := column + span(line[column:])
	number := fmt.Sprintf("%5d | ", at.Line())
	before := shown(line[from:column])
	under := max(text.Width(shown(line[column:min(end, to)])), 1)
	return number + strings.TrimRight(shown(line[from:to]), " ") +
		"\n" + strings.Repeat(" ", len(number)-2) + "| " + strings.Repeat(" ", text.Width(before)) + strings.Repeat("^", under)
}

// window is the part of a long line around a column.
func window(line []rune, column int) (from, to int) {
	if len(line) > widest {
		from = max(0, column-widest/2)
	}
	return from, min(len(line), from+widest)
}

// span is the length of the word or the quoted text at the start of line.
func span(line []rune) int {
	if len(line) > 0 && (line[0] == '"' || line[0] == '\'') {
		for i := 1; i < len(line); i++ {
			if line[i] == line[0] {
				return i + 1
			}
		}
	}
	for i, r := range line {
		if strings.ContainsRune(" \t,[]{}#", r) || r == ':' && (i+1 == len(line) || line[i+1] == ' ') {
			return max(i, 1)
		}
	}
	return max(len(line), 1)
}

// shown makes a piece of a line harmless. A key that lies in the document must not appear in a log.
func shown(piece []rune) string {
	return text.Visible(strings.ReplaceAll(string(piece), "\t", " "))
}

// splitLines cuts text at line ends of all systems.
func splitLines(data string) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(data, bom)), "\n")
}

const bom = "\uFEFF"

// place is the position of a byte.
func place(file, data string, offset int) Pos {
	before := data[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return At(file, strings.Count(before, "\n")+1, utf8.RuneCountInString(before[start:])+1)
}
