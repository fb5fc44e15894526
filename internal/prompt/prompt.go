// Package prompt asks questions on standard error and reads the answers from standard input. It is the only
// importer of the prompt library. Confirm, Input, Password and TypeName are plain line prompts, because the
// library's ones wait for ever on a terminal that does not answer cursor queries; Select and MultiSelect use it,
// except on dumb terminals and in accessible mode, where a numbered list is asked for.
package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"btadmin/internal/iostreams"
)

// ErrInterrupted means that the person left the question with Ctrl-C or Ctrl-D, or that the context ended. Exit code 130.
var ErrInterrupted = errors.New("interrupted")

// ErrCannotPrompt means that nobody can be asked: no terminal, or --no-input. The caller names the flag to use instead.
var ErrCannotPrompt = errors.New("cannot ask without a terminal")

// errNoOptions is a mistake of the caller: there is nothing to choose from.
var errNoOptions = errors.New("there is nothing to choose from")

// Prompter asks questions over one set of streams, one at a time. What is typed ahead of a question is its answer.
type Prompter struct {
	streams *iostreams.Streams
	ctx     context.Context
	in      *input
}

// New returns a Prompter.
func New(s *iostreams.Streams) *Prompter {
	return &Prompter{streams: s, ctx: context.Background(), in: newInput(s)}
}

// WithContext returns a Prompter whose questions end with ErrInterrupted when ctx does. It shares the input of p.
func (p *Prompter) WithContext(ctx context.Context) *Prompter {
	return &Prompter{streams: p.streams, ctx: ctx, in: p.in}
}

// CanPrompt reports whether a question may be asked.
func (p *Prompter) CanPrompt() bool { return p.streams.CanPrompt() }

// asking checks that somebody can answer and returns a context that ends with the Prompter's or by a signal. The
// caller must call stop.
func (p *Prompter) asking() (ctx context.Context, stop func(), err error) {
	if !p.CanPrompt() {
		return nil, nil, ErrCannotPrompt
	}
	ctx, stop = signal.NotifyContext(p.ctx, os.Interrupt, syscall.SIGTERM)
	if ctx.Err() != nil {
		stop()
		return nil, nil, ErrInterrupted
	}
	return ctx, stop, nil
}

// left turns the end of the input into ErrInterrupted and moves on to a fresh line.
func (p *Prompter) left(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, ErrInterrupted), errors.Is(err, syscall.EIO),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p.say("\n")
		return ErrInterrupted
	}
	return fmt.Errorf("reading the answer: %w", err)
}

// say writes to standard error. A question that cannot be shown is found out by its answer, so the error is of no use.
func (p *Prompter) say(s string) { _, _ = io.WriteString(p.streams.Err, s) }
