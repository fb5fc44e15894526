package output

import (
	"io"
	"strings"
)

// Secret prints a value alone on its line and exactly, for the one moment when a token is shown (A10). In GitHub
// Actions the log is told first to mask it; when that cannot be said, the value is not shown.
func Secret(p *Printer, value string) error {
	if p.streams.GitHubActions {
		if _, err := io.WriteString(p.streams.Err, "::add-mask::"+commandData(value)+"\n"); err != nil {
			return classify(err)
		}
	}
	w := p.sink()
	w.str(value)
	w.str("\n")
	return w.flush()
}

// commandData escapes the data of a workflow command as the runner decodes it.
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}
