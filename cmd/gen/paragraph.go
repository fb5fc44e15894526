package main

import "strings"

// paragraph is a part of a help text. A verbatim one was indented: commands, lists, tables.
type paragraph struct {
	text     string
	verbatim bool
}

// paragraphs takes a help text apart at empty lines and where indentation begins or ends.
func paragraphs(text string) []paragraph {
	var all []paragraph
	var lines []string
	verbatim := false
	flush := func() {
		joined := strings.Trim(strings.Join(lines, "\n"), "\n")
		if joined != "" {
			if verbatim {
				joined = unindent(joined)
			}
			all = append(all, paragraph{text: joined, verbatim: verbatim})
		}
		lines = nil
	}
	source := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range source {
		blank := strings.TrimSpace(line) == ""
		indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case blank && verbatim && i+1 < len(source) && strings.HasPrefix(source[i+1], " "):
			lines = append(lines, "") // one block with a gap
			continue
		case blank:
			flush()
			continue
		case indented != verbatim:
			flush()
			verbatim = indented
		}
		lines = append(lines, strings.TrimRight(line, " \t"))
	}
	flush()
	return all
}

// unindent removes the indentation that all lines share.
func unindent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	shared := -1
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if n := len(line) - len(strings.TrimLeft(line, " \t")); shared < 0 || n < shared {
			shared = n
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line[min(max(shared, 0), len(line)):], " \t")
	}
	return strings.Join(lines, "\n")
}
