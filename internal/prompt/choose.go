package prompt

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/terminal"

	"btadmin/internal/text"
)

// pageSize is how many options are on the screen at once.
const pageSize = 12

// Select asks for one of options and returns its index.
func (p *Prompter) Select(label string, options []string) (int, error) {
	ctx, stop, err := p.choosing(options)
	if err != nil {
		return 0, err
	}
	defer stop()
	if p.streams.LineMode() {
		return p.selectNumber(ctx, label, options)
	}
	var index int
	err = p.survey(ctx, &survey.Select{Message: p.shown(label), Options: p.shownAll(options), PageSize: pageSize}, &index)
	if err != nil {
		return 0, err
	}
	return index, nil
}

// MultiSelect asks for any number of options, those in preselected ticked, and returns the indexes in order.
func (p *Prompter) MultiSelect(label string, options []string, preselected []int) ([]int, error) {
	ctx, stop, err := p.choosing(options)
	if err != nil {
		return nil, err
	}
	defer stop()
	if p.streams.LineMode() {
		return p.selectNumbers(ctx, label, options, preselected)
	}
	indexes := []int{}
	question := &survey.MultiSelect{Message: p.shown(label), Options: p.shownAll(options), PageSize: pageSize, Default: preselected}
	if err := p.survey(ctx, question, &indexes); err != nil {
		return nil, err
	}
	slices.Sort(indexes)
	return indexes, nil
}

// choosing is asking for a question with options. It comes before the library is touched: on a pipe its
// MultiSelect succeeds with nothing selected.
func (p *Prompter) choosing(options []string) (context.Context, func(), error) {
	if len(options) == 0 {
		return nil, nil, errNoOptions
	}
	return p.asking()
}

// survey runs a question of the library on standard error.
func (p *Prompter) survey(ctx context.Context, question survey.Prompt, answer any) error {
	in := &keys{in: p.in, ctx: ctx, fd: p.streams.InFile.Fd()}
	out := &screen{w: p.streams.Err, fd: p.streams.ErrFile.Fd(), colour: p.streams.ColorErr}
	err := survey.AskOne(question, answer, survey.WithStdio(in, out, p.streams.Err))
	if errors.Is(err, terminal.InterruptErr) {
		err = ErrInterrupted
	}
	return p.left(err)
}

// shown makes foreign text harmless and short enough for one line, because the library moves the cursor by
// counting lines (B4).
func (p *Prompter) shown(s string) string {
	return text.Trim(text.Visible(s), max(p.streams.Width()-8, 12))
}

func (p *Prompter) shownAll(options []string) []string {
	safe := make([]string, len(options))
	for i, o := range options {
		safe[i] = p.shown(o)
	}
	return safe
}

// screen hands the library's drawing to standard error, without its colours where they are not wanted.
type screen struct {
	w      io.Writer
	fd     uintptr
	colour bool
}

// Fd is the file descriptor that the library asks for the width.
func (s *screen) Fd() uintptr { return s.fd }

// Write implements io.Writer.
func (s *screen) Write(b []byte) (int, error) {
	out := b
	if !s.colour {
		out = withoutColour(b)
	}
	if _, err := s.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// withoutColour removes sequences of the form ESC [ digits and semicolons m.
func withoutColour(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == keyEscape && i+1 < len(b) && b[i+1] == '[' {
			end := i + 2
			for end < len(b) && (b[end] == ';' || b[end] >= '0' && b[end] <= '9') {
				end++
			}
			if end < len(b) && b[end] == 'm' {
				i = end
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
