package output

import (
	"io"
	"strings"

	"btadmin/internal/text"
)

// Changes prints text in which lines may begin, behind their indentation, with the sign of a change: "+ " for what
// comes, "- " for what goes, "~ " for what becomes something else. It is a Document; on a terminal a long line goes on
// under its beginning, and where colour is allowed signs and headings have one. Without both it is the same text.
func Changes(p *Printer, document string) error {
	w := p.sink()
	w.str(signed{fold: p.streams.OutTTY, colour: p.streams.ColorOut, ci: p.streams.CI, width: p.streams.Width}.write(document))
	return w.flush()
}

// Changes writes such text to standard error, whatever --quiet says.
func (st *Status) Changes(document string) {
	s := st.streams
	document = text.VisibleLines(document)
	written := signed{fold: s.ErrTTY, colour: s.ColorErr, ci: s.CI, width: s.Width}.write(document)
	st.mu.Lock()
	defer st.mu.Unlock()
	// Nobody is left to be told when standard error cannot be written.
	_, _ = io.WriteString(s.Err, written)
}

// signed is how text with signs is written to one stream.
type signed struct {
	fold, colour, ci bool
	width            func() int
}

func (s signed) write(document string) string {
	if document == "" {
		return ""
	}
	if s.fold || s.colour {
		document = text.VisibleLines(document)
	}
	lines := strings.Split(strings.TrimSuffix(document, "\n"), "\n")
	var b strings.Builder
	b.Grow(len(document) + len(document)/8)
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		style := ""
		switch rest := line[indent:]; {
		case strings.HasPrefix(rest, "+ "):
			style = "32"
		case strings.HasPrefix(rest, "- "):
			style = "31"
		case strings.HasPrefix(rest, "~ "):
			style = "33"
		case indent == 0 && rest != "" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], " "):
			style = "1" // the heading of what follows
		}
		for _, part := range s.parts(line, indent) {
			b.WriteString(s.styled(part, style) + "\n")
		}
	}
	return b.String()
}

// parts are the lines of a terminal that one line takes. What goes on stands under the text behind a sign.
func (s signed) parts(line string, indent int) []string {
	if !s.fold || text.Width(line) <= s.width() {
		return []string{line}
	}
	begin, rest := line[:indent], line[indent:]
	hang := strings.Repeat(" ", indent)
	if indent > 0 {
		hang += "  "
	}
	parts := text.Wrap(rest, s.width()-len(hang))
	for i := range parts {
		parts[i] = hang + parts[i]
	}
	parts[0] = begin + strings.TrimPrefix(parts[0], hang)
	return parts
}

func (s signed) styled(line, style string) string {
	if s.ci {
		line = text.GuardLines(line)
	}
	if style == "" || !s.colour {
		return line
	}
	return "\x1b[" + style + "m" + line + "\x1b[0m"
}
