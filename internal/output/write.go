package output

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"syscall"

	"btadmin/internal/text"
)

// ErrClosedPipe means that the reader of standard output went away (`| head`). On a read that is the end of the
// work and no failure (B8).
var ErrClosedPipe = errors.New("standard output was closed by its reader")

// WriteError is any other failure to write standard output: a full disk, a closed descriptor (B7).
type WriteError struct{ Err error }

// Error says what failed.
func (e *WriteError) Error() string { return "writing the output: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// sink buffers standard output. Its methods return nothing: the first error sticks and flush reports it.
type sink struct {
	*bufio.Writer
	err error
}

func (p *Printer) sink() *sink {
	return &sink{Writer: bufio.NewWriterSize(p.streams.Out, 64<<10)}
}

func (s *sink) str(text string) {
	if s.err == nil {
		_, s.err = s.WriteString(text)
	}
}

func (s *sink) bytes(b []byte) {
	if s.err == nil {
		_, s.err = s.Write(b)
	}
}

// line writes one line that a person may read: sanitised by the caller, guarded in CI.
func (s *sink) line(p *Printer, line string) {
	if p.streams.CI {
		line = text.GuardLines(line)
	}
	s.str(line)
	s.str("\n")
}

// failed returns the error so far, so that long outputs stop early.
func (s *sink) failed() error { return classify(s.err) }

// flush writes what is buffered and returns the first error, classified.
func (s *sink) flush() error {
	if s.err == nil {
		s.err = s.Flush()
	}
	return classify(s.err)
}

func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe), brokenPipe(err):
		return ErrClosedPipe
	}
	return &WriteError{Err: err}
}

// Lines prints plain lines of data, sanitised, whatever the format is; for text that is the result itself.
func Lines(p *Printer, lines ...string) error {
	w := p.sink()
	for _, l := range lines {
		w.line(p, text.Visible(l))
	}
	return w.flush()
}

// Document prints text of several lines, such as a script, a report or an answer that is no JSON, without touching
// it except for what a terminal (B1) or a CI log (B6) would obey. JSON goes through Value, which can escape
// without changing what it says.
func Document(p *Printer, document string) error {
	w := p.sink()
	if p.streams.OutTTY {
		document = text.VisibleLines(document)
	}
	if p.streams.CI {
		document = text.GuardLines(document)
	}
	w.str(document)
	if !strings.HasSuffix(document, "\n") {
		w.str("\n")
	}
	return w.flush()
}
