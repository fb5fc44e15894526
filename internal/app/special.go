package app

import (
	"slices"

	"btadmin/internal/output"
)

// Special tells which of the formats that only this command has was asked for with --output, "" when none was. It is
// called before Printer, which then prints as if no format had been named: the command writes the format itself. Printer
// names them as well where it refuses another one.
func (a *App) Special(formats ...string) string {
	for _, format := range formats {
		a.special = append(a.special, output.Format(format))
	}
	if format := a.Flags.Output; slices.Contains(formats, format) {
		a.Flags.Output = "tsv" // human, and the same on a terminal and in a pipe
		return format
	}
	return ""
}
