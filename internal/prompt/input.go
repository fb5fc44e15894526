package prompt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"btadmin/internal/iostreams"
)

// maxAnswer bounds a line; nobody types more, and an endless stream must not fill the memory.
const maxAnswer = 64 << 10

var errTooLong = errors.New("the answer is too long")

// input reads a terminal so that waiting can be given up: a read that outlives its question stays under way, and
// what it brings goes to the next question.
type input struct {
	r       io.Reader
	chunk   int // bytes a read: one where the rest belongs to somebody else
	pending []byte
	reads   chan read
	reading bool
	skipLF  bool // the last line ended in CR
}

type read struct {
	data []byte
	err  error
}

func newInput(s *iostreams.Streams) *input {
	in := &input{r: s.In, chunk: 1, reads: make(chan read, 1)}
	if s.InFile != nil && s.InTTY {
		in.chunk = 1024 // a terminal gives one line, or what was typed in raw mode
	}
	return in
}

// fill waits until there is more input.
func (in *input) fill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !in.reading {
		in.reading = true
		go func() {
			buf := make([]byte, in.chunk)
			n, err := in.r.Read(buf)
			in.reads <- read{buf[:n], err}
		}()
	}
	select {
	case got := <-in.reads:
		in.reading = false
		in.pending = append(in.pending, got.data...)
		if len(got.data) > 0 {
			return nil
		}
		return got.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fillSoon is fill that gives up after a moment: an escape sequence arrives at once, a lone Escape stays alone.
func (in *input) fillSoon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	_ = in.fill(ctx) // nothing more is an answer too
}

// line returns the next line without its end. Input that ends in the middle of a line is no answer.
func (in *input) line(ctx context.Context) (string, error) {
	for seen := 0; ; {
		if in.skipLF && len(in.pending) > 0 {
			in.skipLF = false
			in.pending = bytes.TrimPrefix(in.pending, []byte("\n"))
		}
		if i := bytes.IndexAny(in.pending[seen:], "\r\n"); i >= 0 {
			i += seen
			line := string(in.pending[:i])
			in.skipLF = in.pending[i] == '\r'
			in.pending = in.pending[i+1:]
			return line, nil
		}
		seen = len(in.pending)
		if seen > maxAnswer {
			return "", errTooLong
		}
		if err := in.fill(ctx); err != nil {
			in.pending = nil
			return "", err
		}
	}
}

// next returns the next byte.
func (in *input) next(ctx context.Context) (byte, error) {
	for len(in.pending) == 0 {
		if err := in.fill(ctx); err != nil {
			return 0, err
		}
	}
	c := in.pending[0]
	in.pending = in.pending[1:]
	return c, nil
}
