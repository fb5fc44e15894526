package prompt_test

import (
	"errors"
	"testing"

	"btadmin/internal/iostreams"
	"btadmin/internal/prompt"
)

// everyQuestion is each kind of question once.
func everyQuestion() map[string]func(*prompt.Prompter) error {
	return map[string]func(*prompt.Prompter) error{
		"Confirm":     func(p *prompt.Prompter) error { _, err := p.Confirm("?", true); return err },
		"Input":       func(p *prompt.Prompter) error { _, err := p.Input("?", "default", nil); return err },
		"TypeName":    func(p *prompt.Prompter) error { _, err := p.TypeName("?", "QA"); return err },
		"Password":    func(p *prompt.Prompter) error { _, err := p.Password("?"); return err },
		"Select":      func(p *prompt.Prompter) error { _, err := p.Select("?", []string{"a"}); return err },
		"MultiSelect": func(p *prompt.Prompter) error { _, err := p.MultiSelect("?", []string{"a"}, []int{0}); return err },
	}
}

// TestCannotPrompt: without a terminal, or with --no-input, nothing is asked, nothing is read, and no default is
// taken for an answer.
func TestCannotPrompt(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*iostreams.Streams){
		"no terminal":     func(*iostreams.Streams) {},
		"piped input":     func(s *iostreams.Streams) { s.ErrTTY, s.OutTTY = true, true },
		"piped errors":    func(s *iostreams.Streams) { s.InTTY, s.OutTTY = true, true },
		"--no-input":      func(s *iostreams.Streams) { s.InTTY, s.ErrTTY, s.NoInput = true, true, true },
		"dumb, no input":  func(s *iostreams.Streams) { s.InTTY, s.ErrTTY, s.Dumb, s.NoInput = true, true, true, true },
		"accessible, not": func(s *iostreams.Streams) { s.Accessible, s.InTTY = true, true },
	} {
		for question, ask := range everyQuestion() {
			s, out, errOut := iostreams.Test("y\n1\nQA\n")
			set(s)
			p := prompt.New(s)
			if err := ask(p); !errors.Is(err, prompt.ErrCannotPrompt) || p.CanPrompt() {
				t.Errorf("%s, %s: got %v", name, question, err)
			}
			left := make([]byte, 16)
			if n, _ := s.In.Read(left); string(left[:n]) != "y\n1\nQA\n" || out.Len() > 0 || errOut.Len() > 0 {
				t.Errorf("%s, %s: input %q is left, output is %q, %q", name, question, left[:n], out, errOut)
			}
		}
	}
}

// TestEndOfInputIsNoAnswer: input that ends is never taken for the default.
func TestEndOfInputIsNoAnswer(t *testing.T) {
	t.Parallel()
	for question, ask := range everyQuestion() {
		for _, input := range []string{"", "y", "Q"} {
			s, _, _ := iostreams.Test(input)
			s.InTTY, s.ErrTTY = true, true
			if err := ask(prompt.New(s)); !errors.Is(err, prompt.ErrInterrupted) {
				t.Errorf("%s with %q: got %v", question, input, err)
			}
		}
	}
}

func TestNothingToChooseFrom(t *testing.T) {
	t.Parallel()
	s, _, _ := iostreams.Test("1\n")
	s.InTTY, s.ErrTTY = true, true
	p := prompt.New(s)
	if _, err := p.Select("?", nil); err == nil || errors.Is(err, prompt.ErrInterrupted) {
		t.Errorf("got %v", err)
	}
	if _, err := p.MultiSelect("?", nil, nil); err == nil || errors.Is(err, prompt.ErrInterrupted) {
		t.Errorf("got %v", err)
	}
}

// endlessLine is a terminal that never sends the end of a line.
type endlessLine struct{}

func (endlessLine) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestC1EndlessAnswer(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"Confirm", "Input", "TypeName", "Password", "Select"} {
		s, _, _ := iostreams.Test("")
		s.In, s.InTTY, s.ErrTTY = endlessLine{}, true, true
		if err := everyQuestion()[question](prompt.New(s)); err == nil || errors.Is(err, prompt.ErrInterrupted) {
			t.Errorf("%s: got %v", question, err)
		}
	}
}
