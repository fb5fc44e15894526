//go:build unix

package prompt_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/prompt"
)

// lineCase is a dialogue: keys are typed when the text is on the screen.
type lineCase struct {
	name   string
	ask    func(*prompt.Prompter) (any, error)
	script [][2]string // wait for, type
	want   any
	err    error
}

func confirm(def bool) func(*prompt.Prompter) (any, error) {
	return func(p *prompt.Prompter) (any, error) { return p.Confirm("delete \x1b[2JQA?", def) }
}

func lineCases() []lineCase {
	notB := func(s string) error {
		if s == "b" {
			return errors.New("b is \x1b[31mtaken")
		}
		return nil
	}
	input := func(def string) func(*prompt.Prompter) (any, error) {
		return func(p *prompt.Prompter) (any, error) { return p.Input("name\u202E", def, notB) }
	}
	typeName := func(want string) func(*prompt.Prompter) (any, error) {
		return func(p *prompt.Prompter) (any, error) { return p.TypeName("delete the group", want) }
	}
	password := func(p *prompt.Prompter) (any, error) { return p.Password("API key\x07") }
	const question = `delete \x1b[2JQA? [y/N] `
	return []lineCase{
		{"yes", confirm(false), [][2]string{{`delete \x1b[2JQA? [y/N]`, "y\r"}}, true, nil},
		{"no", confirm(true), [][2]string{{"[Y/n]", "NO\r"}}, false, nil},
		{"default no", confirm(false), [][2]string{{"[y/N]", "\r"}}, false, nil},
		{"default yes", confirm(true), [][2]string{{"[Y/n]", "\r"}}, true, nil},
		{"nonsense, then yes", confirm(false), [][2]string{{"[y/N]", "maybe\r"}, {"answer y or n\n" + strings.TrimRight(question, " "), " Yes \r"}}, true, nil},
		{"Ctrl-D is no answer", confirm(true), [][2]string{{"[Y/n]", "\x04"}}, false, prompt.ErrInterrupted},
		{"input", input(""), [][2]string{{`name\u{202E}:`, " Zürich \r"}}, "Zürich", nil},
		{"input default", input("QA"), [][2]string{{"[QA]:", "\r"}}, "QA", nil},
		{"input with an error", input(""), [][2]string{{":", "b\r"}, {`b is \x1b[31mtaken`, "c\r"}}, "c", nil},
		{"input with a control", input(""), [][2]string{{":", "a\x16\x1bb\r"}, {"control characters", "c\r"}}, "c", nil},
		{"input and Ctrl-D", input("QA"), [][2]string{{":", "\x04"}}, "", prompt.ErrInterrupted},
		{"input, half and Ctrl-D twice", input("QA"), [][2]string{{":", "ab\x04\x04"}}, "", prompt.ErrInterrupted},
		{"name", typeName("QA"), [][2]string{{"delete the group (type QA):", "QA\r"}}, true, nil},
		{"name in the wrong case", typeName("QA"), [][2]string{{":", "qa\r"}}, false, nil},
		{"no name", typeName("QA"), [][2]string{{":", "\r"}}, false, nil},
		{"empty name", typeName(""), [][2]string{{":", "\r"}}, false, nil},
		{"name in another form", typeName("Zu\u0308rich"), [][2]string{{":", "Z\u00FCrich\r"}}, true, nil},
		{"name that no keyboard has", typeName("a\u200Bb"), [][2]string{{`(type a\u{200B}b):`, `a\u{200B}b` + "\r"}}, true, nil},
		{"password", password, [][2]string{{`API key\x07:`, "secret\r"}}, "secret", nil},
		{"password edited", password, [][2]string{{":", "wrong\x15seé\x7fcrey\bt\r"}}, "secret", nil},
		{"password and Ctrl-C", password, [][2]string{{":", "sec\x03"}}, "", prompt.ErrInterrupted},
		{"password and Ctrl-D", password, [][2]string{{":", "\x04"}}, "", prompt.ErrInterrupted},
		{"password, Ctrl-D inside", password, [][2]string{{":", "se\x04cret\r"}}, "secret", nil},
	}
}

// TestB4LinePrompts runs on a terminal that never answers a query for the cursor: no line prompt may need it.
func TestB4LinePrompts(t *testing.T) {
	t.Parallel()
	for _, tt := range lineCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, true)
			end := asked(prompt.New(s.streams()), tt.ask)
			for _, step := range tt.script {
				s.waitFor(step[0])
				s.typed(step[1])
			}
			got, err := get(s, end)
			if !errors.Is(err, tt.err) || (tt.err == nil && (err != nil || got != tt.want)) {
				t.Errorf("got %v, %v; want %v, %v", got, err, tt.want, tt.err)
			}
			if sent := s.sent(); strings.Contains(sent, "\x1b") || strings.Contains(sent, "\a") || strings.Contains(sent, "secret") {
				t.Errorf("the terminal got %q", sent)
			}
		})
	}
}

// TestTypedAhead: what is typed before a question appears is its answer.
func TestTypedAhead(t *testing.T) {
	t.Parallel()
	s := newScreen(t, true)
	p := prompt.New(s.streams())
	s.typed("y\rname\r")
	yes, err := get(s, asked(p, func(p *prompt.Prompter) (bool, error) { return p.Confirm("go on?", false) }))
	if err != nil || !yes {
		t.Errorf("got %v, %v", yes, err)
	}
	name, err := get(s, asked(p, func(p *prompt.Prompter) (string, error) { return p.Input("name", "", nil) }))
	if err != nil || name != "name" {
		t.Errorf("got %q, %v", name, err)
	}
}

// TestTerminalGone: closing the window while a question waits is an interruption.
func TestTerminalGone(t *testing.T) {
	t.Parallel()
	s := newScreen(t, true)
	end := asked(prompt.New(s.streams()), confirm(true))
	s.waitFor("[Y/n]")
	if err := s.keys.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := get(s, end); !errors.Is(err, prompt.ErrInterrupted) {
		t.Errorf("got %v, %v", got, err)
	}
}
