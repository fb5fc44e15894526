package prompt

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"btadmin/internal/text"
)

// Confirm asks a yes-or-no question; an empty answer is def.
func (p *Prompter) Confirm(question string, def bool) (bool, error) {
	choice := " [y/N] "
	if def {
		choice = " [Y/n] "
	}
	ctx, stop, err := p.asking()
	if err != nil {
		return false, err
	}
	defer stop()
	for {
		answer, err := p.ask(ctx, text.Visible(question)+choice)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "":
			return def, nil
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
		p.say("answer y or n\n")
	}
}

// Input asks for one line; an empty answer is def. validate may be nil; its error is shown and the question repeated.
func (p *Prompter) Input(label, def string, validate func(string) error) (string, error) {
	ctx, stop, err := p.asking()
	if err != nil {
		return "", err
	}
	defer stop()
	shown := text.Visible(label)
	if def != "" {
		shown += " [" + text.Visible(def) + "]"
	}
	for {
		answer, err := p.ask(ctx, shown+": ")
		if err != nil {
			return "", err
		}
		answer = strings.TrimSpace(answer)
		if answer == "" {
			answer = def
		}
		if control(answer) {
			p.say("that has control characters in it\n")
			continue
		}
		if validate != nil {
			if err := validate(answer); err != nil {
				p.say(text.Visible(err.Error()) + "\n")
				continue
			}
		}
		return answer, nil
	}
}

// TypeName asks the person to type want; anything else is a no. Composed and decomposed letters count as the
// same, because a keyboard gives only one of them; a name that no keyboard gives is typed as it is shown.
func (p *Prompter) TypeName(label, want string) (bool, error) {
	ctx, stop, err := p.asking()
	if err != nil {
		return false, err
	}
	defer stop()
	shown := text.Visible(want)
	answer, err := p.ask(ctx, text.Visible(label)+" (type "+shown+"): ")
	if err != nil {
		return false, err
	}
	if answer == "" {
		return false, nil
	}
	return norm.NFC.String(answer) == norm.NFC.String(want) || (shown != want && answer == shown), nil
}

// ask shows a question and reads a line.
func (p *Prompter) ask(ctx context.Context, question string) (string, error) {
	p.say(question)
	answer, err := p.in.line(ctx)
	return answer, p.left(err)
}

func control(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}
