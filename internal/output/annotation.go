package output

import (
	"fmt"
	"strings"

	"btadmin/internal/text"
)

// Annotation is a remark about a place in a file, for the view of a change at GitHub.
type Annotation struct {
	Level        string // error, warning or notice
	File         string
	Line, Column int
	Title        string
	Message      string
}

// Annotations prints workflow commands of GitHub Actions, which shows them beside the lines they are about. What
// comes from elsewhere is escaped, so that it cannot begin a command of its own (B6).
func Annotations(p *Printer, list []Annotation) error {
	w := p.sink()
	for _, a := range list {
		properties := []string{"file=" + property(a.File)}
		if a.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", a.Line), fmt.Sprintf("col=%d", a.Column))
		}
		if a.Title != "" {
			properties = append(properties, "title="+property(a.Title))
		}
		w.str("::" + a.Level + " " + strings.Join(properties, ",") + "::" + data(a.Message) + "\n")
	}
	return w.flush()
}

// data escapes the message of a workflow command.
func data(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = text.Visible(line)
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(lines, "\n"), "%", "%25"), "\n", "%0A")
}

// property escapes the value of a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(text.Visible(s))
}
