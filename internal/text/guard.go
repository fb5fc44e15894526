package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CSVCell neutralises a cell that a spreadsheet would run as a formula (B5): one that starts with =, +, -, @, a
// tab or a carriage return gets a leading apostrophe. Full-width forms of these signs count, because spreadsheets fold them.
func CSVCell(s string) string {
	switch first, _ := utf8.DecodeRuneInString(s); first {
	case '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠':
		return "'" + s
	}
	return s
}

// GuardLines makes sure that no line of s is a workflow command of a CI service (B6). GitHub reads a line whose
// first characters after white space are "::", and "##[" anywhere in a line; Azure Pipelines reads "##vso[" and
// "##[" anywhere. The sign that makes the command is replaced by its visible escape; other text is unchanged.
func GuardLines(s string) string {
	if !strings.Contains(s, "::") && !strings.Contains(s, "##") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for len(s) > 0 {
		end := strings.IndexAny(s, "\r\n")
		if end < 0 {
			end = len(s) - 1
		}
		b.WriteString(guardLine(s[:end+1]))
		s = s[end+1:]
	}
	return b.String()
}

func guardLine(line string) string {
	if body := strings.TrimLeftFunc(line, skipped); strings.HasPrefix(body, "::") {
		line = line[:len(line)-len(body)] + `\u{003A}` + body[1:]
	}
	lower := strings.ToLower(line)
	if !strings.Contains(lower, "##[") && !strings.Contains(lower, "##vso[") {
		return line
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		if command(line[i:]) {
			b.WriteString(`\u{0023}`)
			continue
		}
		b.WriteByte(line[i])
	}
	return b.String()
}

func command(s string) bool {
	return strings.HasPrefix(s, "##[") || (len(s) >= 6 && strings.EqualFold(s[:6], "##vso["))
}

// skipped are the characters that a runner trims before it looks for a command, or that are not drawn.
func skipped(r rune) bool { return unicode.IsSpace(r) || UnsafeRune(r) }
