package batch

import (
	"bytes"
	"strings"
)

// readLines reads one value a line. Spaces and tabs around it, blank lines and comments do not count.
func (d *Document) readLines(data []byte, c columns) error {
	line := 0
	for raw := range bytes.Lines(data) {
		line++
		written := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
		value := strings.Trim(written, " \t")
		if value == "" || value[0] == '#' {
			continue
		}
		if err := d.add(Row{Number: line, Line: line, Text: written, Fields: c.bare(value)}, c); err != nil {
			return err
		}
	}
	return nil
}
