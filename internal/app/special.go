package app

import "slices"

// Special tells which of the formats that only this command has was asked for with --output, "" when none was. It is
// called before Printer, which then prints as if no format had been named: the command writes the format itself.
func (a *App) Special(formats ...string) string {
	if format := a.Flags.Output; slices.Contains(formats, format) {
		a.Flags.Output = "tsv" // human, and the same on a terminal and in a pipe
		return format
	}
	return ""
}
