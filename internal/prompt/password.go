package prompt

import (
	"context"
	"fmt"
	"unicode/utf8"

	"golang.org/x/term"

	"btadmin/internal/text"
)

// Keys of a terminal in raw mode.
const (
	keyInterrupt = 0x03 // Ctrl-C
	keyEOF       = 0x04 // Ctrl-D
	keyBackspace = 0x08
	keyErase     = 0x15 // Ctrl-U
	keyEscape    = 0x1b
	keyDelete    = 0x7f
)

// Password asks for a secret line without showing it; Backspace and Ctrl-U work. The terminal gets its mode back
// however the question ends.
func (p *Prompter) Password(label string) (string, error) {
	ctx, stop, err := p.asking()
	if err != nil {
		return "", err
	}
	defer stop()
	question := text.Visible(label) + ": "
	if p.streams.InFile == nil {
		p.say(question)
		answer, err := p.in.line(ctx)
		return answer, p.left(err)
	}
	fd := int(p.streams.InFile.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("hiding what is typed: %w", err)
	}
	p.say(question) // not before: an answer that is quicker than the mode would be shown
	secret, err := p.hiddenLine(ctx)
	if rerr := term.Restore(fd, before); rerr != nil && err == nil {
		err = fmt.Errorf("showing again what is typed: %w", rerr)
	}
	if err != nil {
		return "", p.left(err)
	}
	p.say("\n")
	return secret, nil
}

// hiddenLine reads one line in raw mode, where the terminal neither echoes nor edits nor sends signals.
func (p *Prompter) hiddenLine(ctx context.Context) (string, error) {
	var line []byte
	for {
		c, err := p.in.next(ctx)
		if err != nil {
			return "", err
		}
		switch c {
		case '\r', '\n':
			p.in.skipLF = c == '\r'
			return string(line), nil
		case keyInterrupt:
			return "", ErrInterrupted
		case keyEOF:
			if len(line) == 0 {
				return "", ErrInterrupted
			}
		case keyBackspace, keyDelete:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case keyErase:
			line = line[:0]
		default:
			if len(line) >= maxAnswer {
				return "", errTooLong
			}
			line = append(line, c)
		}
	}
}
