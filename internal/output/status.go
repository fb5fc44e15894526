package output

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

// Status writes what a person wants to know beside the data to standard error, one line each. Arguments of its
// formats are shown by text.Visible, so names need no care. It is safe for concurrent use.
type Status struct {
	streams *iostreams.Streams
	mu      sync.Mutex
}

// NewStatus returns a Status over standard error.
func NewStatus(s *iostreams.Streams) *Status { return &Status{streams: s} }

// Done says that something was done ("Created group %s"). Silent with --quiet.
func (st *Status) Done(format string, args ...any) { st.line(true, "", "", format, args) }

// Note says something that is good to know. Silent with --quiet.
func (st *Status) Note(format string, args ...any) { st.line(true, "note: ", "2", format, args) }

// Hint names a way on, best a command that can be pasted. Silent with --quiet.
func (st *Status) Hint(format string, args ...any) { st.line(true, "hint: ", "36", format, args) }

// Warn says that something deserves attention although work goes on. Shown with --quiet too.
func (st *Status) Warn(format string, args ...any) { st.line(false, "warning: ", "33", format, args) }

// Print writes a line that must be seen whatever --quiet says, such as a plan before its confirmation.
func (st *Status) Print(format string, args ...any) { st.line(false, "", "", format, args) }

func (st *Status) line(optional bool, prefix, colour, format string, args []any) {
	if optional && st.streams.Quiet {
		return
	}
	line := prefix + fmt.Sprintf(format, visibleArgs(args)...)
	if st.streams.CI {
		line = text.GuardLines(line)
	}
	if rest, ok := strings.CutPrefix(line, prefix); ok && prefix != "" && colour != "" && st.streams.ColorErr {
		line = "\x1b[" + colour + "m" + strings.TrimSuffix(prefix, " ") + "\x1b[0m " + rest
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	// Nobody is left to be told when standard error cannot be written.
	_, _ = io.WriteString(st.streams.Err, line+"\n")
}

// visibleArgs wraps every argument that can carry foreign text.
func visibleArgs(args []any) []any {
	safe := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case nil, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
			safe[i] = a
		default:
			safe[i] = visible{v}
		}
	}
	return safe
}

// visible formats its value with the verb and flags of the format, then shows the result as text.Visible does.
type visible struct{ value any }

// Format implements fmt.Formatter.
func (v visible) Format(f fmt.State, verb rune) {
	if s, ok := v.value.(string); ok && verb == 'q' {
		_, _ = io.WriteString(f, `"`+text.Visible(s)+`"`)
		return
	}
	_, _ = io.WriteString(f, text.Visible(fmt.Sprintf(fmt.FormatString(f, verb), v.value)))
}
